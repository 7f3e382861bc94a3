import { html, type Html } from '../../lib/text/html.ts'
import { dayText, spanText, tookText } from '../shared/as-text.ts'
import type { TracedRoute } from '../status/failing.ts'
import type { Beat, LatencySeries, TargetDetail } from '../status/status.ts'
import { clocks } from './parts/clocks.ts'
import { beatBars } from './parts/beats.ts'
import { dayBars, dayLegend, hasDays } from './parts/days/day-bars.ts'
import { incidentList } from './parts/incident-list.ts'
import { latencyChart } from './parts/chart/latency-chart.ts'
import { locationsTable } from './parts/locations.ts'
import { maintenanceMark } from './parts/maintenance.ts'
import { phaseBar } from './parts/phase-bar.ts'
import { targetFacts } from './parts/target-facts.ts'
import type { ChartRange } from './parts/chart/ranges.ts'
import { objectiveText, percentText } from './parts/ratios.ts'
import { silencedMark } from './parts/silenced.ts'
import { pictureBox } from './picture.ts'
import { stateBadge } from './parts/states.ts'
import { takesTime } from './parts/target-row.ts'
import { ago, lasting, moment } from './parts/times.ts'
import { vendorSays } from './vendor-says.ts'
import { plural } from '../../lib/text/text.ts'

export interface TargetPageOptions {
  readonly target: TargetDetail
  /** Its newest checks. */
  readonly beats: readonly Beat[]
  /** What a job calls; present where the target is one. */
  readonly heartbeatUrl?: string
  /** When a browser showed something that is kept; absent where nothing is. */
  readonly pictureAt?: Date
  readonly series: LatencySeries
  readonly range: ChartRange
  readonly note: Html | ''
  /** What fires of it, and what is silenced. */
  readonly alerts: Html | ''
  /** Whether there is a page that says why its alerts fire or do not. */
  readonly explained: boolean
  readonly now: Date
}

/** All that is known of one target. */
export function targetPage({
  target,
  beats,
  heartbeatUrl,
  pictureAt,
  series,
  range,
  note,
  alerts,
  explained,
  now,
}: TargetPageOptions): Html {
  const { name, instance, kind, days, last, state, incidents } = target
  const history = days.length > 0
  const timed = takesTime(kind)
  return html`<p class="back"><a href="../">All targets</a></p>
<div class="headline"><h1>${name}</h1>${stateBadge(state)}${maintenanceMark(target, now)}${silencedMark(target, now)}</div>
${targetFacts(target, ...(instance === name ? [] : [instance]), `${kind} check`)}
${note}
${state === 'paused' ? pausedNote : target.awaited ? awaitedNote : failure(target)}
${target.route ? routeBox(target.route, now) : ''}
${pictureAt ? pictureBox(name, pictureAt, now) : ''}
${target.vendor ? vendorSays(target.vendor, now) : ''}
${tiles(target, now)}
${alerts}
${explained ? html`<p class="more small"><a href="${encodeURIComponent(name)}/explained">Why it alerts, or does not</a></p>` : ''}
${heartbeatUrl === undefined ? '' : heartbeatCall(heartbeatUrl, target)}
${beats.length === 0 ? '' : lastChecks(beats, target, now)}
${locationsTable(target.locations, now)}
${hasDays(days) ? ninetyDays(target, now) : ''}
${history && timed ? latencyChart({ series, range, now }) : ''}
<div class="pair">
<div>
${last ? lastCheck(target, now) : state === 'paused' ? '' : html`<section class="box"><header><h2>Last check</h2></header><p class="quiet">Not checked yet: the first check is made within ${spanText(target.intervalSeconds)}.</p></section>`}
${clocks(target, now)}
</div>
${expectations(target)}
</div>
${history || incidents.length > 0 ? incidentBox(target, now) : ''}`
}

/** What traceroute says: any router on the way may have chosen its words. */
function routeBox({ at, words, lines }: TracedRoute, now: Date): Html {
  const output = lines.length === 0 ? '' : html`<pre class="small">${lines.join('\n')}</pre>`
  return html`<details class="note"><summary>${words}</summary><p class="small quiet">Traced ${ago(at, now)}, when its checks began to fail.</p>${output}</details>`
}

const pausedNote = html`<p class="note">Paused: the configuration has <code>enabled: false</code> for this target. It is not checked, and none of its alerts fires.</p>`

const awaitedNote = html`<p class="note">Waiting for the first call of the job. Until then, or until it is late, it is neither up nor down.</p>`

function failure({ last, openIncident, shared }: TargetDetail): Html | '' {
  if (!last || last.success) return ''
  const first = openIncident?.firstFailure
  const began =
    first && first.message !== last.message
      ? html`<div class="small quiet">It began with: ${first.message}</div>`
      : ''
  return html`<div class="note bad"><span class="reason">${last.reason ?? ''}</span> ${last.message ?? ''}${began}${shared === undefined ? '' : html`<div class="small quiet">${shared}</div>`}</div>`
}

