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
  const error = validatorOf(bundle)(document)
  return error && schemaWords(error, document, bundle.name)
}
