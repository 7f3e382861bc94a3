import { html, type Html } from '../../lib/text/html.ts'
import type { PublicTarget } from '../status/public-targets.ts'
import { dayBars, dayLegend } from './parts/day-bars.ts'
import { headline } from './parts/headline.ts'
import { states, stateBadge } from './parts/states.ts'

/** What a public page calls a bad day: what was promised to whom is not for everybody. */
const publicObjective = 0.99

/** From this many targets on days say nothing each: the page stays small. */
const titlesUpTo = 30

/** Names, states and days, and nothing else. */
export function publicPage(targets: readonly PublicTarget[], now: Date): Html {
  const sorted = [...targets].sort((a, b) => states.indexOf(a.state) - states.indexOf(b.state))
  const titles = targets.length <= titlesUpTo
  const rows = sorted.map(
    ({ name, state, days }) => html`<li class="public" data-key="${name}">
<div class="headline"><h2>${name}</h2>${stateBadge(state)}</div>
${days.length === 0 ? '' : dayBars(days, { slo: publicObjective, now, titles })}
</li>
`,
  )
  return html`${headline(targets)}
<ul class="cards group">${rows}</ul>
<div class="more">${dayLegend()}</div>`
}
