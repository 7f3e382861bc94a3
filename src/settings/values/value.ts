import { z } from 'zod'
import { Decimal, rounded } from '../../lib/text/decimal.ts'
import { closest, didYouMean } from './closest.ts'

/** A JSON Schema fragment: what an editor knows about a value. */
export type JsonSchema = z.core.JSONSchema.BaseSchema

/** The dialect of every JSON Schema of ours: the YAML language server knows it. */
export const draft7 = 'http://json-schema.org/draft-07/schema#'

/** What an editor knows about a value, as a part of a greater schema: the dialect is written once, at its top. */
export function jsonOf(schema: z.ZodType): JsonSchema {
  const json = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' })
  delete json.$schema
  return json
}

/**
 * Stands for the value, as it was written, in the message of a {@link ValueError}: the words of a message are chosen
 * before `${...}` is masked, so they never hold the value itself.
 */
export const seen = '{}'

/** Why a value is refused. */
export class ValueError extends Error {
  override name: string = 'ValueError'
  /** A quotation from the value that makes the message clearer; left out when the value holds a secret. */
  readonly detail: string | undefined

  constructor(message: string, detail?: string) {
    super(message)
    this.detail = detail
  }
}

/** A key of a mapping that cannot be there: the issue is at the key, not at its value. */
export class KeyError extends ValueError {
  override name = 'KeyError'
}

/** What an issue says besides its message. */
export function issueParams(error: ValueError): { detail: string | undefined; part: 'key' | 'value' } {
  return { detail: error.detail, part: error instanceof KeyError ? 'key' : 'value' }
}

/**
 * A value that is read by a function: what it throws as {@link ValueError} becomes an issue at its place. Numbers are
 * doubles, also where they were written with more digits.
 */
export function value<T>(parse: (input: unknown) => T, json: JsonSchema): z.ZodType<T> {
  return z
    .unknown()
    .transform((input, context) => attempt(() => parse(rounded(input)), context, []))
    .meta(json)
}

/** One value, or a list of them. */
export function oneOrMany<T>(parse: (input: unknown) => T, json: JsonSchema): z.ZodType<T[]> {
  return z
    .unknown()
    .transform((input, context) => {
      if (!Array.isArray(input)) return [attempt(() => parse(rounded(input)), context, [])]
      if (input.length === 0) context.addIssue({ code: 'custom', message: 'is an empty list' })
      return input.map((item, index) => attempt(() => parse(rounded(item)), context, [index]))
    })
    .meta({ anyOf: [json, { type: 'array', items: json, minItems: 1 }] })
}

function attempt<T>(parse: () => T, context: z.core.$RefinementCtx, path: (string | number)[]): T {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof ValueError)) throw error
    context.addIssue({ code: 'custom', message: error.message, path, params: issueParams(error) })
    return z.NEVER
  }
}

/** A mapping with these keys only. An unknown key's message names the known one that was probably meant. */
export function keys<S extends z.ZodRawShape>(
  shape: S,
  nested: Readonly<Record<string, readonly string[]>> = {},
): z.ZodObject<S, z.core.$strict> {
  const known = Object.keys(shape)
  const suggestion = (key: string): string => {
    const below = Object.entries(nested).find(([, names]) => names.includes(key))
    if (below !== undefined) return ` (did you mean ${below[0]}.${key}?)`
    const direct = didYouMean(key, known)
    if (direct !== '') return direct
    for (const [parent, names] of Object.entries(nested)) {
      const meant = closest(key, names)
      if (meant !== undefined) return ` (did you mean ${parent}.${meant}?)`
    }
    return ''
  }
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => `unknown key${suggestion(key)}`).join('\n')
        : `expected a mapping with ${enumerate(known)}, got ${kindOf(issue.input)}`,
  })
}

/** A mapping from names to values, such as labels and headers. */
export function mapping<T>(
  checkKey: (key: string) => void,
  item: z.ZodType<T>,
  json: JsonSchema = {},
): z.ZodType<Record<string, T>> {
  const key = z.string().superRefine((name, context) => {
    attempt(
      () => {
        checkKey(name)
      },
      context,
      [],
    )
  })
  return z
    .record(key, item, { error: (issue) => `expected a mapping, got ${kindOf(issue.input)}` })
    .meta(json)
}

/** `a, b or c`, shortened where there are many. */
function enumerate(names: readonly string[]): string {
  if (names.length > 6) return `keys such as ${names.slice(0, 3).join(', ')}`
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`
}

/** What a value is, in words, without the value. */
export function kindOf(input: unknown): string {
  if (input === undefined || input === null) return 'nothing'
  if (Array.isArray(input)) return 'a list'
  if (input instanceof Decimal) return 'a number'
  if (typeof input === 'object') return 'a mapping'
  if (typeof input === 'boolean') return String(input)
  return typeof input === 'string' ? 'text' : `a ${typeof input}`
}

/** Reads text. Numbers are refused, because `1.10` would become `1.1`. */
export function asText(input: unknown): string {
  if (typeof input === 'string') return input
  if (input === undefined) throw new ValueError('is missing')
  const quote = typeof input === 'number' || typeof input === 'boolean' ? ': put it in quotes' : ''
  throw new ValueError(`expected text, got ${kindOf(input)}${quote}`)
}