function tiles(
  { kind, state, since, availability, latency, expectation, last, calls }: TargetDetail,
  now: Date,
): Html {
  const { last24h, last30d, last90d } = availability
  const { maxLatencySeconds: limit } = expectation
  const tile = (term: string, value: Html | string, below: Html | string): Html =>
    html`<div><dt>${term}</dt><dd>${value}</dd><dd>${below}</dd></div>`
  const share = (term: string, ratio: number | null): Html =>
    ratio === null
      ? tile(term, '–', 'nothing was seen')
      : tile(
          term,
          html`<span class="${ratio < expectation.slo ? 'tone-down' : ''}">${percentText(ratio)}</span>`,
          `objective ${objectiveText(expectation.slo)}`,
        )
  const speed = (term: string, seconds: number | undefined): Html | '' =>
    seconds === undefined || !takesTime(kind)
      ? ''
      : tile(
          term,
          html`<span class="${seconds > (limit ?? Infinity) ? 'tone-degraded' : ''}">${tookText(seconds)}</span>`,
          limit === null ? 'any time is accepted' : `expected ${tookText(limit)}`,
        )
  const known = last24h !== null || last30d !== null || last90d !== null
  return html`<dl class="tiles">
${since && state !== 'pending' ? tile(state === 'down' ? 'Down for' : 'Up for', lasting(since, now), last ? html`checked ${ago(last.at, now)}` : '') : ''}
${known ? [share('24 hours', last24h), share('30 days', last30d), share('90 days', last90d)] : ''}
${speed('Median, 24 h', latency.p50Seconds)}
${speed('p95, 24 h', latency.p95Seconds)}
${last && takesTime(kind) ? tile('Last check took', tookText(last.durationSeconds), last.statusCode === undefined ? (last.success ? 'succeeded' : 'failed') : `HTTP ${last.statusCode}`) : ''}
${calls ? tile('Last call of a program', calls.lastCallAt ? ago(calls.lastCallAt, now) : 'none yet', '') : ''}
</dl>`
}

function lastChecks(beats: readonly Beat[], { expectation }: TargetDetail, now: Date): Html {
  const [first, last] = [beats[0], beats.at(-1)]
  const limit = expectation.maxLatencySeconds
  return html`<section class="box" aria-labelledby="checks">
<header><h2 id="checks">Recent checks</h2><span class="small quiet">${plural(beats.length, 'check')}</span></header>
${beatBars(beats, { limit, now, titles: true, tall: true })}
<div class="axis"><span>${first ? moment(first.at, now) : ''}</span><span>${last ? moment(last.at, now) : ''}</span></div>
</section>`
}

function heartbeatCall(url: string, { facts }: TargetDetail): Html {
  const needsToken = facts.some(({ label }) => label === 'token')
  const token = needsToken ? html`-H "Authorization: Bearer $HEARTBEAT_TOKEN" ` : ''
  return html`<section class="box" aria-labelledby="call">
<header><h2 id="call">What the job calls</h2></header>
<pre><code>curl -fsS ${token}${url}</code></pre>
<p class="quiet small">At its end. With <code>/start</code> after the name when it begins, the length of its run is known; <code>/fail</code> or an exit code says that it failed.</p>
</section>`
}

function ninetyDays({ days, expectation }: TargetDetail, now: Date): Html {
  const first = days[0]
  const from = first ? dayText(new Date(`${first.day}T00:00:00Z`), now) : ''
  return html`<section class="box" aria-labelledby="days">
<header><h2 id="days">${plural(days.length, 'day')}</h2>${dayLegend()}</header>
${dayBars(days, { slo: expectation.slo, now, titles: true, tall: true })}
<div class="axis"><span>${from}</span><span>today</span></div>
</section>`
}

function lastCheck({ kind, last, phases, facts: seen, state }: TargetDetail, now: Date): Html {
  if (!last) return html``
  const bar = phases && Object.keys(phases).length > 0 ? phaseBar(phases, last.durationSeconds) : ''
  return html`<section class="box" aria-labelledby="last">
<header><h2 id="last">Last check</h2><span class="small quiet">${ago(last.at, now)}${state === 'pending' || state === 'paused' ? ', none since' : ''}</span></header>
${bar === '' && !takesTime(kind) ? '' : bar === '' ? html`<p>It took ${tookText(last.durationSeconds)}.</p>` : bar}${seen.length === 0 ? '' : html`<dl class="pairs">${seen.map(({ label, value }) => html`<dt>${label}</dt><dd>${value}</dd>`)}</dl>`}
</section>`
}

/** What every target inherits, where it says nothing. */
const pointless: Readonly<Record<string, readonly string[]>> = {
  command: ['certificate_days'],
  domain: ['certificate_days', 'max_latency'],
  heartbeat: ['certificate_days', 'max_latency'],
  icmp: ['certificate_days'],
  udp: ['certificate_days'],
}

function expectations(detail: TargetDetail): Html {
  const { kind, expectations: expected, intervalSeconds, certificate, last } = detail
  // What answered without TLS has none that could expire.
  const withoutTls = last?.success === true && certificate === undefined ? ['certificate_days'] : []
  const hidden = [...(pointless[kind] ?? []), ...withoutTls]
  const rows = Object.entries(expected)
    .filter(([key]) => !hidden.includes(key))
    .map(([key, value]) => html`<dt>${key.replaceAll('_', ' ')}</dt><dd>${shown(value)}</dd>`)
  return html`<section class="box" aria-labelledby="expected">
<header><h2 id="expected">What is expected</h2></header>
<dl class="pairs">${rows}<dt>checked every</dt><dd>${spanText(intervalSeconds)}</dd></dl>
</section>`
}

/** As the configuration has it, on one line. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map(shown).join(', ')
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([key, each]) => `${key}: ${shown(each)}`)
      .join('; ')
  return String(value)
}

function incidentBox({ incidents }: TargetDetail, now: Date): Html {
  return html`<section class="box" aria-labelledby="incidents">
<header><h2 id="incidents">Incidents in the last 90 days</h2></header>
${incidents.length === 0 ? html`<p class="quiet">None.</p>` : incidentList({ incidents, now })}
</section>`
}
