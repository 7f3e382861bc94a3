import type { Mutant } from './mutants.ts'
import type { Pruned } from './prune.ts'
import { nameOf, type Rule, type TestGroup } from './shipped.ts'

/**
 * Puts mutants of an alert next to it, each under its own name and with its own copy of the tests: one run of promtool
 * judges them all, and prints the name where a test fails.
 * Where several rules have the alert's name, a variant has all of them.
 */
export function withVariants(
  original: Rule,
  mutants: readonly Mutant[],
  { rules, tests }: Pruned,
): { readonly names: readonly string[]; readonly pruned: Pruned } {
  const name = nameOf(original)
  const variants = mutants.map((mutant, index) => ({
    ...mutant,
    name: `${name}Variant${index}Of${mutants.length}`,
  }))
  const copies = (rule: Rule): Rule[] => [
    rule,
    ...(nameOf(rule) === name
      ? variants.map((variant) => {
          // By what it says: where a test expects no words of it, it stands there without them.
          const copy = rule.expr === original.expr ? { ...rule, ...changesOf(variant.rule) } : rule
          // What asks whether it fires itself asks for its own name: the original must not answer for it.
          const expr = copy.expr.replaceAll(`alertname="${name}"`, `alertname="${variant.name}"`)
          return { ...copy, expr, alert: variant.name }
        })
      : []),
  ]
  const testsOf = (group: TestGroup): TestGroup => {
    const all = [group, ...variants.map((variant) => renamed(group, name, variant.name))]
    return {
      ...group,
      // Printed with each failure, and mostly names the alert.
      name: '',
      alert_rule_test: all.flatMap(({ alert_rule_test: alerts = [] }) => alerts),
      promql_expr_test: all.flatMap(({ promql_expr_test: exprs = [] }) => exprs),
    }
  }
  const pruned = {
    rules: rules.map((file) => ({
      ...file,
      groups: file.groups.map((group) => ({ ...group, rules: group.rules.flatMap(copies) })),
    })),
    tests: { ...tests, tests: tests.tests.map(testsOf) },
  }
  return { names: variants.map((variant) => variant.name), pruned }
}

/** What a mistake may have changed in a rule. */
const changesOf = ({ annotations: _words, ...rest }: Rule): Rule => rest

/** The tests of a group that are about an alert, about another one. */
function renamed(group: TestGroup, from: string, to: string): TestGroup {
  const rename = (text: string): string => text.replaceAll(`"${from}"`, `"${to}"`)
  const { alert_rule_test: alerts = [], promql_expr_test: exprs = [] } = group
  return {
    ...group,
    alert_rule_test: alerts
      .filter(({ alertname }) => alertname === from)
      .map((test) => ({ ...test, alertname: to })),
    promql_expr_test: exprs
      .filter(({ expr }) => expr.includes(`"${from}"`))
      .map(({ expr, exp_samples: samples, ...rest }) => ({
        ...rest,
        expr: rename(expr),
        exp_samples: samples.map(({ labels, value }) => ({ labels: rename(labels), value })),
      })),
  }
}
