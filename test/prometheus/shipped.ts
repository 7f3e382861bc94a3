import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { alertsNamedIn, metricsOf } from '../support/promql.ts'

/** A recording rule or an alert, as in a rules file of Prometheus. */
export interface Rule {
  readonly record?: string
  readonly alert?: string
  readonly expr: string
  readonly for?: string
  readonly keep_firing_for?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

export interface RuleGroup {
  readonly name: string
  readonly interval: string
  readonly rules: readonly Rule[]
}

export interface RulesFile {
  readonly file: string
  readonly groups: readonly RuleGroup[]
}

export interface ExpectedAlert {
  readonly exp_labels: Readonly<Record<string, string>>
  readonly exp_annotations: Readonly<Record<string, string>>
}

export interface AlertTest {
  readonly eval_time: string
  readonly alertname: string
  readonly exp_alerts: readonly ExpectedAlert[]
}

export interface ExprTest {
  readonly expr: string
  readonly eval_time: string
  readonly exp_samples: readonly { readonly labels: string; readonly value: number }[]
}

export interface TestGroup {
  readonly name: string
  readonly input_series: readonly { readonly series: string; readonly values: string }[]
  readonly alert_rule_test?: readonly AlertTest[]
  readonly promql_expr_test?: readonly ExprTest[]
}

export interface TestsFile {
  readonly file: string
  readonly rule_files: readonly string[]
  readonly evaluation_interval: string
  readonly group_eval_order: readonly string[]
  readonly tests: readonly TestGroup[]
}

/** The folder prometheus/ of the checkout. */
export const prometheusFolder = fileURLToPath(new URL('../../prometheus', import.meta.url))

const inFolder = (folder: string): string[] =>
  readdirSync(join(prometheusFolder, folder))
    .filter((name) => name.endsWith('.yml'))
    .sort()
    .map((name) => join(prometheusFolder, folder, name))

const read = (file: string): object => ({ file, ...(parse(readFileSync(file, 'utf8')) as object) })

export const rulesFiles = inFolder('rules').map(read) as RulesFile[]

export const testsFiles = inFolder('tests').map(read) as TestsFile[]

/** The rules file that a tests file tests; those before it in its list only bring what that one reads. */
export function testedBy(tests: TestsFile): string {
  return basename(tests.rule_files.at(-1) ?? '')
}

export function rulesOf({ groups }: RulesFile): readonly Rule[] {
  return groups.flatMap(({ rules }) => rules)
}

/** The name that a rule gives to what it makes. */
export function nameOf({ record, alert }: Rule): string {
  return record ?? alert ?? ''
}

/** The queries inside the templates of annotations, with something in the place of what the template fills in. */
function queriesOf({ annotations = {} }: Rule): string[] {
  return Object.values(annotations)
    .flatMap((text) => [...text.matchAll(/(?:printf|query) (?:"([^"]*)"|`([^`]*)`)/g)])
    .map(([, quoted, raw]) => (quoted ?? raw ?? '').replaceAll('%q', '"x"').replaceAll('%f', '1'))
    .filter((text) => !text.startsWith('%'))
}

/** To parse expressions takes long, and each is asked for thousands of times. */
const knownReads = new WeakMap<Rule, ReadonlySet<string>>()

/** Every metric and alert that a rule reads, in its expression and in its annotations. */
export function readBy(rule: Rule): ReadonlySet<string> {
  const known = knownReads.get(rule)
  if (known) return known
  const names = [rule.expr, ...queriesOf(rule)].flatMap((expr) => [
    ...metricsOf(expr),
    ...alertsNamedIn(expr),
  ])
  const found = new Set(names)
  knownReads.set(rule, found)
  return found
}

/** The rules files that a tests file names. */
export function rulesFilesOf({ rule_files: paths }: TestsFile): RulesFile[] {
  const names = paths.map((path) => basename(path))
  return rulesFiles.filter(({ file }) => names.includes(basename(file)))
}

const unitSeconds: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 }

/** Seconds of a duration of Prometheus, such as `1h5m15s`. */
export function secondsOf(duration: string): number {
  return [...duration.matchAll(/(\d+)(ms|[smh])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * unitSeconds[unit!]!,
    0,
  )
}

/** Seconds of the last assertion of a group. */
export function secondsUntilEnd({
  alert_rule_test: alerts = [],
  promql_expr_test: exprs = [],
}: TestGroup): number {
  return Math.max(...[...alerts, ...exprs].map(({ eval_time: time }) => secondsOf(time)))
}
