import { measured, stated, type Condition } from '../condition.ts'
import type { TargetView } from '../rule.ts'

/** An outage has its own alert, and the second failure in a row may be the beginning of one. */
export function isOutage({ target, now, lastDownAt, failingFor }: TargetView, seconds: number): boolean {
  return lastDownAt > now - seconds || failingFor >= 1.5 * target.interval
}

/** The same for people. */
export function outageConditions(
  { target, now, lastDownAt, failingFor }: TargetView,
  seconds: number,
): Condition[] {
  const down =
    lastDownAt === -Infinity
      ? stated(true, 'it was not found down before', '')
      : {
          ...measured('it was last found down {} ago', now - lastDownAt, 'seconds', 'at least', seconds),
          holds: lastDownAt <= now - seconds,
        }
  const row = 'its checks have failed for {} in a row'
  return [down, measured(row, failingFor, 'seconds', 'less than', 1.5 * target.interval, 'interval')]
}
