import type { Pattern } from '../../../settings/values/pattern.ts'
import type { z } from 'zod'
import { patternJson, readPattern } from '../../../settings/values/scalars.ts'
import { asText, keys, value } from '../../../settings/values/value.ts'
import { checkHeaderName, checkJsonPath } from '../../http/settings/values.ts'

/** Where in an answer the value of a variable is. */
export interface CaptureSource {
  readonly from: 'header' | 'cookie' | 'json' | 'body'
  /** The name of the header, in lower case, or of the cookie; the JSONPath; empty for the body as a whole. */
  readonly at: string
}

/** How a variable gets its value from an answer. */
export interface CaptureRule {
  readonly source: CaptureSource
  /** What of it is taken: the first group, or everything that matches. Absent: all of it. */
  readonly pattern?: Pattern
}

function named(check: (name: string) => void): (input: unknown) => string {
  return (input) => {
    const text = asText(input)
    check(text)
    return text
  }
}

const textJson = { type: 'string' } as const

const shape = {
  header: value(named(checkHeaderName), { ...textJson, description: 'The name of a header.' }).optional(),
  cookie: value(named(checkHeaderName), { ...textJson, description: 'The name of a cookie.' }).optional(),
  json: value(named(checkJsonPath), { ...textJson, description: 'A JSONPath (RFC 9535).' }).optional(),
  regex: value(readPattern, {
    ...patternJson,
    description: 'A regex in RE2 syntax; its first group is taken. Alone, it is searched for in the body.',
  }).optional(),
}

type Written = z.output<z.ZodObject<typeof shape>>

function sourceOf({ header, cookie, json }: Written): CaptureSource {
  if (header !== undefined) return { from: 'header', at: header.toLowerCase() }
  if (cookie !== undefined) return { from: 'cookie', at: cookie }
  return json === undefined ? { from: 'body', at: '' } : { from: 'json', at: json }
}

/** One entry of `capture:`. */
export const captureRule = keys(shape)
  .superRefine(({ header, cookie, json, regex }, context) => {
    const sources = [header, cookie, json].filter((source) => source !== undefined).length
    if (sources === 1 || (sources === 0 && regex)) return
    const message =
      'expected one of header:, cookie: and json:, with or without regex:, or regex: alone for the body'
    context.addIssue({ code: 'custom', message })
  })
  .transform((written): CaptureRule => ({
    source: sourceOf(written),
    ...(written.regex && { pattern: written.regex }),
  }))
