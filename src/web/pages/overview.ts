import { html, type Html } from '../../lib/text/html.ts'
import { matches, type Filter } from '../shared/match.ts'
import type { TargetState, TargetStatus } from '../status/status.ts'
import { dayLegend } from './parts/day-bars.ts'
import { headline } from './parts/headline.ts'
import { icon } from './parts/icons.ts'
import { labelsOf, searchText } from './query.ts'
import { headingOf, states, wordOf } from './parts/states.ts'
import { targetRow } from './parts/target-row.ts'

export interface OverviewOptions {
  readonly targets: readonly TargetStatus[]
  readonly filter: Filter
  /** What there is to say about the data as a whole. */
  readonly note: Html | ''
  readonly now: Date
}

/** From this many targets on days say nothing each: the page stays small. */
const titlesUpTo = 30

/** Labels that can be chosen. A set with a value per target is what the search is for. */
const maxLabels = 200

/** All targets, those that need somebody first. Those that the filter leaves out are there but hidden, so that a script can show them. */
export function overview({ targets, filter, note, now }: OverviewOptions): Html {
  if (targets.length === 0)
    return html`<h1>No targets</h1>${note}<p class="note">Nothing is watched yet. Add a target to the configuration: it appears here without a restart.</p>`
  const shown = new Set(
    targets.filter((target) =>
      matches(filter, { ...target, text: searchText(target), labels: labelsOf(target.labels) }),
    ),
  )
  const titles = targets.length <= titlesUpTo
  const groups = states.map((state) => {
    const members = targets.filter((target) => target.state === state).sort(byName)
    if (members.length === 0) return html``
    const rows = members.map((target) => targetRow({ target, now, titles, hidden: !shown.has(target) }))
    const hidden = members.some((target) => shown.has(target)) ? '' : html` hidden`
    return html`<section class="group ${state}" data-group data-key="group-${state}" aria-label="${headingOf(state)}"${hidden}>
<h2>${headingOf(state)} · ${members.length}</h2>
<ul class="cards">${rows}</ul>
</section>
`
  })
  return html`${headline(targets)}
${note}
${filterForm(targets, filter)}
${groups}
<p class="note" data-none-found${shown.size > 0 ? html` hidden` : ''}>No target matches. <a href="?" data-set-state="">Show all</a></p>
<div class="more">${dayLegend()}</div>`
}

function byName(a: TargetStatus, b: TargetStatus): number {
  return a.name < b.name ? -1 : 1
}

function countOf(targets: readonly TargetStatus[], state: TargetState): number {
  return targets.filter((target) => target.state === state).length
}

function filterForm(targets: readonly TargetStatus[], { text, state, label }: Filter): Html {
  const labels = [...new Set(targets.flatMap((target) => labelsOf(target.labels)))].sort().slice(0, maxLabels)
  const option = (value: string, name: string, chosen: string): Html =>
    html`<option value="${value}"${value === chosen ? html` selected` : ''}>${name}</option>`
  const stateOptions = states.map((each) => option(each, wordOf(each), state))
  const labelOptions = labels.map((each) => option(each, each, label))
  const chips = states
    .filter((each) => countOf(targets, each) > 0)
    .map((each) => chip(each, `${countOf(targets, each)} ${wordOf(each)}`, icon(each), state))
  return html`<div class="filter">
<form class="fields" data-filter data-kept role="search" method="get" action="?">
<input type="search" name="q" value="${text}" placeholder="Search" aria-label="Search targets (press /)" maxlength="200" autocomplete="off">
<select name="state" aria-label="State">${option('', 'Any state', state)}${stateOptions}</select>
${labels.length === 0 ? '' : html`<select name="label" aria-label="Label">${option('', 'Any label', label)}${labelOptions}</select>`}
<button data-without-script>Filter</button>
</form>
<div class="counts">${chip('', `All ${targets.length}`, html``, state)}${chips}</div>
</div>`
}

function chip(state: string, words: string, shape: Html, chosen: string): Html {
  const current = state === chosen ? html` aria-current="true"` : ''
  return html`<a href="${state === '' ? '?' : `?state=${state}`}" data-set-state="${state}"${current}>${shape}${words}</a>`
}
