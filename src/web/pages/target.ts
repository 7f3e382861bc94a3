import { html, type Html } from '../../lib/text/html.ts'
import { dayText, spanText, tookText } from '../shared/as-text.ts'
import type { LatencySeries, TargetDetail } from '../status/status.ts'
import { clocks } from './parts/clocks.ts'
import { dayBars, dayLegend } from './parts/day-bars.ts'
import { incidentList } from './parts/incident-list.ts'
import { latencyChart } from './parts/latency-chart.ts'
import { maintenanceMark } from './parts/maintenance.ts'
import { phaseBar } from './parts/phase-bar.ts'
import { targetFacts } from './parts/target-facts.ts'
import type { ChartRange } from './parts/ranges.ts'
import { objectiveText, percentText } from './parts/ratios.ts'
import { stateBadge } from './parts/states.ts'
import { ago, lasting } from './parts/times.ts'
import { plural } from '../../lib/text/text.ts'

export interface TargetPageOptions {
  readonly target: TargetDetail
  readonly series: LatencySeries
  readonly range: ChartRange
  readonly note: Html | ''
  readonly now: Date
}

/** All that is known of one target. */
export function targetPage({ target, series, range, note, now }: TargetPageOptions): Html {
  const { name, instance, kind, days, last, state, incidents } = target
  const history = days.length > 0
  return html`<p class="back"><a href="../">All targets</a></p>
<div class="headline"><h1>${name}</h1>${stateBadge(state)}${maintenanceMark(target, now)}</div>
${targetFacts(target, ...(instance === name ? [] : [instance]), `${kind} check`)}
${note}
${failure(target)}
${tiles(target, now)}
${history ? ninetyDays(target, now) : ''}
${history ? latencyChart({ series, range, now }) : ''}
<div class="pair">
<div>
${last ? lastCheck(target, now) : html`<section class="box"><header><h2>Last check</h2></header><p class="quiet">Not checked yet: the first check is made within ${spanText(target.intervalSeconds)}.</p></section>`}
${clocks(target, now)}
</div>
${expectations(target)}
</div>
${history || incidents.length > 0 ? incidentBox(target, now) : ''}`
}

function failure({ last, openIncident }: TargetDetail): Html | '' {
  if (!last || last.success) return ''
  const first = openIncident?.firstFailure
  const began =
    first && first.message !== last.message
      ? html`<div class="small quiet">It began with: ${first.message}</div>`
      : ''
  return html`<div class="note bad"><span class="reason">${last.reason ?? ''}</span> ${last.message ?? ''}${began}</div>`
}

function tiles({ state, since, availability, latency, expectation, last }: TargetDetail, now: Date): Html {
  const { last24h, last30d, last90d } = availability
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
    seconds === undefined
      ? ''
      : tile(
          term,
          html`<span class="${seconds > expectation.maxLatencySeconds ? 'tone-degraded' : ''}">${tookText(seconds)}</span>`,
          `expected ${tookText(expectation.maxLatencySeconds)}`,
        )
  const known = last24h !== null || last30d !== null || last90d !== null
  return html`<dl class="tiles">
${since && state !== 'pending' ? tile(state === 'down' ? 'Down for' : 'Up for', lasting(since, now), last ? html`checked ${ago(last.at, now)}` : '') : ''}
${known ? [share('24 hours', last24h), share('30 days', last30d), share('90 days', last90d)] : ''}
${speed('Median, 24 h', latency.p50Seconds)}
${speed('p95, 24 h', latency.p95Seconds)}
${last ? tile('Last check took', tookText(last.durationSeconds), last.statusCode === undefined ? (last.success ? 'succeeded' : 'failed') : `HTTP ${last.statusCode}`) : ''}
</dl>`
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

function lastCheck({ last, phases, facts: seen, state }: TargetDetail, now: Date): Html {
  if (!last) return html``
  const bar = phases && Object.keys(phases).length > 0 ? phaseBar(phases, last.durationSeconds) : ''
  return html`<section class="box" aria-labelledby="last">
<header><h2 id="last">Last check</h2><span class="small quiet">${ago(last.at, now)}${state === 'pending' ? ', none since' : ''}</span></header>
${bar === '' ? html`<p>It took ${tookText(last.durationSeconds)}.</p>` : bar}${seen.length === 0 ? '' : html`<dl class="pairs">${seen.map(({ label, value }) => html`<dt>${label}</dt><dd>${value}</dd>`)}</dl>`}
</section>`
}

function expectations({ expectations: expected, intervalSeconds }: TargetDetail): Html {
  const rows = Object.entries(expected).map(
    ([key, value]) => html`<dt>${key.replaceAll('_', ' ')}</dt><dd>${shown(value)}</dd>`,
  )
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
