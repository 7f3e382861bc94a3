import type { Health } from '../../alerts/evaluator/watched-target.ts'
import type { Target } from '../../config/target/target.ts'
import type { Logger } from '../../lib/logger.ts'
import { redact } from '../../lib/text/redact.ts'
import { formatDuration } from '../../settings/values/duration.ts'
import { cut, oneLine } from '../../lib/text/text.ts'
import type { ProbeResult } from '../../checks/result.ts'

/** What a person is shown of a target: slowness alone is not a change. */
export type ShownState = 'up' | 'pending' | 'failing' | 'down'

/** Reports what changes. */
export interface StateReporter {
  /** To be called after each check. */
  readonly checked: (target: Target, result: ProbeResult, health: Health) => void
}

/** What the newest check came to, in a word. */
export function shownState(result: ProbeResult, health: Health): ShownState {
  if (result.success) return awaited(result) ? 'pending' : 'up'
  return health === 'down' ? 'down' : 'failing'
}

/** A job that has never called, and is not late. */
function awaited({ heartbeat }: ProbeResult): boolean {
  return heartbeat !== undefined && heartbeat.lastSuccess === undefined
}

/** What was seen, on one line, without secrets. */
export function seen(target: Target, result: ProbeResult): string {
  const { failure, heartbeat, durationSeconds } = result
  if (failure) return oneLine(redact(`${failure.reason}: ${failure.message}`, target.secrets))
  if (!heartbeat) return `${Math.round(durationSeconds * 1000)} ms`
  if (heartbeat.lastSuccess === undefined) return 'waiting for the first call'
  const silence = Math.round(result.startedAt.getTime() / 1000 - heartbeat.lastSuccess)
  return `last call ${formatDuration(silence)} ago`
}

/** Reports each change of state once. @param report What is done with it. */
function onChangeOfState(
  report: (target: Target, state: ShownState, result: ProbeResult) => void,
): StateReporter {
  const states = new Map<string, ShownState>()
  return {
    checked(target, result, health) {
      const state = shownState(result, health)
      if (states.get(target.name) === state) return
      states.set(target.name, state)
      report(target, state, result)
    },
  }
}

/** One JSON line per change, for machines. */
export function loggedChanges(log: Logger): StateReporter {
  return onChangeOfState((target, state, result) => {
    log.info({ target: target.name, state, seen: seen(target, result) }, 'state changed')
  })
}

const signs: Readonly<Record<ShownState, string>> = { up: '✓', pending: '·', failing: '!', down: '✗' }

export interface TerminalOptions {
  readonly write: (text: string) => void
  /** Unix milliseconds. */
  readonly now: () => number
}

/** One short line per change, for a person. */
export function printedChanges({ write, now }: TerminalOptions): StateReporter {
  return onChangeOfState((target, state, result) => {
    const what = cut(seen(target, result), 160)
    write(`${timeOfDay(now())}  ${signs[state]} ${state.padEnd(7)}  ${oneLine(target.name)}  ${what}\n`)
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
