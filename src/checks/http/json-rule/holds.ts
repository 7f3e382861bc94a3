import { Decimal, isNumber } from '../../../lib/text/decimal.ts'
import { memoize } from '../../../settings/values/memo.ts'
import { regexOf } from '../body/captured.ts'
import { compare, isContainer, isEqual } from '../json-path/compare.ts'
import { parseExactly } from '../json-path/document.ts'
import { lengthOf } from '../json-path/length.ts'
import { stepsOfText, type Steps } from '../json-path/steps.ts'
import type { ComparisonOp } from '../json-path/syntax.ts'
import type { Comparisons, Json, Operator } from './rule.ts'

/**
 * Whether what a JSONPath has selected is as expected.
 *
 * @throws TooManySteps
 */
export function holds(
  { exists, not, ...others }: Comparisons,
  found: readonly unknown[],
  steps: Steps,
): boolean {
  if (exists === false) return found.length === 0
  if (not !== undefined && found.some((value) => meets(value, not, steps))) return false
  return found.some((value) => meets(value, others, steps))
}

/** What is expected is read once, not for each value that a JSONPath selects. */
const parsed = memoize(parseExactly)

type Test<O extends Operator> = (value: unknown, operand: Required<Comparisons>[O], steps: Steps) => boolean

const than =
  (op: ComparisonOp): Test<'gt' | 'gte' | 'lt' | 'lte'> =>
  (value, limit, steps) =>
    isNumber(value) && compare(value, parsed(limit), op, steps)

const equals: Test<'equals'> = (value, json, steps) => isEqual(value, parsed(json), steps)

const tests: { readonly [O in Operator]: Test<O> } = {
  equals,
  one_of: (value, list, steps) => list.some((json) => equals(value, json, steps)),
  gt: than('>'),
  gte: than('>='),
  lt: than('<'),
  lte: than('<='),
  matches: (value, sources, steps) => sources.every((source) => matches(value, source, steps)),
  contains: (value, parts, steps) => parts.every((part) => contains(value, part, steps)),
  length: (value, expected, steps) => meets(lengthOf(value, steps), expected, steps),
  not: (value, expected, steps) => !meets(value, expected, steps),
  // The value is there: that nothing is, was looked at before.
  exists: (_value, expected) => expected,
}

function meets(value: unknown, expected: Comparisons, steps: Steps): boolean {
  const operators = Object.keys(expected) as Operator[]
  return operators.every((operator) =>
    (tests[operator] as Test<never>)(value, expected[operator] as never, steps),
  )
}

/** What a regex is held against; nothing of what has no text. */
function textOf(value: unknown): string | undefined {
  if (value instanceof Decimal) return value.source
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' ? value : undefined
}

/** Instructions of a regex times characters that cost as much as a step. */
const workOfStep = 16

function matches(value: unknown, source: string, steps: Steps): boolean {
  const text = textOf(value)
  if (text === undefined) return false
  const regex = regexOf(source)
  steps.take(Math.ceil((regex.programSize() * text.length) / workOfStep))
  return regex.test(text)
}

function contains(value: unknown, json: Json, steps: Steps): boolean {
  const part = parsed(json)
  if (Array.isArray(value)) return value.some((item) => isEqual(item, part, steps))
  if (typeof part !== 'string') return false
  if (isContainer(value)) return Object.hasOwn(value, part)
  if (typeof value !== 'string') return false
  steps.take(stepsOfText(value.length))
  return value.includes(part)
}
