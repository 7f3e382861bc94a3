import { jsonValue } from '../shared/json-value.ts'
import type { Condition, Operator } from './condition.ts'
import { sourceOf } from './glob.ts'
import type { Placed, Subject } from './subject.ts'

type Comparisons = Readonly<Record<string, unknown>>

/**
 * Translates conditions about values of a JSON document. Gatus compares texts; a number in a condition is one in the
 * document too.
 */
export function translateDocument(placed: readonly Placed[], { translation, kind }: Subject): void {
  const expected = new Map<string, Comparisons>()
  for (const { condition, at } of placed) {
    const path = jsonPath(condition.path)
    const comparisons = kind === 'url' ? comparisonsOf(condition) : undefined
    const before = expected.get(path) ?? {}
    const merged = comparisons && merge(before, comparisons)
    if (merged === undefined) {
      translation.lose(at, 'cannot be expected here')
      continue
    }
    expected.set(path, merged)
    translation.set(['expect', 'json', path], isPlainValue(merged) ? merged['equals'] : merged, at)
  }
}

/** A value that can stand without its comparison. */
function isPlainValue(comparisons: Comparisons): boolean {
  return Object.keys(comparisons).join() === 'equals'
}

/** Both, where they can stand side by side. */
function merge(before: Comparisons, more: Comparisons): Comparisons | undefined {
  const isTwice = Object.keys(more).some((name) => Object.hasOwn(before, name))
  if (!isTwice) return { ...before, ...more }
  // What is not the one and not the other is none of both.
  const nots = [before['not'], more['not']]
  const canJoin =
    Object.keys(more).join() === 'not' &&
    nots.every((not) => typeof not !== 'object' || not === null || isOneOf(not))
  return canJoin
    ? { ...before, not: { one_of: nots.flatMap((not) => (isOneOf(not) ? not.one_of : [not])) } }
    : undefined
}

function isOneOf(not: unknown): not is { readonly one_of: readonly unknown[] } {
  return typeof not === 'object' && not !== null && 'one_of' in not
}

/** The JSONPath of what follows `[BODY]`. */
export function jsonPath(path: string): string {
  const names = path.replaceAll(/\.([^.[\]]+)/g, (_all, name: string) =>
    /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`,
  )
  return `$${names}`
}

const limits: Readonly<Partial<Record<Operator, string>>> = { '<': 'lt', '<=': 'lte', '>': 'gt', '>=': 'gte' }

function comparisonsOf(condition: Condition): Comparisons | undefined {
  const { around, operator, operand } = condition
  const text = operand.values[0]?.text ?? ''
  if (around === 'has') {
    if (!['true', 'false'].includes(text) || (operator !== '==' && operator !== '!=')) return undefined
    return { exists: (text === 'true') === (operator === '==') }
  }
  const value = valueOf(condition)
  if (value === undefined || around === undefined) return value
  const isNumeric = operand.values.every(({ text: each }) => /^\d+$/.test(each))
  return isNumeric ? { length: isPlainValue(value) ? value['equals'] : value } : undefined
}

function valueOf(condition: Condition): Comparisons | undefined {
  const { operator, operand } = condition
  const limit = limits[operator]
  const values = operand.values.map(({ text }) => jsonValue(text))
  if (limit !== undefined)
    return ['number', 'bigint'].includes(typeof values[0]) ? { [limit]: values[0] } : undefined
  const isPattern = operand.values.some((value) => value.isPattern)
  if (isPattern) return negated(operator, { matches: `(?s)${sourceOf(condition)}` })
  if (operand.form === 'any') return negated(operator, { one_of: values })
  return operator === '!=' ? { not: values[0] } : { equals: values[0] }
}

function negated(operator: Operator, comparisons: Comparisons): Comparisons {
  return operator === '!=' ? { not: comparisons } : comparisons
}
