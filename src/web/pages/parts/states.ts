import { html, type Html } from '../../../lib/text/html.ts'
import type { CallsState, TargetState } from '../../status/status.ts'
import { icon } from './icons.ts'

/** The state of a target, whether it is checked or judged on calls alone. */
export type ShownState = TargetState | CallsState

interface StateWords {
  /** On a target: `down`. */
  readonly word: string
  /** Above those that are in it. */
  readonly heading: string
  /** Whose shape and colour it has. */
  readonly tone: TargetState
}

/** Every state, the one that needs somebody first. */
const table: Readonly<Record<ShownState, StateWords>> = {
  down: { word: 'down', heading: 'Down', tone: 'down' },
  failing: { word: 'failing', heading: 'Failing: more errors in calls than expected', tone: 'down' },
  degraded: { word: 'degraded', heading: 'Degraded: slower than expected', tone: 'degraded' },
  slow: { word: 'slow', heading: 'Slow: calls take longer than expected', tone: 'degraded' },
  silent: { word: 'no calls any more', heading: 'No calls any more', tone: 'degraded' },
  pending: { word: 'pending', heading: 'Pending: no check or call yet, or none recently', tone: 'pending' },
  quiet: { word: 'no recent calls', heading: 'No calls in the last ten minutes', tone: 'pending' },
  unseen: { word: 'no calls yet', heading: 'No calls yet', tone: 'pending' },
  up: { word: 'up', heading: 'Up', tone: 'up' },
  paused: { word: 'paused', heading: 'Paused: not watched for now', tone: 'paused' },
}

/** In the order of the page. */
export const states = Object.keys(table) as readonly ShownState[]

export function wordOf(state: ShownState): string {
  return table[state].word
}

export function headingOf(state: ShownState): string {
  return table[state].heading
}

export function toneOf(state: ShownState): TargetState {
  return table[state].tone
}

/** Shape and word. */
export function stateBadge(state: ShownState): Html {
  const tone = toneOf(state)
  return html`<span class="state ${tone}">${icon(tone)}${wordOf(state)}</span>`
}
