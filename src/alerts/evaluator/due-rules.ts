import type { AlertRule } from './rules/rule.ts'

/** Seconds between two evaluations of everything, as the rules of Prometheus have them. */
export const evaluationSeconds = 15

/**
 * The rules to decide now. What looks back over a time is decided once per evaluation: a target that is checked more often would
 * otherwise begin alerts on what a few checks said for a second. What the newest check decides is decided by every check.
 *
 * @param interval Seconds between two checks.
 * @param checked Whether a check has just ended, between two evaluations.
 */
export function dueRules(
  rules: readonly AlertRule[],
  interval: number,
  checked: boolean,
): readonly AlertRule[] {
  return checked && interval < evaluationSeconds
    ? rules.filter(({ window }) => window(interval) === 0)
    : rules
}
