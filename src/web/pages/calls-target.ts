import { html, type Html } from '../../lib/text/html.ts'
import { tookText } from '../shared/as-text.ts'
import type { CallsDetail } from '../status/status.ts'
import type { Mark } from '../status/marks.ts'
import { changeList } from './parts/chart/change-list.ts'
import { errorRatio, shareText } from './parts/calls-row.ts'
import { incidentList } from './parts/incident-list.ts'
import { targetFacts } from './parts/target-facts.ts'
import { objectiveText } from './parts/ratios.ts'
import { stateBadge } from './parts/states.ts'
import { ago, lasting } from './parts/times.ts'
import { vendorSays } from './vendor-says.ts'

export interface CallsTargetPageOptions {
  readonly target: CallsDetail
  /** Where calls arrive over UDP. Absent: they do not. */
  readonly callsUrl?: string | undefined
  readonly note: Html | ''
  /** What fires of it, and what is silenced. */
  readonly alerts: Html | ''
  /** What has changed in the last day, the newest first. */
  readonly marks: readonly Mark[]
  readonly now: Date
}

/** All that is known of a target that is judged on calls alone. */
export function callsTargetPage(options: CallsTargetPageOptions): Html {
  const { target, callsUrl, note, alerts, marks, now } = options
  const { name, state, incidents } = target
  return html`<p class="back"><a href="../">All targets</a></p>
<div class="headline"><h1>${name}</h1>${stateBadge(state)}</div>
${targetFacts(target, 'judged on calls')}
${note}
${state === 'paused' ? html`<p class="note">Paused: the configuration has <code>enabled: false</code> for this target. Its calls are counted, and none of its alerts fires.</p>` : ''}
${target.vendor ? vendorSays(target.vendor, now) : ''}
${target.lastCallAt ? tiles(target, now) : noCallsNote(callsUrl)}
${alerts}
${changeList(marks, now)}
<div class="pair">
${matched(target)}
${expected(target)}
</div>
<section class="box" aria-labelledby="incidents">
<header><h2 id="incidents">Incidents since this process started</h2></header>
${incidents.length === 0 ? html`<p class="quiet">None.</p>` : incidentList({ incidents, now })}
</section>`
}

function noCallsNote(callsUrl: string | undefined): Html {
  const where =
    callsUrl === undefined
      ? html`This process receives none over UDP, where clients send them: its log says why.`
      : html`Clients send them to <code>PROBITY_CALLS_ADDRESS</code>, and this process receives them on UDP ${callsUrl.replace('udp://', '')}.`
  return html`<p class="note">No calls yet: none has been reported since this process started. ${where}</p>`
}

/** What stands above how long an alert has fired. */
const alertTiles: Readonly<Partial<Record<CallsDetail['state'], string>>> = {
  failing: 'Failing for',
  slow: 'Slow for',
}

function tiles(target: CallsDetail, now: Date): Html {
  const { recent, lastCallAt, since, state, expectation } = target
  const tile = (term: string, value: Html | string, below: Html | string): Html =>
    html`<div><dt>${term}</dt><dd>${value}</dd><dd>${below}</dd></div>`
  const ratio = errorRatio(target)
  const unknown = recent.unknown === 0 ? '' : `${recent.unknown} without an outcome`
  const { maxLatencySeconds: limit = Infinity } = expectation
  const slow = recent.p95Seconds !== undefined && recent.p95Seconds > limit
  return html`<dl class="tiles">
${since ? tile(alertTiles[state] ?? 'Alert for', lasting(since, now), '') : ''}
${lastCallAt ? tile('Last call', ago(lastCallAt, now), '') : ''}
${tile('Calls, 10 min', String(recent.calls), unknown)}
${
  ratio === undefined
    ? ''
    : tile(
        'Errors, 10 min',
        html`<span class="${ratio > expectation.maxErrorRatio ? 'tone-down' : ''}">${shareText(ratio)}</span>`,
        `${recent.errors}, expected at most ${objectiveText(expectation.maxErrorRatio)}`,
      )
}
${
  recent.p95Seconds === undefined
    ? ''
    : tile(
        'p95 without errors, 10 min',
        html`<span class="${slow ? 'tone-degraded' : ''}">${tookText(recent.p95Seconds)}</span>`,
        Number.isFinite(limit) ? `expected ${tookText(limit)}` : '',
      )
}
</dl>`
}

function matched({ match }: CallsDetail): Html {
  const rows = Object.entries(match).map(([part, regex]) => html`<dt>${part}</dt><dd>${regex}</dd>`)
  return html`<section class="box" aria-labelledby="matched">
<header><h2 id="matched">Which calls belong to it</h2></header>
<dl class="pairs">${rows}</dl>
</section>`
}

function expected({ expectation: { maxLatencySeconds, maxErrorRatio } }: CallsDetail): Html {
  return html`<section class="box" aria-labelledby="expected">
<header><h2 id="expected">What is expected</h2></header>
<dl class="pairs"><dt>max latency</dt><dd>${maxLatencySeconds === undefined ? 'off' : `${tookText(maxLatencySeconds)} for 95% of the calls`}</dd><dt>max error rate</dt><dd>${objectiveText(maxErrorRatio)}</dd></dl>
</section>`
}
