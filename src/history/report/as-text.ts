import type { Latency } from '../../lib/latency-buckets.ts'
import type { CallsMeasured } from './calls.ts'
import type { Measured } from './measure.ts'
import type { CallsReport, IncidentReport, Report, VendorReport } from './reported.ts'
import { silenceTables } from './silences.ts'
import { plural } from '../../lib/text/text.ts'
import { duration, latency, minutes, moment, percent, trend } from './units.ts'
import type { Admissions } from '../vendors/states.ts'
import type { Maintained } from './timeline.ts'

export function vendorName({ vendor }: VendorReport): string {
  return vendor === '' ? '(no vendor)' : vendor
}

/** What is said of a vendor, as pairs of a name and a value. */
export function summary(report: VendorReport): (readonly [name: string, value: string])[] {
  const { previous } = report
  const quantile = (name: keyof Latency): [string, string] => [
    `latency ${name}`,
    `${latency(report[name])} (before: ${latency(previous[name])}, ${trend(report[name], previous[name])})`,
  ]
  return [
    ['availability', `${percent(report.availability)} (before: ${percent(previous.availability)})`],
    ['promised', promised(report)],
    ...(report.sla === undefined
      ? []
      : ([
          ['allowed to be down', minutes(report.budgetSeconds)],
          ['over that', minutes(report.overBudgetSeconds)],
        ] as const)),
    ['down', duration(report.downSeconds)],
    ['in maintenance', maintained(report)],
    ['unobserved', unobserved(report)],
    ['checks', `${report.checks}, ${report.failures} failed`],
    quantile('p50'),
    quantile('p95'),
    quantile('p99'),
    ...(report.calls ? callsSummary(report.calls, report) : []),
    ['mean time to recovery', duration(report.mttrSeconds)],
    ...(report.admissions ? ([['admitted by the vendor', admitted(report.admissions)]] as const) : []),
    ['failures by reason', failuresByReason(report)],
    ['failures by hour', failuresByHour(report)],
  ]
}

/** The two witnesses side by side. */
function callsSummary(calls: CallsReport, checks: Measured): [string, string][] {
  const { previous } = calls
  const beside = (of: string): string => `(before: ${of}; checks: `
  return [
    ['calls', `${calls.calls} (before: ${previous.calls})`],
    [
      'calls failed',
      `${share(calls.errorRatio)} ${beside(share(previous.errorRatio))}${share(failedRatio(checks))})`,
    ],
    ['calls p95', `${latency(calls.p95)} ${beside(latency(previous.p95))}${latency(checks.p95)})`],
  ]
}

/** `12 incidents seen, 5 admitted, median 34m later`. */
function admitted({ seen, admitted: count, medianSeconds }: Admissions): string {
  const late = medianSeconds === undefined ? '' : `, median ${duration(medianSeconds)} later`
  return `${plural(seen, 'incident')} seen, ${count} admitted${late}`
}

function failedRatio(measured: Measured | undefined): number | undefined {
  return measured && measured.checks > 0 ? measured.failures / measured.checks : undefined
}

/** `1.25 %`, never rounded down to nothing. */
function share(ratio: number | undefined): string {
  if (ratio === undefined) return '-'
  return ratio > 0 && ratio < 0.0001 ? '< 0.01 %' : `${(ratio * 100).toFixed(2)} %`
}

/** A table of a vendor's, below its summary. */
export interface Section {
  readonly heading: string
  readonly columns: readonly string[]
  readonly rows: readonly string[][]
}

/** The tables of a vendor, in their order; a table without rows is said to be empty. */
export function sections(report: VendorReport): Section[] {
  const { calls } = report
  return [
    { heading: 'Endpoints, the worst first', columns: endpointColumns, rows: endpointRows(report) },
    ...locationSections(report),
    ...(calls ? [{ heading: 'Calls and checks', columns: callColumns, rows: callRows(calls) }] : []),
    incidentSection(report),
    ...commandSections(report),
    ...silenceTables(report, moment),
  ]
}

const commandColumns = [
  'command',
  'runs',
  'exit 0',
  'helped',
  'did not help',
  'was already fine',
  'share',
] as const

/** Whether what was run to repair has helped. */
function commandSections({ commands = [] }: VendorReport): Section[] {
  if (commands.length === 0) return []
  const rows = commands.map(({ command, runs, succeeded, helped, notHelped, alreadyFine, helpedRatio }) => [
    command,
    ...[runs, succeeded, helped, notHelped, alreadyFine].map(String),
    helpedRatio === undefined ? '-' : `${(100 * helpedRatio).toFixed(0)} %`,
  ])
  return [{ heading: 'Commands that repair', columns: commandColumns, rows }]
}

/** Locations that have a column; of more, the table of endpoints has the rows. */
const mostColumns = 8

/** Availability and median from each location. */
function locationSections({ sideBySide, endpoints }: VendorReport): Section[] {
  if (sideBySide.length === 0) return []
  const names = [...new Set(sideBySide.flatMap(({ locations }) => locations))].sort().slice(0, mostColumns)
  const rows = sideBySide.map(({ target, fastest = '-', slowest = '-' }) => {
    const own = new Map(endpoints.filter((one) => one.target === target).map((one) => [one.location, one]))
    const cells = names.map((name) => {
      const one = own.get(name)
      return one ? `${percent(one.availability)}, ${latency(one.p50)}` : '-'
    })
    return [target, ...cells, fastest, slowest]
  })
  const heading = 'Locations side by side: availability, median'
  return [{ heading, columns: ['target', ...names, 'fastest', 'slowest'], rows }]
}

