import type { z } from 'zod'
import type { Given, ReadText, Report } from '../../kind.ts'
import type { CelRule } from '../body/cel.ts'
import { bundleSchema, type SchemaBundle } from '../validation/bundle.ts'
import { readOperation, type Operation } from '../openapi/operation.ts'
import { schemaProblem } from '../validation/validate.ts'
import { graphqlSchema, type GraphqlExpectation } from '../graphql/settings.ts'
import type { JsonRule } from '../json-rule/rule.ts'
import { comparisons } from '../json-rule/settings.ts'
import type { Pattern } from '../../../settings/values/pattern.ts'
import { NotFetchedError } from '../../../settings/secrets.ts'
import { flag, patternJson, readPattern, size } from '../../../settings/values/scalars.ts'
import { asText, keys, mapping, oneOrMany, value, ValueError } from '../../../settings/values/value.ts'
import {
  checkHeaderName,
  checkJsonPath,
  readCel,
  readHttpVersion,
  readStatus,
  type StatusRange,
} from './values.ts'

/** A regex that is held against the values of a header. */
export interface HeaderRule {
  /** In lower case. */
  readonly name: string
  readonly pattern: Pattern
}

export interface BodyRules {
  readonly contains: readonly string[]
  readonly notContains: readonly string[]
  readonly matches: readonly Pattern[]
  readonly notMatches: readonly Pattern[]
}

/** What an HTTP answer must look like. */
export interface HttpExpectation {
  /** The code must be in one of these. */
  readonly status: readonly StatusRange[]
  /** Each must match one of the header's values; a header that is missing is a failure. */
  readonly headers: readonly HeaderRule[]
  /** The same, for headers that may be missing. */
  readonly headersIfPresent: readonly HeaderRule[]
  /** None may match any of the header's values. */
  readonly notHeaders: readonly HeaderRule[]
  /** Versions of HTTP, such as 1.1 or 2, one of which the last answer must have. Empty: any. */
  readonly versions: readonly number[]
  /** Whether the last answer must come over TLS, or must not. Absent: both will do. */
  readonly ssl?: boolean
  /** Whether answers that are odd, though they can be read, are refused. */
  readonly strict?: boolean
  readonly json: readonly JsonRule[]
  readonly cel: readonly CelRule[]
  /** What the body must be valid against. Absent: anything will do. */
  readonly schema?: SchemaBundle
  /** What a specification says of the answer. Absent: nothing. */
  readonly operation?: Operation
  /** Absent: it need not be a response of GraphQL. */
  readonly graphql?: GraphqlExpectation
  readonly body: BodyRules
  /** Bytes of the body, after decompression, that are accepted. More is a failure with reason `size`. */
  readonly maxBody: number
}

const textJson = { type: 'string' } as const
const texts = (description: string) => oneOrMany(asText, textJson).optional().describe(description)
const patterns = (description: string) => oneOrMany(readPattern, patternJson).optional().describe(description)

const headerRules = (description: string): z.ZodOptional<z.ZodType<Record<string, Pattern[]>>> =>
  mapping(checkHeaderName, oneOrMany(readPattern, patternJson), { description }).optional()

function readFileName(input: unknown): string | null {
  if (input === null) return null
  const file = asText(input)
  if (file.trim() === '')
    throw new ValueError(
      'names no file: write one such as schemas/order.json, or ~ to remove an inherited one',
    )
  return file
}

