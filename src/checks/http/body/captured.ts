import { RE2JS } from 're2js'
import { Decimal } from '../../../lib/text/decimal.ts'
import { memoize } from '../../../settings/values/memo.ts'

/** Bytes of a value. Anything longer is neither a token nor an id. */
export const maxCapturedBytes = 8 * 1024

/** A value, or the words for why there is none. */
export type Found = { readonly value: string } | { readonly problem: string }

/** Compiles a regex. It was checked before. */
export const regexOf = memoize((source) => RE2JS.compile(source))

/** A value that may not be there. */
export function present(value: string | null | undefined): Found {
  return value === undefined || value === null ? { problem: 'it is missing' } : { value }
}

/** What a JSONPath has selected: the first of it is taken, a number as it is written. */
export function scalarOf([value]: readonly unknown[]): Found {
  if (value instanceof Decimal) return { value: value.source }
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return { value: String(value) }
  return { problem: value === undefined ? 'it is missing' : 'it is neither text nor a number' }
}

/**
 * The part of a value that a regex takes: its first group, or everything that matches. What is too long is cut behind
 * {@link maxCapturedBytes}, because it will not be used.
 */
export function narrowed(found: Found, pattern: string | undefined): Found {
  if ('problem' in found) return found
  if (pattern === undefined) return { value: found.value.slice(0, maxCapturedBytes + 1) }
  const matcher = regexOf(pattern).matcher(found.value)
  if (!matcher.find()) return { problem: `nothing in it matches ${JSON.stringify(pattern.slice(0, 100))}` }
  const taken = present(matcher.group(Math.min(1, matcher.groupCount())))
  return narrowed(taken, undefined)
}
