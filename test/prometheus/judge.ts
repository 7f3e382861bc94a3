import { expect } from 'vitest'
import { promtools } from '../support/programs/promtool.ts'
import { metricsOf } from '../support/promql.ts'
import type { Mutant } from './mutants.ts'
import type { Pruned } from './prune.ts'
import { testRules } from './scratch.ts'
import { nameOf, readBy, secondsOf, type Rule, type TestGroup } from './shipped.ts'
import { withVariants } from './variants.ts'

/** What one version of promtool notices is noticed. */
const oneVersion = promtools.slice(0, 1)

/**
 * Which mutants of an alert no test notices.
 *
 * @param pruned What concerns the rule, per tests file.
 * @param folder Where files may be written.
 */
export async function unnoticedOfAlert(
  rule: Rule,
  mutants: readonly Mutant[],
  pruned: readonly Pruned[],
  folder: string,
): Promise<string[]> {
  let left = mutants
  for (const candidate of mostTelling(rule, pruned)) {
    if (left.length === 0) break
    const { names, pruned: beside } = withVariants(rule, left, candidate)
    const { output } = await testRules(beside, folder, oneVersion)
    // Without its mistake the rule passes; otherwise a failure says nothing.
    expect(output).not.toMatch(new RegExp(String.raw`\b${nameOf(rule)}\b`))
    left = left.filter((_mutant, index) => !output.includes(names[index]!))
  }
  return left.map(({ change }) => `${nameOf(rule)}: ${change}`)
}

/** The same of a record, which cannot have variants next to it: one mutant at a time. */
export async function unnoticedOfRecord(
  rule: Rule,
  mutant: Mutant,
  pruned: readonly Pruned[],
  folder: string,
): Promise<string[]> {
  for (const candidate of mostTelling(rule, pruned)) {
    const { passed } = await testRules(replaceRule(candidate, rule, mutant.rule), folder, oneVersion)
    if (passed) continue
    // Without its mistake the rule passes; otherwise a failure says nothing.
    const { passed: original, output } = await testRules(candidate, folder, oneVersion)
    expect(original ? '' : output).toBe('')
    return []
  }
  return [`${nameOf(rule)}: ${mutant.change}`]
}

/** The groups of tests one by one, first those that most likely notice, and of these the shortest. */
function mostTelling(rule: Rule, pruned: readonly Pruned[]): Pruned[] {
  return pruned
    .flatMap(({ rules, tests }) =>
      tests.tests.map((group) => ({ rules, group, tests: { ...tests, tests: [group] } })),
    )
    .sort((a, b) => cost(a.group, rule) - cost(b.group, rule))
}

/** Seconds that promtool plays for a mutant of a record until the likeliest test has noticed, or of all mutants of an alert. */
export function secondsPlayed(rule: Rule, pruned: readonly Pruned[]): number {
  const groups = mostTelling(rule, pruned).map(({ tests }) => secondsUntilEnd(tests.tests[0]!))
  return rule.alert === undefined ? (groups[0] ?? 0) : groups.reduce((sum, seconds) => sum + seconds, 0)
}

/** Seconds until the last assertion, after all groups that have more of the series that the rule reads. */
function cost(group: TestGroup, rule: Rule): number {
  const given = new Set(group.input_series.flatMap(({ series }) => metricsOf(series)))
  const missing = [...readBy(rule)].filter((metric) => !given.has(metric)).length
  return missing * 1e6 + secondsUntilEnd(group)
}

function secondsUntilEnd({ alert_rule_test: alerts = [], promql_expr_test: exprs = [] }: TestGroup): number {
  return Math.max(...[...alerts, ...exprs].map(({ eval_time: time }) => secondsOf(time)))
}

function replaceRule({ rules, tests }: Pruned, rule: Rule, replacement: Rule): Pruned {
  const replace = (one: Rule): Rule => (one === rule ? replacement : one)
  return {
    tests,
    rules: rules.map((file) => ({
      ...file,
      groups: file.groups.map((group) => ({ ...group, rules: group.rules.map(replace) })),
    })),
  }
}
