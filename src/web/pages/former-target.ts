import { html, type Html } from '../../lib/text/html.ts'
import type { FormerTarget } from '../status/status.ts'
import { dayBars, dayLegend } from './parts/days/day-bars.ts'
import { incidentList } from './parts/incident-list.ts'
import { percentText } from './parts/ratios.ts'
import { moment } from './parts/times.ts'
import { plural } from '../../lib/text/text.ts'

/** What is stored of a target that was removed from the configuration. */
export function formerTargetPage(target: FormerTarget, note: Html | '', now: Date): Html {
  const { name, noLongerWatchedSince, lastSucceeded, days, availability, incidents } = target
  const { last90d } = availability
  return html`<p class="back"><a href="../">All targets</a></p>
<div class="headline"><h1>${name}</h1></div>
<p class="note">No longer watched since ${moment(noLongerWatchedSince, now)}: that check ${lastSucceeded ? 'succeeded' : 'failed'}. The configuration has no target of this name.</p>
${note}
<section class="box" aria-labelledby="days">
<header><h2 id="days">${plural(days.length, 'day')}${last90d === null ? '' : html`: ${percentText(last90d)}`}</h2>${dayLegend()}</header>
${dayBars(days, { slo: 1, now, titles: true, tall: true })}
</section>
<section class="box" aria-labelledby="incidents">
<header><h2 id="incidents">Incidents in the last 90 days</h2></header>
${incidents.length === 0 ? html`<p class="quiet">None.</p>` : incidentList({ incidents, now })}
</section>`
}
