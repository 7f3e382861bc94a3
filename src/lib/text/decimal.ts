/**
 * A decimal number as it was written, for where a double is not exact: `9007199254740993`, `1e400`, `0.10`. It is an
 * ordinary number to everything that writes it as JSON.
 */
export class Decimal {
  /** As it was written, such as `-1.50e3`. */
  readonly source: string
  #parts: Parts | undefined

  constructor(source: string) {
    this.source = source
  }

  /** What it is worth, however it is written. */
  get parts(): Parts {
    return (this.#parts ??= partsOf(this.source))
  }

  toJSON(): number {
    return Number(this.source)
  }
}

/** 0.DIGITS times ten to the power of the magnitude. */
interface Parts {
  readonly sign: -1 | 0 | 1
  /** Without zeros at either end. */
  readonly digits: string
  readonly magnitude: number
}

const form = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i

function partsOf(source: string): Parts {
  const [, minus, whole = '', fraction = '', exponent = '0'] = form.exec(source) ?? []
  const all = whole + fraction
  let start = 0
  while (all[start] === '0') start++
  let end = all.length
  while (end > start && all[end - 1] === '0') end--
  const digits = all.slice(start, end)
  if (digits === '') return { sign: 0, digits, magnitude: 0 }
  return { sign: minus === '-' ? -1 : 1, digits, magnitude: whole.length - start + Number(exponent) }
}

/** A number of any precision. A double is worth its shortest decimal, so that `0.1` is a tenth. */
export type ExactNumber = number | Decimal

export function isNumber(value: unknown): value is ExactNumber {
  return typeof value === 'number' || value instanceof Decimal
}

/** Less than 0 where the first is less, 0 where both are equal, more than 0 otherwise. */
export function compareNumbers(left: ExactNumber, right: ExactNumber): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  const [a, b] = [worth(left), worth(right)]
  if (a.sign !== b.sign || a.sign === 0) return a.sign - b.sign
  if (a.magnitude !== b.magnitude) return a.sign * (a.magnitude < b.magnitude ? -1 : 1)
  if (a.digits === b.digits) return 0
  return a.sign * (a.digits < b.digits ? -1 : 1)
}

function worth(number: ExactNumber): Parts {
  if (number instanceof Decimal) return number.parts
  // What reads numbers as doubles alone takes 1e400 for it.
  if (!Number.isFinite(number)) return { sign: number < 0 ? -1 : 1, digits: '1', magnitude: Infinity }
  return partsOf(String(number))
}

/** The number itself where a double is worth the same as the text; otherwise a {@link Decimal}. */
export function exactOf(rounded: number, source: string): ExactNumber {
  if (String(rounded) === source) return rounded
  const decimal = new Decimal(/^0[xo]/i.test(source) ? String(BigInt(source)) : source)
  if (!form.test(decimal.source)) return rounded
  return Number.isFinite(rounded) && compareNumbers(rounded, decimal) === 0 ? rounded : decimal
}

/** A double in place of a {@link Decimal}; anything else as it is. */
export function rounded(value: unknown): unknown {
  return value instanceof Decimal ? Number(value.source) : value
}

/** JSON in which numbers are what was written. */
export function exactJson(value: unknown): string {
  if (value instanceof Decimal) return jsonNumber(value.source)
  if (Array.isArray(value)) return `[${value.map(exactJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}:${exactJson(member)}`,
  )
  return `{${members.join(',')}}`
}

/** YAML also has `+1`, `.5`, `5.` and `007`, which JSON has not. */
function jsonNumber(source: string): string {
  const [, sign = '', whole = '', fraction = '', exponent] = form.exec(source) ?? []
  const before = whole.replace(/^0+(?=\d)/, '')
  return [
    sign === '-' ? '-' : '',
    before === '' ? '0' : before,
    fraction === '' ? '' : `.${fraction}`,
    exponent === undefined ? '' : `e${exponent}`,
  ].join('')
}
