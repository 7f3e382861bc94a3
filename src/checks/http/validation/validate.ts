import { Ajv2019 } from 'ajv/dist/2019.js'
import { Ajv2020, type AnySchemaObject, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { RE2JS } from 're2js'
import { messageOf } from '../../../lib/errors.ts'
import type { SchemaBundle } from './bundle.ts'
import { endless } from './endless.ts'

/** Validates a document, as `JSON.parse` has it. @returns The first thing that is wrong with it. */
export type Validate = (document: unknown) => ErrorObject | undefined

/** Validators that are kept, by the content of their schemas. */
const known = new Map<string, Validate>()
const maxKnown = 200

/**
 * Makes a validator, or takes the one that was made before.
 *
 * @throws Error with the words of ajv, where the schema is none.
 */
export function validatorOf(bundle: SchemaBundle): Validate {
  const before = known.get(bundle.key)
  if (before) return before
  const validate = make(bundle)
  if (known.size >= maxKnown) known.clear()
  known.set(bundle.key, validate)
  return validate
}

/** What is wrong with schemas that were looked at, by their content: a reload finds nearly all of them again. */
const problems = new Map<string, string | undefined>()
const maxProblems = 20_000

/** What is wrong with a schema, in words; nothing where it can be used. */
export function schemaProblem(bundle: SchemaBundle): string | undefined {
  if (!problems.has(bundle.key)) {
    if (problems.size >= maxProblems) problems.clear()
    problems.set(bundle.key, problemOf(bundle))
  }
  return problems.get(bundle.key)
}

function problemOf(bundle: SchemaBundle): string | undefined {
  try {
    const problem = endless(bundle)
    if (problem !== undefined) return problem
    // It is not kept: bodies are judged in threads.
    make(bundle)
    return undefined
  } catch (error) {
    // The compiler calls itself for each reference.
    if (error instanceof RangeError) return 'its references lead in a circle, or are nested too deeply'
    return messageOf(error).split('\n', 1)[0]?.slice(0, 300)
  }
}

function make({ root, documents }: SchemaBundle): Validate {
  const schemas = documents.map(
    ([uri, json]) => [uri, JSON.parse(json) as AnySchemaObject | boolean] as const,
  )
  const ajv = ajvFor(schemas[0]?.[1])
  for (const [uri, schema] of schemas) ajv.addSchema(withoutDialect(schema, uri), uri)
  const validate = ajv.getSchema(root) as ValidateFunction | undefined
  if (!validate) throw new Error(`there is no ${root}`)
  // Of what fits none of several schemas, the last error says so; those before it are of each of them.
  return (document) => (validate(document) ? undefined : validate.errors?.at(-1))
}

/** The dialects before 2020-12 differ in what that one has no longer. */
function ajvFor(schema: unknown): Ajv2019 | Ajv2020 {
  const dialect = typeof schema === 'object' && schema !== null && '$schema' in schema ? schema.$schema : ''
  const text = typeof dialect === 'string' ? dialect : ''
  if (/draft-0[34]\b/.test(text))
    throw new Error(
      'draft-04 of JSON Schema is too old: write "$schema" of draft-06 or newer, and what it changes',
    )
  const Ajv = text.includes('2020-12') || text === '' ? Ajv2020 : Ajv2019
  const ajv = new Ajv({
    // What a specification says besides is not a mistake.
    strict: false,
    logger: false,
    // 0.3 is a multiple of 0.1.
    multipleOfPrecision: 9,
    code: { regExp: linear },
  })
  addFormats.default(ajv)
  return ajv
}

/** In linear time, whatever the pattern and the text. */
const linear = Object.assign(
  (pattern: string) => {
    const regex = compiled(pattern)
    return { test: (text: string) => regex.test(text), toString: () => `/${pattern}/` }
  },
  { code: 'new RegExp' },
)

function compiled(pattern: string): RE2JS {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(pattern))
  } catch (error) {
    throw new Error(
      `the pattern ${JSON.stringify(pattern.slice(0, 100))} is not valid in RE2, which has no lookaheads and no backreferences`,
      { cause: error },
    )
  }
}

/** The dialect was chosen, and the URI is the one that others refer to. */
function withoutDialect(schema: AnySchemaObject | boolean, uri: string): AnySchemaObject | boolean {
  if (typeof schema === 'boolean') return schema
  const { $schema: _dialect, $id: _id, ...others } = schema
  return { ...others, $id: uri }
}