const callColumns = [
  'target',
  'at',
  'calls',
  'failed',
  'over the limit',
  'p95',
  'checks failed',
  'p95 of checks',
] as const

function callRows({ endpoints }: CallsReport): string[][] {
  const overLimit = ({ calls, overLimit: over }: CallsMeasured): string => share(over / calls)
  return endpoints.map((one) => [
    one.target,
    one.location,
    `${one.calls}`,
    share(one.errorRatio),
    overLimit(one),
    latency(one.p95),
    share(failedRatio(one.checks)),
    latency(one.checks?.p95),
  ])
}

function promised({ sla, slaExcludesMaintenance }: VendorReport): string {
  if (sla === undefined) return 'nothing'
  return `${percent(sla)}${slaExcludesMaintenance ? ', without maintenance' : ''}`
}

/** `3h, of which 40m down`. */
function maintained({ maintenanceSeconds, downInMaintenanceSeconds: down }: Maintained): string {
  if (maintenanceSeconds < 0.5) return 'nothing'
  return `${duration(maintenanceSeconds)}${down < 0.5 ? '' : `, of which ${duration(down)} down`}`
}

function unobserved({ unobservedSeconds, upSeconds, downSeconds }: Measured): string {
  const share = unobservedSeconds / (unobservedSeconds + upSeconds + downSeconds)
  return unobservedSeconds < 0.5
    ? 'nothing'
    : `${duration(unobservedSeconds)} (${(share * 100).toFixed(1)} %)`
}

function failuresByReason(report: VendorReport): string {
  const reasons = Object.entries(report.failuresByReason)
  return reasons.map(([reason, count]) => `${reason} ${count}`).join(', ') || 'none'
}

/** The worst three hours of the day. */
function failuresByHour(report: VendorReport): string {
  const worst = report.failuresByHour
    .map(({ checks, failures }, hour) => ({ hour, checks, failures }))
    .filter(({ failures }) => failures > 0)
    .sort((a, b) => b.failures / b.checks - a.failures / a.checks || a.hour - b.hour)
    .slice(0, 3)
  const clock = (hour: number): string => `${String(hour).padStart(2, '0')}:00`
  return (
    worst
      .map(
        ({ hour, checks, failures }) =>
          `${clock(hour)} ${failures} (${((100 * failures) / checks).toFixed(1)} %)`,
      )
      .join(', ') || 'none'
  )
}

/** What the figures mean, in one place for every format. */
export const footnote =
  'A check counts for the time until the next one, or for one interval if the next is more than two intervals away; all other time is unobserved and counts neither as up nor as down. A vendor’s times are the means of its endpoints. Time in maintenance counts like any other, unless the promise excludes maintenance: then it is left out of availability and of the allowed downtime. Latencies are those of checks that succeeded and of calls that did not fail, within 1 %; calls that do not say how they ended are left out of the failures. A command helped if it succeeded and the first two checks begun after it did, and its share is that of the runs that helped or did not. Times are UTC; hours of the day are in the time zone above.'

export function title({ period, timeZone, from, to }: Report): string {
  // The name of a period that is neither a month nor a week is its ends.
  const name = period.includes('/') ? '' : ` in ${period}`
  return `Vendors${name} (${timeZone}): ${moment(from)} to ${moment(to)}`
}

/** What the report is without; undefined where it has everything. */
export function unfinished({ pendingSince }: Pick<Report, 'pendingSince'>): string | undefined {
  return (
    pendingSince &&
    `Not complete: results since ${moment(pendingSince)} are stored but not added up yet. Make the report again later.`
  )
}

/** What is said where there is no vendor to report on. */
export function nothing(report: Report): string[] {
  return report.vendors.length > 0 || report.pendingSince ? [] : ['Nothing was observed.']
}

const endpointColumns = [
  'target',
  'from',
  'availability',
  'down',
  'over',
  'p95',
  'in maintenance',
  'unobserved',
] as const

function endpointRows({ endpoints }: VendorReport): string[][] {
  return endpoints.map((one) => [
    one.target,
    one.location,
    percent(one.availability),
    duration(one.downSeconds),
    minutes(one.overBudgetSeconds),
    latency(one.p95),
    maintained(one),
    duration(one.unobservedSeconds),
  ])
}

const incidentColumns = ['target', 'from', 'began', 'ended', 'down', 'first failure', 'last failure'] as const

function incidentSection({ incidents, admissions }: VendorReport): Section {
  return {
    heading: 'Incidents',
    columns: admissions ? [...incidentColumns, 'admitted'] : incidentColumns,
    rows: incidents.map((one) => [...incidentRow(one), ...(admissions ? [admission(one)] : [])]),
  }
}

function admission({ admission: known }: IncidentReport): string {
  if (!known) return '-'
  if (known.afterSeconds === undefined) return 'no'
  return known.afterSeconds === 0 ? 'before' : `${duration(known.afterSeconds)} later`
}

function incidentRow(one: IncidentReport): string[] {
  return [
    one.target,
    one.location,
    `${moment(one.startedAt)}${one.inMaintenance ? ' in maintenance' : ''}`,
    `${moment(one.endedAt)}${one.noLongerWatched ? ' no longer watched' : ''}`,
    duration(one.downSeconds),
    `${one.reason}: ${one.message}`,
    `${moment(one.lastFailureAt)} ${one.lastReason}: ${one.lastMessage}`,
  ]
}
