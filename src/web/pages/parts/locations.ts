import { html, type Html } from '../../../lib/text/html.ts'
import { plural } from '../../../lib/text/text.ts'
import { tookText } from '../../shared/as-text.ts'
import type { LocationStatus } from '../../status/location.ts'
import { icon } from './icons.ts'
import { percentText } from './ratios.ts'
import { ago } from './times.ts'

const tones = { up: 'up', down: 'down', silent: 'pending' } as const

const words = { up: 'up', down: 'down', silent: 'not checked any more' } as const

/** Locations that are named in a line; of more, only the number is. */
const named = 3

/** In a line: from which locations a target is down or not checked any more. Empty where there is none. */
export function locationsLine(locations: readonly LocationStatus[] | undefined): string {
  if (!locations || locations.length === 0) return ''
  const { length } = locations
  const [first] = locations
  if (length === 1 && first) return `${words[first.state]} from ${first.location}`
  const all = length === 2 ? 'both locations' : `all ${length} locations`
  const parts = (['down', 'silent'] as const).flatMap((state) => {
    const some = locations.filter((each) => each.state === state).map(({ location }) => location)
    if (some.length === 0) return []
    const from = `${words[state]} from`
    if (some.length === locations.length) return [`${from} ${all}`]
    const which = some.length <= named ? `: ${some.join(', ')}` : ''
    return [`${from} ${some.length} of ${plural(length, 'location')}${which}`]
  })
  return parts.length === 0 ? `up from ${all}` : parts.join('; ')
}

/** All that is known of each location, with the fastest and the slowest of those from which it is up. */
export function locationsTable(locations: readonly LocationStatus[] | undefined, now: Date): Html | '' {
  if (!locations || locations.length === 0) return ''
  const medians = locations.flatMap(({ state, p50Seconds }) =>
    state === 'up' && p50Seconds !== undefined ? [p50Seconds] : [],
  )
  const [fastest, slowest] = [Math.min(...medians), Math.max(...medians)]
  const mark = ({ state, p50Seconds }: LocationStatus): string =>
    state !== 'up' || fastest === slowest
      ? ''
      : p50Seconds === fastest
        ? 'fastest'
        : p50Seconds === slowest
          ? 'slowest'
          : ''
  const row = (each: LocationStatus): Html => html`<tr>
<th scope="row">${each.location}</th>
<td><span class="state ${tones[each.state]}">${icon(tones[each.state])}${each.state}</span></td>
<td>${ago(each.at, now)}</td>
<td class="number">${each.success && each.durationSeconds !== undefined ? tookText(each.durationSeconds) : '–'}</td>
<td class="number">${each.p50Seconds === undefined ? '–' : tookText(each.p50Seconds)} <span class="quiet">${mark(each)}</span></td>
<td class="number">${each.last24h === null ? '–' : percentText(each.last24h)}</td>
</tr>${
    each.success
      ? ''
      : html`
<tr><td colspan="6" class="small"><span class="reason">${each.reason ?? ''}</span> ${each.message ?? ''}</td></tr>`
  }
`
  return html`<section class="box" aria-labelledby="locations">
<header><h2 id="locations">Locations</h2><span class="small quiet">${locationsLine(locations)}</span></header>
<div class="scroll"><table class="places">
<thead><tr><th scope="col">from</th><th scope="col">state</th><th scope="col">checked</th><th scope="col">took</th><th scope="col">median, 24 h</th><th scope="col">24 h</th></tr></thead>
<tbody>
${locations.map(row)}</tbody>
</table></div>
</section>`
}