/** The keys of its `expect:`. */
export const expectShape = {
  status: oneOrMany(readStatus, {
    anyOf: [{ type: 'integer', minimum: 100, maximum: 999 }, textJson],
    description: 'Accepted codes, such as 200, 2xx or 200-299.',
  })
    .optional()
    .describe('The status code is one of these: `200`, `2xx`, `200-299`, one or a list. Default: `2xx`.'),
  headers: headerRules(
    'Each of these headers is present, and one of its values matches the regex, or each regex of a list. Default: none.',
  ),
  headers_if_present: headerRules('Like `headers`, but a header may be missing. Default: none.'),
  not_headers: headerRules(
    'No value of these headers matches the regex, or one of the list. A header may be missing. Default: none.',
  ),
  version: oneOrMany(readHttpVersion, {
    anyOf: [{ enum: [1, 1.1, 2] }, textJson],
    description: 'A version of HTTP: 1.0, 1.1 or 2.',
  })
    .optional()
    .describe(
      'The response has one of these versions of HTTP: `1.0`, `1.1`, `2`, one or a list. `2` alone needs `http2: true`. Default: any.',
    ),
  ssl: flag
    .nullable()
    .optional()
    .describe(
      '`true`: the response came over TLS; `false`: it did not. After redirects, the last response counts. Default: either.',
    ),
  strict: flag
    .optional()
    .describe(
      '`true`: a response that HTTP does not allow fails the check, even if every client can read it; see `probe_http_lenient_info`. Default: `false`.',
    ),
  json: mapping(checkJsonPath, comparisons, {
    description:
      'The body is JSON, and each JSONPath (RFC 9535, without `match()` and `search()`) selects the value, or one that meets comparisons such as `{ gt: 3 }`. Default: none.',
  }).optional(),
  cel: oneOrMany(readCel, textJson)
    .optional()
    .describe(
      'The body is JSON, and this CEL expression about `body` is true, or all of a list. Default: none.',
    ),
  not_cel: oneOrMany(readCel, textJson)
    .optional()
    .describe(
      'The body is JSON, and this CEL expression about `body`, or each of a list, is false. Default: none.',
    ),
  json_schema: value(readFileName, { type: ['string', 'null'] })
    .optional()
    .describe(
      'The body is JSON that is valid against the JSON Schema in this file, JSON or YAML, which is in the folder of the configuration; `~` removes an inherited one. Default: none.',
    ),
  openapi: value((input) => (input === null ? null : asText(input)), { type: ['string', 'null'] })
    .optional()
    .describe(
      'The response is as an OpenAPI specification (3.0 or 3.1) says, a file in the folder of the configuration or an https URL: `petstore.yaml#listPets`, or `petstore.yaml#GET /pets/{id}`; `~` removes an inherited one. Default: none.',
    ),
  graphql: graphqlSchema
    .nullable()
    .optional()
    .describe(
      'The body is a response of GraphQL, such as one without errors; `~` removes an inherited one. Default: none.',
    ),
  body: keys({
    contains: texts('The body contains exactly this text, or all texts of a list.'),
    not_contains: texts('The body contains neither this text nor any of a list.'),
    matches: patterns('The body matches this regex, or all of a list.'),
    not_matches: patterns('The body matches neither this regex nor any of a list.'),
  })
    .optional()
    .describe('What is expected of the body. All conditions must hold. Default: anything.'),
  max_body: size
    .optional()
    .describe('The body is no larger than this, decompressed; from `1B` to `1GiB`. Default: `10MiB`.'),
}

type Parsed = z.output<z.ZodObject<typeof expectShape>>

/** A validated `expect:`: what the defaults give is there. */
export type ExpectSettings = Given<Parsed, 'status' | 'max_body'> & Parsed

function toHeaderRules(written: Readonly<Record<string, readonly Pattern[]>> = {}): HeaderRule[] {
  return Object.entries(written).flatMap(([name, patterns]) =>
    patterns.map((pattern) => ({ name: name.toLowerCase(), pattern })),
  )
}

/** What a key names a file for; nothing where it names none, or where something is wrong, which is reported. */
function from<T extends object>(
  key: string,
  written: string | null | undefined,
  report: Report,
  read: (written: string) => T,
): Partial<T> {
  if (written === undefined || written === null) return {}
  try {
    return read(written)
  } catch (error) {
    // All of it is made again when it is there.
    if (error instanceof NotFetchedError) return {}
    if (!(error instanceof ValueError)) throw error
    report(['expect', key], error.message)
    return {}
  }
}

/** @throws ValueError where it is none. */
function readSchema(file: string, readText: ReadText): SchemaBundle {
  const schema = bundleSchema(file, readText)
  const problem = schemaProblem(schema)
  if (problem === undefined) return schema
  throw new ValueError(`${file} is not a valid JSON Schema: ${problem}`)
}

/** Makes what is expected of validated settings. */
export function toExpectation(expect: ExpectSettings, report: Report, readText: ReadText): HttpExpectation {
  const { json = {}, cel = [], not_cel: notCel = [], body = {}, version = [], ssl, strict } = expect
  return {
    status: expect.status,
    headers: toHeaderRules(expect.headers),
    headersIfPresent: toHeaderRules(expect.headers_if_present),
    notHeaders: toHeaderRules(expect.not_headers),
    versions: version,
    ...(typeof ssl === 'boolean' && { ssl }),
    ...(strict !== undefined && { strict }),
    json: Object.entries(json).map(([path, expected]) => ({ path, expected })),
    cel: [
      ...cel.map((expression) => ({ expression, holds: true })),
      ...notCel.map((expression) => ({ expression, holds: false })),
    ],
    ...from('json_schema', expect.json_schema, report, (file) => ({ schema: readSchema(file, readText) })),
    ...from('openapi', expect.openapi, report, (reference) => ({
      operation: readOperation(reference, readText),
    })),
    body: {
      contains: body.contains ?? [],
      notContains: body.not_contains ?? [],
      matches: body.matches ?? [],
      notMatches: body.not_matches ?? [],
    },
    maxBody: expect.max_body,
  }
}
