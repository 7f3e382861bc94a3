import { parseRetryAfter } from '../../../lib/http/retry-after.ts'
import type { RateLimitResult } from '../result.ts'
import { headerValues, type ResponseHeaders } from '../headers.ts'
import { parseItems, type Item } from './structured-list.ts'

type Parts = { -readonly [K in keyof RateLimitResult]: RateLimitResult[K] }

/** Characters of a header that are looked at: no honest one is longer. */
const maxLength = 1024

/** A number of seconds from now is below it, a unix time above: no limit is reset in 30 years. */
const firstUnixTime = 1e9

/** A unix time in milliseconds is above it; in seconds it would be the year 33658. */
const firstUnixMilliseconds = 1e12

/**
 * Reads what an answer says about a rate limit. The forms, of which the first one found counts, are `RateLimit` with `RateLimit-Policy`
 * (draft-ietf-httpapi-ratelimit-headers, 08 and later), `RateLimit` of its drafts before, `RateLimit-Limit`,
 * `-Remaining` and `-Reset`, the same with `X-` in front, as one word or as two, what OpenAI and Anthropic say of requests
 * (`x-ratelimit-remaining-requests`, `anthropic-ratelimit-requests-remaining`); and for the reset, on a 429, `Retry-After`.
 *
 * @param now Milliseconds since 1970.
 * @returns Nothing where nothing is said.
 */
export function rateLimitOf(
  statusCode: number,
  headers: ResponseHeaders,
  now: number,
): RateLimitResult | undefined {
  const found: Parts = {
    ...(isSaid(headers) &&
      (fromField(headers, now) ?? triples.map((nameOf) => fromTriple(nameOf, headers, now)).find(hasAny))),
  }
  if (statusCode === 429) {
    const seconds = parseRetryAfter(text(headers, 'retry-after'), now)
    if (seconds !== undefined && seconds < firstUnixTime) {
      found.remaining ??= 0
      found.resetAt ??= now / 1000 + seconds
    }
  }
  return hasAny(found) ? found : undefined
}

type Name = 'limit' | 'remaining' | 'reset'

/** Three headers that belong together. */
const triples: readonly ((name: Name) => string)[] = [
  (name) => `ratelimit-${name}`,
  (name) => `x-ratelimit-${name}`,
  (name) => `x-rate-limit-${name}`,
  (name) => `x-ratelimit-${name}-requests`,
  (name) => `anthropic-ratelimit-requests-${name}`,
]

/** A quick look, because hardly any answer has these headers. */
function isSaid(headers: ResponseHeaders): boolean {
  for (const name in headers) if (name.includes('rate')) return true
  return false
}

function hasAny(parts: RateLimitResult): boolean {
  return Object.keys(parts).length > 0
}

function text(headers: ResponseHeaders, name: string): string | undefined {
  const values = headerValues(headers, name)
  return values.length === 0 ? undefined : values.join(', ').slice(0, maxLength).trim()
}

function fromTriple(nameOf: (name: Name) => string, headers: ResponseHeaders, now: number): RateLimitResult {
  // A list of policies may follow: 100, 100;w=60.
  const first = (name: Name): string | undefined => text(headers, nameOf(name))?.split(/[,;]/, 1)[0]?.trim()
  const reset = text(headers, nameOf('reset'))
  return parts(
    count(first('limit')),
    count(first('remaining')),
    reset === undefined ? undefined : instant(reset, now),
  )
}

function fromField(headers: ResponseHeaders, now: number): RateLimitResult | undefined {
  const field = text(headers, 'ratelimit')
  if (field === undefined) return undefined
  const items = parseItems(field)
  const policies = parseItems(text(headers, 'ratelimit-policy') ?? '')
  const limits = items.flatMap((item) => fromItem(item, policies, now) ?? [])
  return tightest(limits) ?? fromDictionary(field, now)
}

/** `"default";r=50;t=30`, together with `"default";q=100;w=60`. */
function fromItem(
  { name, parameters }: Item,
  policies: readonly Item[],
  now: number,
): RateLimitResult | undefined {
  const remaining = count(parameters.get('r'))
  if (remaining === undefined) return undefined
  const policy = policies.find((candidate) => candidate.name === name)
  const seconds = count(parameters.get('t'))
  return parts(
    count(policy?.parameters.get('q')),
    remaining,
    seconds === undefined ? undefined : now / 1000 + seconds,
  )
}

/** `limit=100, remaining=50, reset=30`. */
function fromDictionary(field: string, now: number): RateLimitResult | undefined {
  const pairs = new Map(field.split(',').map((pair) => splitOnce(pair)))
  const reset = pairs.get('reset')
  const found = parts(
    count(pairs.get('limit')),
    count(pairs.get('remaining')),
    reset === undefined ? undefined : instant(reset, now),
  )
  return hasAny(found) ? found : undefined
}

function splitOnce(pair: string): readonly [string, string] {
  const [name = '', value = ''] = pair.split('=', 2)
  return [name.trim().toLowerCase(), value.trim()]
}

/** Of several limits, the one of which the smallest share is left. */
function tightest(limits: readonly RateLimitResult[]): RateLimitResult | undefined {
  const share = ({ remaining = 0, limit }: RateLimitResult): number =>
    limit === undefined ? (remaining === 0 ? 0 : 1) : limit === 0 ? 0 : remaining / limit
  return limits.toSorted((a, b) => share(a) - share(b))[0]
}

function parts(
  limit: number | undefined,
  remaining: number | undefined,
  resetAt: number | undefined,
): RateLimitResult {
  return {
    ...(limit !== undefined && { limit }),
    ...(remaining !== undefined && { remaining }),
    ...(resetAt !== undefined && { resetAt }),
  }
}

function count(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,15}(?:\.\d{1,9})?$/.test(value) ? Number(value) : undefined
}

/** Seconds from now, a unix time in seconds or milliseconds, a time from now such as `6m0s`, or a date of HTTP or RFC 3339. */
function instant(value: string, now: number): number | undefined {
  const span = /^(?=.)(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6}(?:\.\d{1,9})?)s)?(?:(\d{1,9})ms)?$/.exec(
    value,
  )
  if (span) {
    const [, hours = '0', minutes = '0', seconds = '0', milliseconds = '0'] = span
    const wait = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(milliseconds) / 1000
    return now / 1000 + wait
  }
  const number = count(value.split(/[;,]/, 1)[0]?.trim())
  if (number !== undefined) {
    if (number >= firstUnixMilliseconds) return number / 1000
    return number >= firstUnixTime ? number : now / 1000 + number
  }
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/.test(value)) {
    const date = Date.parse(value)
    return Number.isNaN(date) ? undefined : date / 1000
  }
  const seconds = /^\d/.test(value) ? undefined : parseRetryAfter(value, now)
  return seconds === undefined ? undefined : now / 1000 + seconds
}
