import { metricsOf } from '../support/promql.ts'
import { inParts, type Pruned } from './prune.ts'
import { readBy, secondsUntilEnd, type Rule, type TestGroup } from './shipped.ts'

/**
 * The groups of tests that may notice a mistake in a rule, one by one, each with the rules that it asks for and no others. First those
 * that most likely notice it, and of these the shortest.
 *
 * @param pruned What concerns the rule, per tests file.
 */
export function candidatesOf(rule: Rule, pruned: readonly Pruned[]): Pruned[] {
  return pruned
    .flatMap(({ rules, tests }) =>
      tests.tests.flatMap((group) => inParts(rules, { ...tests, tests: [group] })),
    )
    .sort((a, b) => cost(groupOf(a), rule) - cost(groupOf(b), rule))
}

/** Seconds that promtool plays in all of them. */
export function secondsOfAll(candidates: readonly Pruned[]): number {
  return candidates.reduce((sum, one) => sum + secondsUntilEnd(groupOf(one)), 0)
}

const groupOf = ({ tests }: Pruned): TestGroup => tests.tests[0]!

/** Seconds until the last assertion, after all groups that have more of the series that the rule reads. */
function cost(group: TestGroup, rule: Rule): number {
  const given = new Set(group.input_series.flatMap(({ series }) => metricsOf(series)))
  const missing = [...readBy(rule)].filter((metric) => !given.has(metric)).length
  return missing * 1e6 + secondsUntilEnd(group)
}
