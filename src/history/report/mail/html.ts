import { html, type Html } from '../../../lib/text/html.ts'
import { cut, oneLine, plural } from '../../../lib/text/text.ts'
import { footnote, nothing, title, unfinished, vendorName } from '../as-text.ts'
import type { Report, VendorReport } from '../reported.ts'
import { duration, latency, moment, percent } from '../units.ts'
import { silenceTables } from '../silences.ts'
import type { Chart } from './charts.ts'

/** A vendor with its pictures. */
export interface Illustrated {
  readonly vendor: VendorReport
  readonly charts: readonly (Chart & { readonly cid: string })[]
}

/** Rows of a table; a mail that is too long is cut by those who show it. */
const most = 10
const mostText = 200

// Clients of mail drop style sheets: each element has its own style. Colours of text and background are those of the reader.
const font = 'font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif'
const cell = 'padding:5px 10px 5px 0;border-bottom:1px solid #88888866;text-align:left;vertical-align:top'
// Figures stay in one piece on a phone; names and messages break wherever they must.
const wide = 'overflow-wrap:anywhere'
const narrow = 'white-space:nowrap'
const small = 'font-size:13px;line-height:18px;opacity:0.75'
const good = '#2e9e5b'
const bad = '#d64545'

/** The mail as HTML. Pictures are referred to by `cid:`. */
export function mailHtml(report: Report, vendors: readonly Illustrated[]): string {
  const notes = [unfinished(report) ?? [], nothing(report)].flat()
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${title(report)}</title>
</head>
<body style="margin:0;padding:16px;${font};font-size:15px;line-height:21px;color-scheme:light dark">
<div style="max-width:600px;margin:0 auto">
<h1 style="font-size:21px;line-height:27px;margin:0 0 4px">${heading(report)}</h1>
<p style="${small};margin:0 0 16px">${moment(report.from)} to ${moment(report.to)}, ${report.timeZone}; compared with ${before(report)}</p>
${notes.map((note) => html`<p style="margin:0 0 16px"><strong>${note}</strong></p>\n`)}${overview(report.vendors)}
${vendors.map(section)}
<p style="${small};margin:24px 0 0">${legend} ${footnote}</p>
</div>
</body>
</html>
`.markup
}

const legend =
  'Days are green where the promise was kept, or where nothing failed if nothing is promised; orange at 95 % or more, red below, and grey where nothing was observed.'

function heading({ period }: Report): string {
  return period.includes('/') ? 'Vendor report' : `Vendor report, ${period}`
}

function before({ previousPeriod }: Report): string {
  return previousPeriod.includes('/') ? 'the time of the same length before' : previousPeriod
}

function overview(vendors: readonly VendorReport[]): Html {
  if (vendors.length < 2) return html``
  return table(
    ['vendor', 'availability', 'down', 'incidents'],
    [0],
    vendors.map((one) => [
      oneLine(vendorName(one)),
      verdict(one),
      duration(one.downSeconds),
      `${one.incidents.length}`,
    ]),
  )
}

/** In colour, and with a sign for who does not see it. */
function verdict({ availability, sla }: Pick<VendorReport, 'availability' | 'sla'>): string | Html {
  const text = percent(availability)
  if (availability === undefined || sla === undefined) return text
  const isKept = availability >= sla
  return html`<span style="color:${isKept ? good : bad};font-weight:600">${isKept ? '✓' : '✗'} ${text}</span>`
}

function section({ vendor, charts }: Illustrated): Html {
  const { previous } = vendor
  const facts: (readonly [string, string | Html])[] = [
    ['availability', html`${[isHtml(verdict(vendor))]} (before: ${percent(previous.availability)})`],
    ...(vendor.sla === undefined
      ? []
      : [
          [
            'promised',
            `${percent(vendor.sla)}, so ${duration(vendor.budgetSeconds)} may be down; over that: ${duration(vendor.overBudgetSeconds)}`,
          ] as const,
        ]),
    ['down', duration(vendor.downSeconds)],
    ['latency', `p50 ${latency(vendor.p50)}, p95 ${latency(vendor.p95)} (before: ${latency(previous.p95)})`],
    ['checks', `${vendor.checks}, ${vendor.failures} failed`],
    ...(vendor.calls ? [['calls', `${vendor.calls.calls}, ${vendor.calls.errors} failed`] as const] : []),
    ['mean time to recovery', duration(vendor.mttrSeconds)],
  ]
  return html`<h2 style="font-size:18px;line-height:24px;margin:28px 0 8px">${cut(oneLine(vendorName(vendor)), mostText)}</h2>
<table role="presentation" style="border-collapse:collapse;margin:0 0 12px">
${facts.map(([name, value]) => html`<tr><td style="padding:2px 16px 2px 0;white-space:nowrap;opacity:0.75;vertical-align:top">${name}</td><td style="padding:2px 0">${value}</td></tr>\n`)}</table>
${charts.map(picture)}${targets(vendor)}
${incidents(vendor)}
${commands(vendor)}${silenced(vendor)}
`
}

function isHtml(value: string | Html): Html {
  return typeof value === 'string' ? html`${value}` : value
}

function picture({
  heading: what,
  words,
  cid,
  height,
  ends: [first, last],
}: Illustrated['charts'][number]): Html {
  return html`<p style="margin:12px 0 4px;font-size:14px"><strong>${what}</strong>: ${words}</p>
<img src="cid:${cid}" width="600" height="${height}" alt="${what}: ${words}" style="display:block;width:100%;max-width:600px;height:${height}px;border-bottom:1px solid #88888866">
<table role="presentation" width="600" style="width:100%;max-width:600px;border-collapse:collapse;${small};margin:0 0 12px"><tr><td style="padding:0;text-align:left">${first}</td><td style="padding:0;text-align:right">${last}</td></tr></table>
`
}

function targets({ endpoints }: VendorReport): Html {
  const shown = endpoints.slice(0, most)
  return html`<h3 style="font-size:15px;margin:16px 0 4px">${plural(endpoints.length, 'endpoint')}, the worst first</h3>
${table(
  ['target', 'availability', 'down', 'p95'],
  [0],
  shown.map((one) => [
    cut(oneLine(`${one.target} from ${one.location}`), mostText),
    percent(one.availability),
    duration(one.downSeconds),
    latency(one.p95),
  ]),
)}${more(endpoints.length - shown.length)}`
}

function incidents({ incidents: all }: VendorReport): Html {
  if (all.length === 0) return html`<p style="margin:16px 0 0">No incidents.</p>`
  const shown = [...all].sort((a, b) => b.downSeconds - a.downSeconds).slice(0, most)
  return html`<h3 style="font-size:15px;margin:16px 0 4px">${plural(all.length, 'incident')}, the longest first</h3>
${table(
  ['target', 'began', 'down', 'first failure'],
  [0, 3],
  shown.map((one) => [
    cut(oneLine(`${one.target} from ${one.location}`), mostText),
    began(one),
    duration(one.downSeconds),
    cut(oneLine(`${one.reason}: ${one.message}`), mostText),
  ]),
)}${more(all.length - shown.length)}`
}

function commands({ commands: all = [] }: VendorReport): Html {
  if (all.length === 0) return html``
  return html`<h3 style="font-size:15px;margin:16px 0 4px">Commands that repair</h3>
${table(
  ['command', 'runs', 'exit 0', 'helped'],
  [0],
  all
    .slice(0, most)
    .map(({ command, runs, succeeded, helped, helpedRatio }) => [
      cut(oneLine(command), mostText),
      `${runs}`,
      `${succeeded}`,
      helpedRatio === undefined ? `${helped}` : `${helped} (${(100 * helpedRatio).toFixed(0)} %)`,
    ]),
)}${more(all.length - most)}`
}

/** The newest first: what is silenced now matters most. */
function silenced(vendor: VendorReport): Html {
  const [found] = silenceTables(vendor, (time) => moment(time).slice(0, 16))
  if (!found) return html``
  const shown = found.rows.toReversed().slice(0, most)
  return html`<h3 style="font-size:15px;margin:16px 0 4px">${found.heading}</h3>
${table(
  found.columns,
  [0, 1, 4, 5],
  shown.map((row) => row.map((value) => cut(oneLine(value), mostText))),
)}${more(found.rows.length - shown.length)}`
}

/** Date and time below each other where there is little room. */
function began({ startedAt, inMaintenance, endedAt }: VendorReport['incidents'][number]): Html {
  const remark = `${inMaintenance ? ' in maintenance' : ''}${endedAt ? '' : ' ongoing'}`
  const [date = '', time = ''] = startedAt.toISOString().split(/[T.]/)
  return html`${date}${[html`<br>`]}${time}Z${remark}`
}

function more(count: number): Html {
  return count > 0 ? html`<p style="${small};margin:4px 0 0">and ${count} more</p>` : html``
}

/** @param texts Columns with names and messages. */
function table(
  columns: readonly string[],
  texts: readonly number[],
  rows: readonly (readonly (string | Html)[])[],
): Html {
  const head = `${cell};${narrow};font-size:13px;opacity:0.75;font-weight:normal`
  const styles = columns.map((_, at) => `${cell};${texts.includes(at) ? wide : narrow}`)
  return html`<table style="border-collapse:collapse;width:100%;font-size:14px;line-height:19px">
<tr>${columns.map((name) => html`<th scope="col" style="${head}">${name}</th>`)}</tr>
${rows.map((row) => html`<tr>${row.map((value, at) => html`<td style="${styles[at] ?? cell}">${value}</td>`)}</tr>\n`)}</table>
`
}
