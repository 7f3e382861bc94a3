import { listedTargets, type Config } from '../../config/config.ts'
import type { Target } from '../../config/target/target.ts'
import { allRules } from '../../alerts/evaluator/rules/index.ts'
import type { Explanation } from '../../alerts/explain/explanation.ts'
import { didYouMean } from '../../settings/values/closest.ts'
import { ProbityError } from '../../lib/errors.ts'

/** What is asked about: a target with all of its alerts, or one alert of every target. */
export interface Subject {
  readonly targets: readonly Target[]
  /** Default: all. */
  readonly alertname?: string
}

/**
 * Finds what somebody asks about.
 *
 * @throws ProbityError `SUBJECT_UNKNOWN`.
 */
export function subjectOf(name: string, config: Pick<Config, 'targets' | 'listed' | 'callTargets'>): Subject {
  const { targets, callTargets } = config
  const listed = listedTargets(config)
  const found = listed.find((one) => one.name === name) ?? listed.find(({ was }) => was?.includes(name))
  if (found?.paused)
    throw new ProbityError(
      'SUBJECT_UNKNOWN',
      `target ${JSON.stringify(name)} is paused (enabled: false): it is not checked, and none of its alerts fires`,
    )
  if (found) return { targets: [found] }
  const alerts = new Set(allRules.targets.map(({ alertname }) => alertname))
  if (alerts.has(name)) return { targets, alertname: name }
  if (callTargets.some((one) => one.name === name))
    throw new ProbityError(
      'SUBJECT_UNKNOWN',
      `target ${JSON.stringify(name)} is judged on its calls alone, and the past of calls is not kept one by one: its page and the alerts say what was seen`,
    )
  const onCalls = [
    ...allRules.calls.map((rule) => rule.alertname),
    ...allRules.versions.map((rule) => rule({ caller: '', version: '' }).alertname),
  ]
  if (onCalls.includes(name))
    throw new ProbityError(
      'SUBJECT_UNKNOWN',
      `${name} is decided on calls, whose past is not kept one by one: the page of its target and the alert say what was seen`,
    )
  const known = [...targets.map((one) => one.name), ...alerts]
  throw new ProbityError(
    'SUBJECT_UNKNOWN',
    `there is no target and no alert ${JSON.stringify(name)}${didYouMean(name, known)}: expected the name of a target, or one of ${[...alerts].join(', ')}`,
  )
}

/** The part of an explanation that is asked about. */
export function onlyAbout(explanation: Explanation, { alertname }: Subject): Explanation {
  if (alertname === undefined) return explanation
  const rules = explanation.rules.filter((rule) => rule.alertname === alertname)
  return { ...explanation, rules, unknown: explanation.unknown.filter((one) => one === alertname) }
}
