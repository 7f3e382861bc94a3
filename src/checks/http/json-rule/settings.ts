import { z } from 'zod'
import { Decimal, exactJson } from '../../../lib/text/decimal.ts'
import { didYouMean } from '../../../settings/values/closest.ts'
import { readPattern } from '../../../settings/values/scalars.ts'
import { issueParams, kindOf, KeyError, seen, ValueError } from '../../../settings/values/value.ts'
import { comparisonsJson } from './json-schema.ts'
import type { Comparisons, Json, Operator } from './rule.ts'

type Path = readonly (string | number)[]

/** Adds what is wrong, with its place. */
type Report = (path: Path, error: ValueError) => void

type Read<T> = (input: unknown, path: Path, report: Report) => T | undefined

/** A value, which is compared as it is, or a mapping of comparisons. */
export const comparisons: z.ZodType<Comparisons> = z
  .unknown()
  .transform((input, context): Comparisons => {
    const report: Report = (path, error) => {
      context.addIssue({
        code: 'custom',
        message: error.message,
        path: [...path],
        params: issueParams(error),
      })
    }
    const expected = readAny(input, [], report) ?? {}
    if (expected.exists === false && Object.keys(expected).length > 1)
      report(['exists'], new ValueError('what is not there cannot be compared: remove the other comparisons'))
    return expected
  })
  .meta(comparisonsJson)

/** A reader whose {@link ValueError} is reported at its place. */
function reader<T>(read: (input: unknown) => T): Read<T> {
  return (input, path, report) => {
    try {
      return read(input)
    } catch (error) {
      if (!(error instanceof ValueError)) throw error
      report(path, error)
      return undefined
    }
  }
}

function many<T>(read: Read<T>, { needsList = false } = {}): Read<T[]> {
  return (input, path, report) => {
    if (needsList && !Array.isArray(input))
      report(path, new ValueError(`expected a list, got ${kindOf(input)}`))
    if (!Array.isArray(input)) return [read(input, path, report)].filter((item) => item !== undefined)
    if (input.length === 0) report(path, new ValueError('is an empty list'))
    return input.flatMap((item: unknown, index) => read(item, [...path, index], report) ?? [])
  }
}

function jsonOf(input: unknown): Json {
  if (typeof input === 'number' && !Number.isFinite(input))
    throw new ValueError('is not a number that JSON has')
  return exactJson(input)
}

const json = reader(jsonOf)

const scalar = reader((input): Json => {
  if (typeof input === 'object' && input !== null && !(input instanceof Decimal))
    throw new ValueError(`expected text, a number, true, false or null, got ${kindOf(input)}`)
  return jsonOf(input)
})

const number = reader((input): Json => {
  // The environment has only text: ${LIMIT:-3} is the text 3.
  const isText = typeof input === 'string' && /^-?\d+(?:\.\d+)?$/.test(input)
  if (isText) return exactJson(new Decimal(input))
  if (input instanceof Decimal || typeof input === 'number') return jsonOf(input)
  throw new ValueError(`expected a number, got ${typeof input === 'string' ? seen : kindOf(input)}`)
})

const boolean = reader((input): boolean => {
  if (input === true || input === 'true') return true
  if (input === false || input === 'false') return false
  throw new ValueError(`expected true or false, got ${typeof input === 'string' ? seen : kindOf(input)}`)
})

const isCount = (input: unknown): boolean => Number.isSafeInteger(input) && Number(input) >= 0

const count = reader((input): Comparisons => {
  if (isCount(input)) return { equals: String(input) }
  throw new ValueError(`${seen} is not a valid length: expected one such as 3 or { gt: 2 }`)
})

const readLength: Read<Comparisons> = (input, path, report) =>
  isMapping(input) ? readMapping(input, path, report, lengthOperators) : count(input, path, report)

const readNot: Read<Comparisons> = (input, path, report) =>
  isComparisons(input) ? readMapping(input, path, report, valueOperators) : readAny(input, path, report)

const readers: { readonly [O in Operator]: Read<Required<Comparisons>[O]> } = {
  equals: json,
  one_of: many(json, { needsList: true }),
  gt: number,
  gte: number,
  lt: number,
  lte: number,
  matches: many(reader((input) => readPattern(input).source)),
  contains: many(scalar),
  length: readLength,
  not: readNot,
  exists: boolean,
}

const operators = Object.keys(readers) as Operator[]
const valueOperators = operators.filter((operator) => operator !== 'exists')
const lengthOperators: readonly Operator[] = ['equals', 'one_of', 'gt', 'gte', 'lt', 'lte', 'not']

function readAny(input: unknown, path: Path, report: Report): Comparisons | undefined {
  if (isComparisons(input)) return readMapping(input, path, report, operators)
  const equals = json(input, path, report)
  return equals === undefined ? undefined : { equals }
}

function isMapping(input: unknown): input is Readonly<Record<string, unknown>> {
  return typeof input === 'object' && input !== null && !Array.isArray(input) && !(input instanceof Decimal)
}

/** A mapping without any key compares with one, as an empty list does. */
function isComparisons(input: unknown): input is Readonly<Record<string, unknown>> {
  return isMapping(input) && Object.keys(input).length > 0
}

function readMapping(
  input: Readonly<Record<string, unknown>>,
  path: Path,
  report: Report,
  allowed: readonly Operator[],
): Comparisons {
  const entries = Object.entries(input).map(([name, operand]) => {
    const at = [...path, name]
    const operator = allowed.find((known) => known === name)
    if (operator === undefined) report(at, new KeyError(unknownComparison(name, allowed)))
    return [name, operator && readers[operator](operand, at, report)] as const
  })
  if (entries.length === 0) report(path, new ValueError('has no comparison'))
  return Object.fromEntries(entries.filter(([, operand]) => operand !== undefined))
}

function unknownComparison(name: string, allowed: readonly Operator[]): string {
  const meant = didYouMean(name, allowed)
  const help =
    meant === ''
      ? `: expected one of ${allowed.join(', ')}; a mapping is compared as it is below equals:`
      : meant
  return `unknown comparison${help}`
}
