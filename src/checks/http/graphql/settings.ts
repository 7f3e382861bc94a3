import { z } from 'zod'
import { messageOf } from '../../../lib/errors.ts'
import { oneLine } from '../../../lib/text/text.ts'
import { flag } from '../../../settings/values/scalars.ts'
import { asText, keys, value, ValueError } from '../../../settings/values/value.ts'
import type { ReadText, Report } from '../../kind.ts'
import { toBundle, type SchemaBundle } from '../validation/bundle.ts'
import { placeOf } from '../validation/files.ts'
import { schemaProblem } from '../validation/validate.ts'
import { answerSchema, type Query } from './answer-schema.ts'
import { graphqlLibrary, type GraphqlLibrary } from './library.ts'

/** What is expected of a response of GraphQL. */
export interface GraphqlExpectation {
  /** Whether `errors` must be empty. */
  readonly noErrors: boolean
  /** What the response to this very query is like. Absent: anything will do. */
  readonly schema?: SchemaBundle
}

/** `expect.graphql:` */
export const graphqlSchema = keys({
  no_errors: flag
    .optional()
    .describe('Whether the response must have no `errors`, which come with status 200. Default: `true`.'),
  schema: value(asText, { type: 'string' })
    .optional()
    .describe(
      'A file in the folder of the configuration with the schema, in its own language or as the JSON of an introspection: the query must fit it, and the data must be what the query asks for. Default: none.',
    ),
})

/** The request that a query is in. */
interface Asking {
  readonly url: URL
  readonly body?: string | null | undefined
}

/** What is expected of the response to a request. What is wrong is reported. */
export function toGraphql(
  { no_errors: noErrors = true, schema: file }: z.output<typeof graphqlSchema>,
  asking: Asking,
  report: Report,
  readText: ReadText,
): GraphqlExpectation {
  if (file === undefined) return { noErrors }
  try {
    const lib = graphqlLibrary()
    const schema = readSchema(file, readText, lib)
    const query = readQuery(asking, file, schema, lib)
    const json = answerSchema(query, { mayFail: !noErrors }, lib)
    const bundle = toBundle(file, 'file:///schema', [['file:///schema', JSON.stringify(json)]])
    const problem = schemaProblem(bundle)
    if (problem !== undefined) throw new ValueError(`the query cannot be judged: ${problem}`)
    return { noErrors, schema: bundle }
  } catch (error) {
    if (!(error instanceof ValueError)) throw error
    report(['expect', 'graphql'], error.message)
    return { noErrors }
  }
}

function readSchema(file: string, readText: ReadText, lib: GraphqlLibrary): Query['schema'] {
  let text: string
  try {
    text = readText(placeOf(file))
  } catch (error) {
    throw new ValueError(messageOf(error))
  }
  try {
    if (!text.trimStart().startsWith('{')) return lib.buildSchema(text)
    const parsed = JSON.parse(text) as { readonly data?: unknown }
    return lib.buildClientSchema((parsed.data ?? parsed) as Parameters<typeof lib.buildClientSchema>[0])
  } catch (error) {
    throw new ValueError(`${file}${lineOf(error)} is not a valid schema of GraphQL: ${wordsOf(error)}`)
  }
}

/** @throws ValueError where the request has no query, or one that does not fit. */
function readQuery(asking: Asking, file: string, schema: Query['schema'], lib: GraphqlLibrary): Query {
  const { query, operationName } = requestOf(asking)
  if (query === undefined)
    throw new ValueError(
      `has a schema, and the request has no query: write body: '{"query": "{ ... }"}', or the query parameter of the URL`,
    )
  let document
  try {
    document = lib.parse(query, { maxLexicalTokens: 50_000 })
  } catch (error) {
    throw new ValueError(`the query is not valid: ${wordsOf(error)}`)
  }
  const [problem] = lib.validate(schema, document)
  if (problem) throw new ValueError(`the query does not fit ${file}: ${wordsOf(problem)}`)
  const operation = lib.getOperationAST(document, operationName)
  if (!operation)
    throw new ValueError('the query has several operations: name one of them as operationName of the request')
  const fragments = document.definitions.flatMap((one) =>
    one.kind === lib.Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [],
  )
  return { schema, operation, fragments: new Map(fragments) }
}

const requestSchema = z.object({ query: z.string(), operationName: z.string().nullish() })

/** As in https://graphql.github.io/graphql-over-http/draft/: in the body as JSON, or in the URL. */
function requestOf({ url, body }: Asking): { readonly query?: string; readonly operationName?: string } {
  if (body === undefined || body === null) {
    const [query, operationName] = [url.searchParams.get('query'), url.searchParams.get('operationName')]
    return { ...(query !== null && { query }), ...(operationName !== null && { operationName }) }
  }
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    return {}
  }
  const { query, operationName } = requestSchema.safeParse(parsed).data ?? {}
  return { ...(query !== undefined && { query }), ...(operationName && { operationName }) }
}

function wordsOf(error: unknown): string {
  return oneLine(messageOf(error)).slice(0, 300)
}

function lineOf(error: unknown): string {
  const locations: unknown =
    typeof error === 'object' && error !== null && 'locations' in error ? error.locations : undefined
  const [first] = Array.isArray(locations) ? (locations as { readonly line?: number }[]) : []
  return first?.line === undefined ? '' : `:${first.line}`
}
