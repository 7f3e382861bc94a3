import { html, type Html } from '../../../lib/text/html.ts'
import { tookText } from '../../shared/as-text.ts'
import type { CallsStatus } from '../../status/status.ts'
import { icon } from './icons.ts'
import { labelsOf } from '../query.ts'
import { percentText } from './ratios.ts'
import { toneOf, wordOf } from './states.ts'
import { targetPath } from './target-row.ts'
import { ago, lasting } from './times.ts'

export interface CallsRowOptions {
  readonly target: CallsStatus
  readonly now: Date
  readonly hidden: boolean
}

/** One target in the list that is judged on calls alone. */
export function callsRow({ target, now, hidden }: CallsRowOptions): Html {
  const { name, labels, state } = target
  const pairs = labelsOf(labels)
  const tags =
    pairs.length === 0
      ? ''
      : html` <ul class="labels" aria-label="Labels">${pairs.map((pair) => html`<li>${pair}</li>`)}</ul>`
  return html`<li class="target" data-key="${name}" data-state="${state}" data-text="${callsSearchText(target)}" data-labels="${JSON.stringify(pairs)}"${hidden ? html` hidden` : ''}>
<div class="who">${icon(toneOf(state))}<a href="${targetPath(name)}">${name}</a><div class="small quiet">${matchText(target)}${tags}</div></div>
<div>${counted(target)}</div>
<div>${speed(target)}</div>
<div class="seen">${seen(target, now)}</div>
</li>
`
}

/** What the search looks at, in lower case. */
export function callsSearchText(target: CallsStatus): string {
  const { name, kind, severity, labels } = target
  return [name, kind, severity, matchText(target), ...labelsOf(labels)].join(' ').toLowerCase()
}

/** Which calls are its own: `calls: host ^api\.stripe\.com$, path ^/v1/charges`. */
function matchText({ match }: CallsStatus): string {
  const parts = Object.entries(match).map(([part, regex]) => `${part} ${regex}`)
  return `calls: ${parts.join(', ')}`
}

/** Of the calls that say how they ended, the share that failed; undefined if none of them does. */
export function errorRatio({ recent }: CallsStatus): number | undefined {
  const known = recent.calls - recent.unknown
  return known === 0 ? undefined : recent.errors / known
}

function counted(target: CallsStatus): Html | '' {
  const { recent, expectation } = target
  if (recent.calls === 0) return ''
  const ratio = errorRatio(target)
  const errors =
    ratio === undefined
      ? html`<span>errors not reported</span>`
      : html`<span>errors <b class="number ${ratio > expectation.maxErrorRatio ? 'tone-down' : ''}">${recent.errors}</b> (${shareText(ratio)})</span>`
  return html`<div class="under"><span><b class="number">${recent.calls}</b> ${recent.calls === 1 ? 'call' : 'calls'} in 10 min</span>${errors}</div>`
}

/** Never rounded down to nothing: one error in a million is not 0 %. */
export function shareText(ratio: number): string {
  if (ratio === 0) return '0 %'
  return ratio < 0.001 ? 'below 0.1 %' : percentText(ratio)
}

function speed({ recent, expectation }: CallsStatus): Html {
  const { p95Seconds } = recent
  const { maxLatencySeconds: limit = Infinity } = expectation
  const shown =
    p95Seconds === undefined
      ? html`<span></span>`
      : html`<span>p95 <b class="number ${p95Seconds > limit ? 'tone-degraded' : ''}">${tookText(p95Seconds)}</b></span>`
  return html`<div class="under">${shown}${Number.isFinite(limit) ? html`<span class="number">max ${tookText(limit)}</span>` : ''}</div>`
}

function seen({ state, since, lastCallAt }: CallsStatus, now: Date): Html {
  const word = html`<span class="state ${toneOf(state)}">${wordOf(state)}</span>`
  if (!lastCallAt) return word
  return html`${word} ${since ? html`for ${lasting(since, now)}` : ''} · <span class="quiet">last call ${ago(lastCallAt, now)}</span>`
}
