import { html, type Html } from '../../lib/text/html.ts'
import { matches, type Filter } from '../shared/match.ts'
import type { ElsewhereStatus } from '../status/location.ts'
import type { Beat, CallsStatus, TargetStatus } from '../status/status.ts'
import { callsRow, callsSearchText } from './parts/calls-row.ts'
import { dayLegend, hasDays } from './parts/days/day-bars.ts'
import { elsewhereRow, elsewhereSearchText } from './parts/elsewhere-row.ts'
import { headline } from './parts/headline.ts'
import { icon } from './parts/icons.ts'
import { labelsOf, searchText } from './query.ts'
import { headingOf, states, toneOf, wordOf, type ShownState } from './parts/states.ts'
import { targetRow } from './parts/target-row.ts'
import { unmatchedCalls } from './parts/unmatched-calls.ts'

export interface OverviewOptions {
  readonly targets: readonly TargetStatus[]
  /** Those that are judged on calls alone. */
  readonly calls: readonly CallsStatus[]
  /** Those that only other locations watch. */
  readonly elsewhere: readonly ElsewhereStatus[]
  /** The newest checks of a target. */
  readonly beats: (name: string) => readonly Beat[]
  /** How often what no target has asked for was called, by the names that programs report. */
  readonly unmatched: ReadonlyMap<string, number>
  readonly filter: Filter
  /** What somebody who has just begun does next. */
  readonly steps: Html | ''
  /** What there is to say about the data as a whole. */
  readonly note: Html | ''
  readonly now: Date
}

/** From this many targets on days say nothing each: the page stays small. */
const titlesUpTo = 30

/** More targets than this in a state that needs nobody are folded. */
const foldedFrom = 40

/** Labels that can be chosen. A set with a value per target is what the search is for. */
const maxLabels = 200

/** All targets, those that need somebody first. Those that the filter leaves out are there but hidden, so that a script can show them. */
export function overview({
  targets,
  calls,
  elsewhere,
  beats,
  unmatched,
  filter,
  steps,
  note,
  now,
}: OverviewOptions): Html {
  const all = [...targets, ...calls, ...elsewhere]
  if (all.length === 0)
    return html`<h1>No targets</h1>${note}<p class="note">Nothing is watched yet.</p>${steps}${unmatchedCalls(unmatched)}`
  const shown = new Set(
    all.filter((target) =>
      matches(filter, { ...target, text: textOf(target), labels: labelsOf(target.labels) }),
    ),
  )
  const titles = all.length <= titlesUpTo
  const isFiltered = Object.values(filter).some((value) => value !== '')
  const groups = states.map((state) => {
    const members = all.filter((target) => target.state === state).sort(byName)
    if (members.length === 0) return html``
    const rows = members.map((target) => {
      const hidden = !shown.has(target)
      if (isElsewhere(target)) return elsewhereRow({ target, now, hidden })
      return isOfCalls(target)
        ? callsRow({ target, now, hidden })
        : targetRow({ target, beats: beats(target.name), now, titles, hidden })
    })
    const hidden = members.some((target) => shown.has(target)) ? '' : html` hidden`
    return html`<section class="group ${toneOf(state)}" data-group data-key="group-${state}" aria-label="${headingOf(state)}"${hidden}>
${folded(html`<h2>${headingOf(state)} · ${members.length}</h2>`, html`<ul class="cards">${rows}</ul>`, isCalm(state) && members.length > foldedFrom, isFiltered)}
</section>
`
  })
  return html`${headline(all)}
${note}
${steps}
${filterForm(all, filter)}
${groups}
<p class="note" data-none-found${shown.size > 0 ? html` hidden` : ''}>No target matches. <a href="?" data-set-state="">Show all</a></p>
${unmatchedCalls(unmatched)}
${!targets.some(({ days }) => hasDays(days)) ? '' : html`<div class="more">${dayLegend()}</div>`}`
}

/** States that need nobody: many targets in one of them are folded, so that the page is not endless. */
function isCalm(state: ShownState): boolean {
  return ['up', 'pending', 'paused'].includes(toneOf(state))
}

function folded(heading: Html, content: Html, fold: boolean, open: boolean): Html {
  if (!fold)
    return html`${heading}
${content}`
  return html`<details data-fold${open ? html` open` : ''}><summary>${heading}</summary>
${content}</details>`
}

type Shown = TargetStatus | CallsStatus | ElsewhereStatus

function isOfCalls(target: Shown): target is CallsStatus {
  return 'recent' in target
}

function isElsewhere(target: Shown): target is ElsewhereStatus {
  return target.kind === 'elsewhere'
}

function textOf(target: Shown): string {
  if (isElsewhere(target)) return elsewhereSearchText(target)
  return isOfCalls(target) ? callsSearchText(target) : searchText(target)
}

function byName(a: Shown, b: Shown): number {
  return a.name < b.name ? -1 : 1
}

function countOf(targets: readonly Shown[], state: ShownState): number {
  return targets.filter((target) => target.state === state).length
}

function filterForm(targets: readonly Shown[], { text, state, label }: Filter): Html {
  const labels = [...new Set(targets.flatMap((target) => labelsOf(target.labels)))].sort().slice(0, maxLabels)
  const option = (value: string, name: string, chosen: string): Html =>
    html`<option value="${value}"${value === chosen ? html` selected` : ''}>${name}</option>`
  const stateOptions = states.map((each) => option(each, wordOf(each), state))
  const labelOptions = labels.map((each) => option(each, each, label))
  const chips = states
    .filter((each) => countOf(targets, each) > 0)
    .map((each) => chip(each, `${countOf(targets, each)} ${wordOf(each)}`, icon(toneOf(each)), state))
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
