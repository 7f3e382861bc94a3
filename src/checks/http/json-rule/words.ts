import { Decimal, isNumber } from '../../../lib/text/decimal.ts'
import { clip, quote } from '../body/quote.ts'
import type { Comparisons, Json, Operator } from './rule.ts'

/** `to be less than 10 and not to be 3`. */
export function expectation(expected: Comparisons): string {
  return phrases(expected)
    .map((phrase) => (phrase.startsWith('not ') ? `not to ${phrase.slice(4)}` : `to ${phrase}`))
    .join(' and ')
}

/** What was found instead. What a document says stays out of messages, apart from numbers that were to be compared. */
export function discovery(expected: Comparisons, found: readonly unknown[]): string {
  const [value] = found
  if (found.length === 0) return 'nothing'
  if (found.length > 1) return `${found.length} ${expected.exists === false ? '' : 'other '}values`
  if (isNumber(value) && comparesSizes(expected))
    return clip(value instanceof Decimal ? value.source : String(value))
  if (Array.isArray(value) && expected.length !== undefined) return `an array of length ${value.length}`
  return `${expected.exists === false ? 'a' : 'another'} value (${typeName(value)})`
}

function comparesSizes(expected: Comparisons): boolean {
  return (['gt', 'gte', 'lt', 'lte'] as const).some((operator) => expected[operator] !== undefined)
}

function typeName(value: unknown): string {
  if (value === null) return 'null'
  if (value instanceof Decimal) return 'number'
  return Array.isArray(value) ? 'array' : typeof value
}

type Words<O extends Operator> = (operand: Required<Comparisons>[O]) => string

const list = (items: readonly Json[]): string => clip(items.join(', '))

const words: { readonly [O in Operator]: Words<O> } = {
  equals: (json) => `be ${clip(json)}`,
  one_of: (items) => `be one of ${list(items)}`,
  gt: (limit) => `be greater than ${limit}`,
  gte: (limit) => `be at least ${limit}`,
  lt: (limit) => `be less than ${limit}`,
  lte: (limit) => `be at most ${limit}`,
  matches: (sources) => `match ${sources.map(quote).join(' and ')}`,
  contains: (parts) => `contain ${list(parts)}`,
  length: (expected) => `have a length of ${joined(expected).replaceAll(/\bbe /g, '')}`,
  not: (expected) => `not ${joined(expected)}`,
  exists: (expected) => (expected ? 'be there' : 'not be there'),
}

function joined(expected: Comparisons): string {
  return phrases(expected).join(' and ')
}

function phrases(expected: Comparisons): string[] {
  const operators = Object.keys(expected) as Operator[]
  return operators.map((operator) => (words[operator] as Words<never>)(expected[operator] as never))
}
