import { html, type Html } from '../../../lib/text/html.ts'
import type { ElsewhereStatus } from '../../status/location.ts'
import { labelsOf } from '../query.ts'
import { icon } from './icons.ts'
import { locationsLine } from './locations.ts'
import { wordOf } from './states.ts'
import { targetPath } from './target-row.ts'
import { ago } from './times.ts'

export interface ElsewhereRowOptions {
  readonly target: ElsewhereStatus
  readonly now: Date
  readonly hidden: boolean
}

/** One target in the list that only other locations watch. */
export function elsewhereRow({ target, now, hidden }: ElsewhereRowOptions): Html {
  const { name, labels, state, locations } = target
  const pairs = labelsOf(labels)
  const tags =
    pairs.length === 0
      ? ''
      : html` <ul class="labels" aria-label="Labels">${pairs.map((pair) => html`<li>${pair}</li>`)}</ul>`
  const newest = locations.reduce<Date | undefined>(
    (last, { at }) => (last && last > at ? last : at),
    undefined,
  )
  const failed = locations.find((each) => each.state === 'down')
  const why = failed
    ? html`<div class="why"><span class="reason">${failed.reason ?? ''}</span> ${failed.message ?? ''}</div>`
    : ''
  return html`<li class="target" data-key="${name}" data-state="${state}" data-text="${elsewhereSearchText(target)}" data-labels="${JSON.stringify(pairs)}"${hidden ? html` hidden` : ''}>
<div class="who">${icon(state)}<a href="${targetPath(name)}">${name}</a><div class="small quiet">watched elsewhere${tags}</div></div>
<div></div>
<div></div>
<div class="seen"><span class="state ${state}">${wordOf(state)}</span>${newest ? html` · <span class="quiet">checked ${ago(newest, now)}</span>` : ''}${why}<div class="small quiet">${locationsLine(locations)}</div></div>
</li>
`
}

/** What the search looks at, in lower case. */
export function elsewhereSearchText({ name, kind, labels, locations }: ElsewhereStatus): string {
  return [name, kind, ...labelsOf(labels), ...locations.map(({ location }) => location)]
    .join(' ')
    .toLowerCase()
}
