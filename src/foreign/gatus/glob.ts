import { quoteRegex } from '../shared/regex.ts'
import type { Condition } from './condition.ts'

/** A regex that matches what a `pat(...)` of Gatus does: `*` stands for any text, and the whole has to match. */
export function globSource(glob: string): string {
  // Several stars are the same as one, and would be tried in every combination.
  return `^${glob.split(/\*+/).map(quoteRegex).join('.*')}$`
}

/** A regex that matches a whole text where it is one of the values of a condition. */
export function sourceOf({ operand: { values } }: Pick<Condition, 'operand'>): string {
  const sources = values.map(({ text, isPattern }) =>
    isPattern ? globSource(text) : `^${quoteRegex(text)}$`,
  )
  return sources.length === 1 ? (sources[0] ?? '') : `(?:${sources.join('|')})`
}
