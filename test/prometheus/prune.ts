import { alertsNamedIn, matchersOf, metricsOf } from '../support/promql.ts'
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
  const kept = withWhatTheyRead(affected, all)
  const isOfRule = new Set(all.map(nameOf))
  const concerns = (names: readonly string[]): boolean =>
    names.some((one) => affected.has(one)) &&
    names.every((one) => kept.has(one) || (one !== unnamed && !isOfRule.has(one)))
  return {
    rules: only(kept, rulesFiles),
    tests: { ...tests, tests: tests.tests.map((group) => pruneTests(group, concerns)).filter(hasTests) },
  }
}

/**
 * The same tests in parts, each with the rules that it asks for and those that these read, and no others. Tests that need the
 * same rules stay together; those that ask for alerts or metrics by a pattern get all rules.
 */
export function inParts(rulesFiles: readonly RulesFile[], tests: TestsFile): Pruned[] {
  const all = rulesFiles.flatMap(rulesOf)
  const everything = new Set(all.map(nameOf))
  const parts = new Map<string, { kept: ReadonlySet<string>; groups: TestGroup[] }>()
  for (const group of tests.tests) {
    const asked = askedBy(group)
    const kept = asked === undefined ? everything : withWhatTheyRead(asked, all)
    const key = all.map((rule) => kept.has(nameOf(rule))).join()
    const part = parts.get(key) ?? { kept, groups: [] }
    parts.set(key, part)
    part.groups.push(group)
  }
  return [...parts.values()].map(({ kept, groups }) => ({
    rules: only(kept, rulesFiles),
    tests: { ...tests, tests: groups },
  }))
}

/** Every metric and alert that a group of tests names, or undefined where it asks for some without their names. */
function askedBy({
  alert_rule_test: alerts = [],
  promql_expr_test: exprs = [],
}: TestGroup): Set<string> | undefined {
  const names = [
    ...alerts.map(({ alertname }) => alertname),
    ...exprs.flatMap(({ expr, exp_samples: samples }) =>
      [expr, ...samples.map(({ labels }) => labels)].flatMap(namesIn),
    ),
  ]
  return names.includes(unnamed) ? undefined : new Set(names)
}

function withWhatTheyRead(names: ReadonlySet<string>, all: readonly Rule[]): Set<string> {
  return closure(names, (known) =>
    all.filter((rule) => all.some((reader) => known.has(nameOf(reader)) && readBy(reader).has(nameOf(rule)))),
  )
}

function only(names: ReadonlySet<string>, rulesFiles: readonly RulesFile[]): RulesFile[] {
  return rulesFiles.map((file) => ({
    ...file,
    groups: file.groups.map((group) => ({
      ...group,
      rules: group.rules.filter((rule) => names.has(nameOf(rule))),
    })),
  }))
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
  const alerts = alertsNamedIn(expr)
  const any = metricsOf(expr).some((name) => name.startsWith('ALERTS')) && alerts.length === 0
  const byPattern = matchersOf(expr).some(
    ({ name, op }) => name === '__name__' || (name === 'alertname' && op.startsWith('!')),
  )
  return [...metricsOf(expr), ...alerts, ...(any || byPattern ? [unnamed] : [])]
}

/** Stands for rules that are asked for, but not by their names. */
const unnamed = ''

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
