import type { Check } from '../../src/checks/index.ts'
import { parseTarget, type Surroundings } from './parse-config.ts'

/** The check of a target with these keys, as the loader makes it. */
export function checkOf<K extends Check['kind']>(
  kind: K,
  keys: Readonly<Record<string, unknown>>,
  surroundings?: Surroundings,
): Extract<Check, { kind: K }> {
  const { check } = parseTarget(`targets: [${JSON.stringify({ name: 'it', ...keys })}]`, surroundings)
  if (check.kind !== kind) throw new Error(`expected a check of kind ${kind}`)
  return check as Extract<Check, { kind: K }>
}
