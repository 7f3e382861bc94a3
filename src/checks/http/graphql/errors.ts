import { oneLine } from '../../../lib/text/text.ts'
import { clip, quote } from '../body/quote.ts'

/**
 * Says which errors a response of GraphQL has: https://spec.graphql.org/October2021/#sec-Errors
 *
 * @param document As `JSON.parse` has it.
 * @returns Nothing where it has none.
 */
export function graphqlErrors(document: unknown): string | undefined {
  if (!isMapping(document)) return 'expected a response of GraphQL, which is an object with data or errors'
  const { errors } = document
  if (errors === undefined || (Array.isArray(errors) && errors.length === 0)) {
    return 'data' in document
      ? undefined
      : 'expected a response of GraphQL with data, got neither data nor errors'
  }
  const all: readonly unknown[] = Array.isArray(errors) ? errors : [errors]
  const [first] = all
  const { message, path } = isMapping(first) ? first : {}
  const words = typeof message === 'string' ? quote(oneLine(message)) : 'one without a message'
  const steps =
    Array.isArray(path) && path.length > 0 ? ` at ${clip(oneLine(path.map(String).join('.')))}` : ''
  const more = all.length > 1 ? `, and ${all.length - 1} more` : ''
  return `expected a response of GraphQL without errors, got ${words}${steps}${more}`
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
