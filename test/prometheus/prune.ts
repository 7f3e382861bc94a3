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
 * same rules stay together; those that ask for alerts or metrics by a pattern get all rules. An alert of which a test expects
 * no words comes without them: promtool would run their queries at every step.
 */
export function inParts(rulesFiles: readonly RulesFile[], tests: TestsFile): Pruned[] {
  const parts = new Map<string, { rules: RulesFile[]; groups: TestGroup[] }>()
  for (const group of tests.tests) {
    const worded = withWords(group)
    const files = rulesFiles.map((file) =>
      mapRules(file, (rule) => (worded.has(nameOf(rule)) || !rule.alert ? rule : wordless(rule))),
    )
    const all = files.flatMap(rulesOf)
    const asked = askedBy(group)
    const kept = asked === undefined ? new Set(all.map(nameOf)) : withWhatTheyRead(asked, all)
    const key = all.map((rule) => kept.has(nameOf(rule)) && (rule.annotations ? 'words' : 'rule')).join()
    const part = parts.get(key) ?? { rules: only(kept, files), groups: [] }
    parts.set(key, part)
    part.groups.push(group)
  }
  return [...parts.values()].map(({ rules, groups }) => ({ rules, tests: { ...tests, tests: groups } }))
}

/** The alerts of which a group of tests says how they fire, and thus in which words. */
function withWords({ alert_rule_test: alerts = [] }: TestGroup): Set<string> {
  return new Set(
    alerts.filter(({ exp_alerts: expected }) => expected.length > 0).map(({ alertname }) => alertname),
  )
}

/** One for each rule: what a rule reads is found once. */
const knownWordless = new WeakMap<Rule, Rule>()

function wordless(rule: Rule): Rule {
  const known = knownWordless.get(rule)
  if (known) return known
  const { annotations: _words, ...rest } = rule
  knownWordless.set(rule, rest)
  return rest
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

function mapRules(file: RulesFile, change: (rule: Rule) => Rule): RulesFile {
  return { ...file, groups: file.groups.map((group) => ({ ...group, rules: group.rules.map(change) })) }
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
