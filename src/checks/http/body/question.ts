import type { SchemaBundle } from '../validation/bundle.ts'
import type { JsonRule } from '../json-rule/rule.ts'
import type { HttpExpectation } from '../settings/expect.ts'
import type { CelRule } from './cel.ts'
import type { Found } from './captured.ts'

/** What to find out about a body. It can be sent to a thread, so that regexes are what they were written as. */
export interface BodyQuestion {
  /** As the header says; empty where it is missing. */
  readonly contentType: string
  /** What the body must be like. Absent: anything will do. */
  readonly rules?: BodyRules
  readonly captures: readonly BodyCapture[]
}

/** The rules of an expectation for the body. */
export interface BodyRules {
  readonly json: readonly JsonRule[]
  readonly cel: readonly CelRule[]
  /** The JSON Schemas that the body is valid against. Default: none. */
  readonly schemas?: readonly SchemaBundle[]
  /** One of these that a specification has for the body: which of its fields it does not know is found out. Default: none. */
  readonly specified?: SchemaBundle
  /** Whether the body must be a response of GraphQL without errors. Default: it need not be one. */
  readonly noGraphqlErrors?: boolean
  /** Texts that belong to the answer, such as headers, with schemas of their values. Default: none. */
  readonly values?: readonly ValueRule[]
  readonly contains: readonly string[]
  readonly notContains: readonly string[]
  readonly matches: readonly string[]
  readonly notMatches: readonly string[]
}

/** A text, and what the value is like that it stands for. */
export interface ValueRule {
  /** In words. */
  readonly what: string
  readonly value: string
  readonly schema: SchemaBundle
}

/** A value to take out of a body. */
export interface BodyCapture {
  /** A JSONPath; absent: the whole body. */
  readonly path?: string
  /** What of the value is taken: the first group, or everything that matches. */
  readonly pattern?: string
}

export interface BodyAnswer {
  /** In what the body is not as expected. */
  readonly message?: string
  /** Whether that is because of an expression of CEL. */
  readonly failedDueToCel?: boolean
  /** Whether that is not the body, but one of the values next to it. */
  readonly failedDueToValue?: boolean
  /** The JSONPaths of fields that the specification does not know. Present where there is one and the body is as it says. */
  readonly unknownFields?: readonly string[]
  /** What was found for each of the captures. */
  readonly captured: readonly Found[]
}

/**
 * Takes them out of an expectation.
 *
 * @param more What is expected besides. Default: nothing.
 */
export function bodyRules(
  { json, cel, schema, graphql, body }: Pick<HttpExpectation, 'json' | 'cel' | 'schema' | 'graphql' | 'body'>,
  more: { readonly schema?: SchemaBundle; readonly values?: readonly ValueRule[] } = {},
): BodyRules {
  const { contains, notContains } = body
  const [matches = [], notMatches = []] = [body.matches, body.notMatches].map((patterns) =>
    patterns.map(({ source }) => source),
  )
  const schemas = [schema, more.schema, graphql?.schema].filter((one) => one !== undefined)
  const { values = [] } = more
  return {
    ...{ contains, notContains, matches, notMatches, json, cel, schemas, values },
    ...(more.schema && { specified: more.schema }),
    ...(graphql?.noErrors && { noGraphqlErrors: true }),
  }
}

/**
 * Finds out about a body. The bytes must not be used afterwards.
 *
 * @throws ProbeFailure `body` where that takes too much time or memory; the signal's reason.
 */
export type BodyJudge = (bytes: Buffer, question: BodyQuestion, signal: AbortSignal) => Promise<BodyAnswer>
