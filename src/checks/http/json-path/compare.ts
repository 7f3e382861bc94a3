import { compareNumbers, Decimal, isNumber, type ExactNumber } from '../../../lib/text/decimal.ts'
import type { ComparisonOp } from './syntax.ts'
import { stepsOfText, type Steps } from './steps.ts'

/** What a query that selects no value is in a comparison. */
export const nothing = Symbol('nothing')

/** Compares as RFC 9535 section 2.3.5.2.2 has it. */
export function compare(left: unknown, right: unknown, op: ComparisonOp, steps: Steps): boolean {
  if (op === '==') return isEqual(left, right, steps)
  if (op === '!=') return !isEqual(left, right, steps)
  if (op === '<') return isLess(left, right, steps)
  if (op === '>') return isLess(right, left, steps)
  const less = op === '<=' ? isLess(left, right, steps) : isLess(right, left, steps)
  return less || isEqual(left, right, steps)
}

function isLess(left: unknown, right: unknown, steps: Steps): boolean {
  if (isNumber(left) && isNumber(right)) return order(left, right, steps) < 0
  if (typeof left !== 'string' || typeof right !== 'string') return false
  steps.take(stepsOfText(Math.min(left.length, right.length)))
  return left < right
}

function order(left: ExactNumber, right: ExactNumber, steps: Steps): number {
  for (const one of [left, right]) if (one instanceof Decimal) steps.take(stepsOfText(one.source.length))
  return compareNumbers(left, right)
}

/** Whether two values of JSON are the same, whatever the order of members and the way in which numbers are written. */
export function isEqual(left: unknown, right: unknown, steps: Steps): boolean {
  steps.take()
  if (typeof left === 'string' && typeof right === 'string') {
    if (left.length !== right.length) return false
    steps.take(stepsOfText(left.length))
    return left === right
  }
  if (isNumber(left) && isNumber(right)) return order(left, right, steps) === 0
  if (!isContainer(left) || !isContainer(right)) return left === right
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false
    return left.every((value, index) => isEqual(value, right[index], steps))
  }
  const names = membersOf(left, steps)
  if (names.length !== membersOf(right, steps).length) return false
  return names.every((name) => Object.hasOwn(right, name) && isEqual(left[name], right[name], steps))
}

/** An object or an array of JSON. */
export function isContainer(value: unknown): value is Record<string, unknown> | unknown[] {
  return typeof value === 'object' && value !== null && !(value instanceof Decimal)
}

/** The names of an object's members. Making the list of them is work, too. */
export function membersOf(object: object, steps: Steps): string[] {
  const names = Object.keys(object)
  steps.take(names.length)
  return names
}
