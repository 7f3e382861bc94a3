import type { z } from 'zod'
import { asText, kindOf, seen, value, ValueError, type JsonSchema } from '../../settings/values/value.ts'

/** Text on one line that is not empty: names, keys, tokens. */
export const text: z.ZodType<string> = value(readText, { type: 'string', minLength: 1 })

function readText(input: unknown): string {
  const given = asText(input)
  if (given.trim() === '') throw new ValueError('is empty')
  if (/[\u0000-\u001f\u007f]/.test(given))
    throw new ValueError('contains a line break or a control character')
  return given
}

/** Text on one line in a certain form. What is refused is not quoted: it may be a secret. */
export function matching(what: string, pattern: RegExp): z.ZodType<string> {
  return value(
    (input) => {
      const given = readText(input)
      if (pattern.test(given)) return given
      throw new ValueError(`is not a valid ${what}`)
    },
    { type: 'string', minLength: 1, description: what },
  )
}

/** A secret: one word. */
export const secret = matching('key: expected letters, digits and symbols without spaces', /^[\x21-\x7e]+$/)

/** A whole number within bounds; as text too, because the environment has only text. */
export function wholeNumber(min: number, max: number): z.ZodType<number> {
  return value(
    (input) => {
      const number = typeof input === 'string' && /^\d{1,9}$/.test(input) ? Number(input) : input
      if (typeof number !== 'number') throw new ValueError(`expected a number, got ${kindOf(input)}`)
      if (Number.isInteger(number) && number >= min && number <= max) return number
      throw new ValueError(`${seen} is not a whole number from ${min} to ${max}`)
    },
    { anyOf: [{ type: 'integer', minimum: min, maximum: max }, { type: 'string' }] },
  )
}

/** Several values: a list, or text with commas between them, as an environment variable has it. */
export function listOf(
  what: string,
  pattern: RegExp,
  json: JsonSchema = { type: 'string' },
): z.ZodType<readonly string[]> {
  return value(
    (input) => {
      const items = (Array.isArray(input) ? input : [input]).flatMap((item) => asText(item).split(','))
      const values = items.map((item) => item.trim()).filter((item) => item !== '')
      if (values.length === 0) throw new ValueError(`expected at least one ${what}`)
      const wrong = values.find((item) => !pattern.test(item))
      if (wrong !== undefined) throw new ValueError(`expected a ${what}`, wrong)
      return values
    },
    { anyOf: [json, { type: 'array', items: json, minItems: 1 }] },
  )
}
