import type { SchemaBundle } from './bundle.ts'
import { validatorOf } from './validate.ts'
import { schemaWords } from './words.ts'

/**
 * Judges a document. How long that takes depends on the schema and on the document: it belongs into a thread that can be ended.
 *
 * @param document As `JSON.parse` has it: every number is a double.
 * @returns In what it is not as the schema has it.
 */
export function judgeSchema(document: unknown, bundle: SchemaBundle): string | undefined {
  try {
    const error = validatorOf(bundle)(document)
    return error && schemaWords(error, document, bundle.name)
  } catch (error) {
    // A schema that refers to itself and nothing else, or a document that nests very deep.
    if (!(error instanceof RangeError)) throw error
    return `expected the body to be valid (${bundle.name}), but it cannot be validated: that nests too deeply`
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
