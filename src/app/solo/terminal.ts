import type { Health } from '../../alerts/evaluator/watched-target.ts'
import type { Target } from '../../config/target/target.ts'
import type { Logger } from '../../lib/logger.ts'
import { redact } from '../../lib/text/redact.ts'
import { formatDuration } from '../../settings/values/duration.ts'
import { cut, oneLine } from '../../lib/text/text.ts'
import { isAwaited } from '../../checks/heartbeat/result.ts'
import type { ProbeResult } from '../../checks/result.ts'

/** What a person is shown of a target: slowness alone is not a change. `called`: it is judged on calls alone, and they arrive. */
export type ShownState = 'up' | 'called' | 'pending' | 'failing' | 'down'

/** A call of a program. */
interface SeenCall {
  readonly durationSeconds: number
  /** What it failed with; absent where it did not. */
  readonly error?: string
}

/** Reports what changes. */
export interface StateReporter {
  /** To be called after each check. */
  readonly checked: (target: Target, result: ProbeResult, health: Health) => void
  /** To be called with the targets of each configuration that are judged on calls alone. Their alerts say the rest. */
  readonly awaited: (names: readonly string[]) => void
  /** To be called after each call to one of them. */
  readonly called: (name: string, call: SeenCall) => void
}

/** What the newest check came to, in a word. */
export function shownState(result: ProbeResult, health: Health): ShownState {
  if (result.success) return isAwaited(result) ? 'pending' : 'up'
  return health === 'down' ? 'down' : 'failing'
}

const waiting = 'waiting for the first call'

/** What was seen, on one line, without secrets. */
export function seen(target: Target, result: ProbeResult): string {
  const { failure, heartbeat, durationSeconds } = result
  if (failure) return oneLine(redact(`${failure.reason}: ${failure.message}`, target.secrets))
  if (!heartbeat) return `${Math.round(durationSeconds * 1000)} ms`
  if (heartbeat.lastSuccess === undefined) return waiting
  const silence = Math.round(result.startedAt.getTime() / 1000 - heartbeat.lastSuccess)
  return `last call ${formatDuration(silence)} ago`
}

/** Reports each change of state once. @param report What is done with it, and with what was seen. */
function onChangeOfState(report: (name: string, state: ShownState, what: string) => void): StateReporter {
  const states = new Map<string, ShownState>()
  function change(name: string, state: ShownState, what: () => string): void {
    if (states.get(name) === state) return
    states.set(name, state)
    report(name, state, what())
  }
  return {
    checked(target, result, health) {
      change(target.name, shownState(result, health), () => seen(target, result))
    },
    awaited(names) {
      for (const name of names) if (states.get(name) !== 'called') change(name, 'pending', () => waiting)
    },
    called(name, call) {
      change(name, 'called', () => firstCall(call))
    },
  }
}

function firstCall({ durationSeconds, error }: SeenCall): string {
  const took = `${Math.round(durationSeconds * 1000)} ms`
  return error === undefined ? `first call: ${took}` : `first call: failed after ${took}, ${error}`
}

/** One JSON line per change, for machines. */
export function loggedChanges(log: Logger): StateReporter {
  return onChangeOfState((target, state, what) => {
    log.info({ target, state, seen: what }, 'state changed')
  })
}

const signs: Readonly<Record<ShownState, string>> = {
  up: '✓',
  called: '✓',
  pending: '·',
  failing: '!',
  down: '✗',
}

export interface TerminalOptions {
  readonly write: (text: string) => void
  /** Unix milliseconds. */
  readonly now: () => number
}

/** One short line per change, for a person. */
export function printedChanges({ write, now }: TerminalOptions): StateReporter {
  return onChangeOfState((name, state, what) => {
    const line = `${signs[state]} ${state.padEnd(7)}  ${oneLine(name)}  ${cut(oneLine(what), 160)}`
    write(`${timeOfDay(now())}  ${line}\n`)
  })
}

/** Reads the lines of the alerts log and prints what a person needs of them. */
export function printedAlerts({ write, now }: TerminalOptions): { write: (line: string) => void } {
  return {
    write(line) {
      const { status, ended, alertname, target, summary } = JSON.parse(line) as Record<string, string>
      const why = ended === 'paused' ? 'is paused' : 'is no longer watched'
      const how = ended === undefined ? 'is over' : `has ended: the target ${why}`
      const what = status === 'resolved' ? `${alertname ?? ''} of ${target ?? ''} ${how}` : (summary ?? '')
      const word = status === 'resolved' ? 'resolved' : `ALERT ${alertname ?? ''}`
      write(`${timeOfDay(now())}  ${word}: ${cut(oneLine(what), 200)}\n`)
    },
  }
}

/** In the time zone of the machine. */
function timeOfDay(milliseconds: number): string {
  return new Date(milliseconds).toTimeString().slice(0, 8)
}
