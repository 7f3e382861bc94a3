import { TookTooLong, within } from './bounded.ts'
import type { SchemaBundle } from './bundle.ts'
import { validatorOf } from './validate.ts'
import { schemaWords } from './words.ts'

/**
 * Judges a document. How long that takes depends on the schema and on the document: it belongs into a thread.
 *
 * @param document As `JSON.parse` has it: every number is a double.
 * @param limitMs Milliseconds: a schema whose alternatives multiply with each level of a document could take years. Default 4,000.
 * @returns In what it is not as the schema has it.
 */
export function judgeSchema(document: unknown, bundle: SchemaBundle, limitMs = 4000): string | undefined {
  const unjudged = (why: string): string =>
    `expected the body to be valid (${bundle.name}), but it cannot be validated: ${why}`
  try {
    const validate = validatorOf(bundle)
    const error = within(limitMs, () => validate(document))
    return error && schemaWords(error, document, bundle.name)
  } catch (error) {
    if (error instanceof TookTooLong)
      return unjudged(`that takes longer than ${limitMs / 1000} s; simplify anyOf and oneOf of the schema`)
    // A document that nests very deep.
    if (error instanceof RangeError) return unjudged('that nests too deeply')
    throw error
  }
}

/** Judges a text that stands for a value, as that of a header does: which one depends on the schema. */
export function judgeText(text: string, what: string, bundle: SchemaBundle): string | undefined {
  const validate = validatorOf(bundle)
  const readings: unknown[] = [text]
  if (/^-?\d+(?:\.\d+)?$/.test(text)) readings.unshift(Number(text))
  if (text === 'true' || text === 'false') readings.unshift(text === 'true')
  if (text.includes(',')) readings.push(text.split(',').map((item) => item.trim()))
  const errors = readings.map((reading) => validate(reading))
  const [error] = errors
  if (!error || errors.includes(undefined)) return undefined
  return schemaWords(error, readings[0], bundle.name, what)
}
