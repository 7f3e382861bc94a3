import { matchersOf, metricsOf } from '../support/promql.ts'
import {
  nameOf,
  readBy,
  rulesOf,
  type Rule,
  type RulesFile,
  type TestGroup,
  type TestsFile,
} from './shipped.ts'

/** Rules and tests that belong together: what promtool needs to judge a few rules, and no more. */
export interface Pruned {
  readonly rules: readonly RulesFile[]
  readonly tests: TestsFile
}

/**
 * Keeps what concerns the rules of one name: those that depend on them, what all of these read, and the tests that say
 * something of them alone. promtool evaluates every rule at every step, so that a few take a tenth of the time of all.
 */
export function prune(name: string, rulesFiles: readonly RulesFile[], tests: TestsFile): Pruned {
  const all = rulesFiles.flatMap(rulesOf)
  const affected = closure(new Set([name]), (known) => all.filter((rule) => intersects(readBy(rule), known)))
  const kept = closure(affected, (known) =>
    all.filter((rule) => all.some((reader) => known.has(nameOf(reader)) && readBy(reader).has(nameOf(rule)))),
  )
  const isOfRule = new Set(all.map(nameOf))
  const concerns = (names: readonly string[]): boolean =>
    names.some((one) => affected.has(one)) &&
    names.every((one) => kept.has(one) || (one !== anyAlert && !isOfRule.has(one)))
  return {
    rules: rulesFiles.map((file) => ({
      ...file,
      groups: file.groups.map((group) => ({
        ...group,
        rules: group.rules.filter((rule) => kept.has(nameOf(rule))),
      })),
    })),
    tests: { ...tests, tests: tests.tests.map((group) => pruneTests(group, concerns)).filter(hasTests) },
  }
}

function pruneTests(group: TestGroup, concerns: (names: readonly string[]) => boolean): TestGroup {
  const { alert_rule_test: alerts = [], promql_expr_test: exprs = [] } = group
  return {
    ...group,
    alert_rule_test: alerts.filter(({ alertname }) => concerns([alertname])),
    promql_expr_test: exprs.filter(({ expr, exp_samples: samples }) =>
      concerns([...namesIn(expr), ...samples.flatMap(({ labels }) => namesIn(labels))]),
    ),
  }
}

function hasTests({ alert_rule_test: alerts = [], promql_expr_test: exprs = [] }: TestGroup): boolean {
  return alerts.length + exprs.length > 0
}

/** The metrics that an expression reads and the alerts that it asks for. */
function namesIn(expr: string): string[] {
  const alerts = matchersOf(expr)
    .filter(({ name }) => name === 'alertname')
    .flatMap(({ value }) => value.split('|'))
  const any = metricsOf(expr).includes('ALERTS') && alerts.length === 0 ? [anyAlert] : []
  return [...metricsOf(expr), ...alerts, ...any]
}

/** Stands for the alerts that are not kept. */
const anyAlert = ''

function closure(
  start: ReadonlySet<string>,
  next: (known: ReadonlySet<string>) => readonly Rule[],
): Set<string> {
  const known = new Set(start)
  for (;;) {
    const before = known.size
    for (const rule of next(known)) known.add(nameOf(rule))
    if (known.size === before) return known
  }
}

function intersects(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return [...a].some((one) => b.has(one))
}
