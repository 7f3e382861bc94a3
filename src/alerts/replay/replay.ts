import type { Target } from '../../config/target/target.ts'
import { failureReasons, type FailureReason } from '../../net/failure.ts'
import { evaluationSeconds } from '../evaluator/due-rules.ts'
import { Evaluator } from '../evaluator/evaluator.ts'
import { targetBudgetBurn } from '../evaluator/rules/target/budget-burn.ts'
import { targetDown } from '../evaluator/rules/target/down.ts'
import { targetErrorRateHigh } from '../evaluator/rules/target/error-rate.ts'
import { targetFlapping } from '../evaluator/rules/target/flapping.ts'
import { targetLatencySpike } from '../evaluator/rules/target/latency-spike.ts'
import { targetSlow } from '../evaluator/rules/target/slow.ts'
import { targetTailSlow } from '../evaluator/rules/target/tail-slow.ts'
import type { Examined } from '../evaluator/examined.ts'
import type { AlertRule } from '../evaluator/rules/rule.ts'
import type { PastCheck } from './past-check.ts'
import { createTold, type Told } from './told.ts'

/** The alerts that checks decide alone, by their outcome and how long they took: a stored check has no certificate. */
export const playedRules: readonly AlertRule[] = [
  targetDown,
  targetErrorRateHigh,
  targetSlow,
  targetTailSlow,
  targetLatencySpike,
  targetFlapping,
  ...targetBudgetBurn,
]

/** The names of the alerts that a replay decides. */
export const playedAlerts: readonly string[] = [
  ...new Set(playedRules.map(({ alertname }) => alertname)),
  'ProberNetworkDown',
]

/** Seconds between two evaluations while no alert fires. */
const quietSeconds = 60

/** What one configuration makes of checks that were made. */
export interface Replay {
  /** Takes the next check. They come in the order in which they ended. */
  readonly observe: (check: PastCheck) => void
  /** Goes on to a moment, in unix seconds. @returns The alerts until then, in the order in which it began. */
  readonly finish: (at: number) => readonly Told[]
  /** What the rules look at of a target at a moment, without deciding anything. Nothing where it was never checked. */
  readonly examine: (name: string, at: number) => Examined | undefined
  /** The ids of the rules whose alerts about a target fire. */
  readonly active: (name: string) => readonly string[]
}

export interface ReplayOptions {
  /** Default: those that a stored check decides alone. */
  readonly rules?: readonly AlertRule[]
  /** Whether everything is decided at every evaluation. Default: where no alert fires, once a minute is enough to know what is sent. */
  readonly exact?: boolean
  /** Called when something was decided, with the moment in unix seconds. */
  readonly decided?: (now: number) => void
}

/**
 * Plays checks that were made at one location through the evaluator as solo has it.
 *
 * @param targets Those of the configuration. The checks of a former name are those of its target; others are not judged.
 */
export function startReplay(
  targets: readonly Target[],
  location: string,
  { rules = playedRules, exact = false, decided = () => undefined }: ReplayOptions = {},
): Replay {
  const evaluator = new Evaluator({
    location,
    lingers: 'again',
    rules: { targets: rules, calls: [], versions: [] },
  })
  const byName = new Map(
    targets.flatMap((target) => [target.name, ...(target.was ?? [])].map((name) => [name, target])),
  )
  const told = createTold(location)
  let nextTick: number | undefined

  /**
   * Everything is decided once per evaluation, at the moments that solo would have if it began on the full minute. While no alert
   * fires, once a minute is enough: an alert begins with a check, or within a minute of one.
   */
  function goTo(now: number): void {
    if (nextTick === undefined) {
      nextTick = Math.ceil(now / evaluationSeconds) * evaluationSeconds
      told.take(evaluator.setTargets({ targets }, now), now)
    }
    for (; nextTick <= now; nextTick += evaluationSeconds) {
      if (!exact && nextTick % quietSeconds !== 0 && !told.goOn) continue
      told.take(evaluator.tick(nextTick), nextTick)
      decided(nextTick)
    }
  }

  return {
    observe({ target: name, at, durationSeconds, failure, seen }) {
      const now = at + durationSeconds
      goTo(now)
      const target = byName.get(name)
      if (!target) return
      const startedAt = new Date(at * 1000)
      const outcome = failure
        ? { success: false, failure: { message: failure.message, reason: reasonOf(failure.reason) } }
        : { success: true }
      const result = { ...seen, startedAt, durationSeconds, ...outcome }
      told.take(evaluator.observe(target, result, at, now), now)
      decided(now)
    },
    finish(at) {
      goTo(at)
      return told.all()
    },
    examine: (name, at) => evaluator.examine(name, at),
    active: (name) => evaluator.active(name),
  }
}

/** A newer version may have stored one that this one does not know. */
function reasonOf(stored: string): FailureReason {
  return failureReasons.find((known) => known === stored) ?? 'internal'
}
