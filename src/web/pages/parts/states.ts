import { html, type Html } from '../../../lib/text/html.ts'
import type { TargetState } from '../../status/status.ts'
import { icon } from './icons.ts'

interface StateWords {
  /** On a target: `down`. */
  readonly word: string
  /** Above those that are in it. */
  readonly heading: string
}

/** Every state, the one that needs somebody first. */
const table: Readonly<Record<TargetState, StateWords>> = {
  down: { word: 'down', heading: 'Down' },
  degraded: { word: 'degraded', heading: 'Degraded: slower than expected' },
  pending: { word: 'pending', heading: 'Pending: no check yet, or none recently' },
  up: { word: 'up', heading: 'Up' },
}

/** In the order of the page. */
export const states = Object.keys(table) as readonly TargetState[]

export function wordOf(state: TargetState): string {
  return table[state].word
}

export function headingOf(state: TargetState): string {
  return table[state].heading
}

/** Shape and word. */
export function stateBadge(state: TargetState): Html {
  return html`<span class="state ${state}">${icon(state)}${wordOf(state)}</span>`
}
