import type { CallTarget } from '../../../../src/config/target/calls.ts'
import type { Target } from '../../../../src/config/target/target.ts'
import { aCallTarget } from '../../../calls/support/calls.ts'
import { aTarget } from '../../../support/target.ts'
import { evaluation, scrapePhase, type Calls, type Outcome, type Story, type Subject } from './story.ts'

const fine: Outcome = { durationSeconds: 0.125 }
const refused: Outcome = { durationSeconds: 0.0625, reason: 'connect' }

/** From a moment on, until another. */
export type Span = readonly [from: number, until: number]

const within = (at: number, spans: readonly Span[]): boolean =>
  spans.some(([from, until]) => at >= from && at < until)

/** Calls at every scrape of a span. */
export function calls(
  [from, until]: Span,
  each: Omit<Calls, 'at' | 'caller' | 'version'>,
  version = '1',
): Calls[] {
  const made: Calls[] = []
  for (let at = scrapePhase; at < until; at += evaluation)
    if (at >= from) made.push({ at, caller: 'shop', version, ...each })
  return made
}

interface Told {
  readonly name?: string
  readonly target?: Partial<Target> | null
  readonly callTarget?: Partial<CallTarget> | null
  readonly down?: readonly Span[]
  readonly calls?: readonly Calls[]
  readonly edits?: Subject['edits']
}

/** A target that is probed and whose calls are judged, where nothing else is said. */
export function subject(told: Told = {}): Subject {
  const { name = 'pay', target = {}, callTarget = {}, down = [] } = told
  const labels = { vendor: 'v' }
  const first = {
    at: 0,
    ...(target && { target: aTarget({ name, labels, ...target }) }),
    ...(callTarget && {
      callTarget: aCallTarget(name, { host: 'pay' }, { labels, probed: target !== null, ...callTarget }),
    }),
  }
  return {
    name,
    edits: [first, ...(told.edits ?? [])],
    outcome: (at) => (within(at, down) ? refused : fine),
    calls: told.calls ?? [],
  }
}

export function story(name: string, subjects: readonly Subject[], more: Partial<Story> = {}): Story {
  return { name, length: 2400, subjects, pauses: [], jumps: [], ...more }
}
