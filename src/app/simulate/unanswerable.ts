import { isDeepStrictEqual } from 'node:util'
import type { Target } from '../../config/target/target.ts'

/** What of an edit the past cannot answer: the checks that were made did not look for it. */
export interface Unanswerable {
  readonly target: string
  /** As they are written, such as `expect.status`. */
  readonly keys: readonly string[]
}

/** The keys that decide about alerts alone. All others decide what a check does, or when. */
const answered = new Set([
  'name',
  'was',
  'alert_after',
  'recover_after',
  'depends_on',
  'maintenance',
  'severity',
  'labels',
  'runbook',
  'notify',
  'repeat',
  'expect.max_latency',
  'expect.max_latency_p99',
  'expect.latency_spike',
  'expect.max_error_rate',
  'expect.slo',
])

/** Compares each target that both configurations have. */
export function unanswerable(current: readonly Target[], edited: readonly Target[]): readonly Unanswerable[] {
  const byName = new Map(current.map((target) => [target.name, target]))
  return edited.flatMap((target) => {
    const before = [target.name, ...(target.was ?? [])].flatMap((name) => byName.get(name) ?? [])[0]
    const keys = before ? changedKeys(before.shown, target.shown).filter((key) => !answered.has(key)) : []
    return keys.length === 0 ? [] : [{ target: target.name, keys }]
  })
}

type Shown = Readonly<Record<string, unknown>>

function changedKeys(before: Shown, after: Shown, prefix = ''): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys].sort().flatMap((key) => {
    const [was, is] = [before[key], after[key]]
    if (isDeepStrictEqual(was, is)) return []
    if (key === 'expect' && prefix === '') return changedKeys(asShown(was), asShown(is), 'expect.')
    return [prefix + key]
  })
}

function asShown(value: unknown): Shown {
  return typeof value === 'object' && value !== null ? (value as Shown) : {}
}
