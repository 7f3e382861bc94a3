import { allRules } from '../evaluator/rules/index.ts'

const { targets, calls, versions } = allRules
const rules = [...targets, ...calls, ...versions.map((ruleOf) => ruleOf({ caller: '', version: '' }))]

/** The alerts about one target. */
const aboutTargets: ReadonlySet<string> = new Set(rules.map(({ alertname }) => alertname))

/** Those that have the severity of the target; that of the others tells their forms apart. */
const ofTheTarget: ReadonlySet<string> = new Set(
  rules.filter(({ severity }) => severity === undefined).map(({ alertname }) => alertname),
)

/** Labels that tell the alerts of one target apart. All others may be edited. */
const apart = ['location', 'credential', 'caller', 'version'] as const

/**
 * What stays the same of an alert when its target is edited.
 *
 * @param target The name to identify it by. Default: the one in the labels.
 * @returns Undefined where it is not one of the alerts about targets: its labels alone say what it is.
 */
export function identityOf(
  labels: Readonly<Record<string, string>>,
  target = labels['target'] ?? '',
): string | undefined {
  const { alertname = '', severity = '' } = labels
  if (target === '' || !aboutTargets.has(alertname)) return undefined
  const form = ofTheTarget.has(alertname) ? '' : severity
  return JSON.stringify([alertname, target, form, ...apart.map((name) => labels[name] ?? '')])
}
