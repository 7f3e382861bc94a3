import type { Condition } from './condition.ts'
import { globSource } from './glob.ts'

const codes = Array.from({ length: 500 }, (_, index) => index + 100)

const compare: Readonly<Record<Condition['operator'], (code: number, limit: number) => boolean>> = {
  '==': (code, limit) => code === limit,
  '!=': (code, limit) => code !== limit,
  '<': (code, limit) => code < limit,
  '<=': (code, limit) => code <= limit,
  '>': (code, limit) => code > limit,
  '>=': (code, limit) => code >= limit,
}

/** The codes that meet all conditions, as ranges such as `200-299`. */
export function statusRanges(conditions: readonly Condition[]): (number | string)[] {
  const accepted = codes.filter((code) => conditions.every((condition) => meets(code, condition)))
  const ranges: [from: number, to: number][] = []
  for (const code of accepted) {
    const last = ranges.at(-1)
    if (last?.[1] === code - 1) last[1] = code
    else ranges.push([code, code])
  }
  return ranges.map(([from, to]) => (from === to ? from : `${from}-${to}`))
}

function meets(code: number, { operator, operand: { values } }: Condition): boolean {
  const test = ({ text, isPattern }: (typeof values)[number]): boolean =>
    isPattern ? new RegExp(globSource(text)).test(String(code)) : compare[operator](code, Number(text))
  // Unequal to any of several is unequal to each of them.
  if (operator === '!=') return values.every((value) => (value.isPattern ? !test(value) : test(value)))
  return values.some(test)
}
