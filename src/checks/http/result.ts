import type { Fact } from '../fact.ts'
import type { ProbeResult } from '../result.ts'
import { plural } from '../../lib/text/text.ts'

/** What an HTTP exchange was like, up to the point that it reached. */
export interface HttpResult {
  /** The last code received; 0 without a response. */
  readonly statusCode: number
  /** `1.1` or `2`; 0 without a response. */
  readonly version: number
  /** Whether the last hop used TLS, with a certificate that verifies or need not: as in blackbox_exporter. */
  readonly ssl: boolean
  /** Those that were followed. */
  readonly redirects: number
  /** Responses that led elsewhere, whether they were followed or not. */
  readonly redirectsReceived: number
  /** The Content-Length header of the last response; -1 when unknown, 0 without a response. */
  readonly contentLength: number
  /** Bytes of the body that were read, after decompression. */
  readonly bodyLength: number
  /** Unix time in seconds. */
  readonly lastModified?: number
  /** Whether a header or body rule failed. */
  readonly failedDueToRegex: boolean
  /** Whether a CEL expression was not as expected; absent where there is none. */
  readonly failedDueToCel?: boolean
  /** Where the last response came from, without userinfo, query and fragment. */
  readonly finalUrl: string
}

/** What the last answer said of a rate limit; what it did not say is absent. */
export interface RateLimitResult {
  /** Requests that are allowed in a window. */
  readonly limit?: number
  /** Requests that are left of it. */
  readonly remaining?: number
  /** When the window ends. Unix time in seconds. */
  readonly resetAt?: number
}

declare module '../result.ts' {
  interface Findings {
    readonly http?: HttpResult
    readonly rateLimit?: RateLimitResult
    /** The JSONPaths of fields that the specification does not know, at most 20; absent where the body was not compared with one. */
    readonly unknownFields?: readonly string[]
    /** By which the recordings of its requests can be found in other programs; absent where none was sent with it. */
    readonly traceId?: string
  }
}

/** The code of the answer; nothing without one. */
export function statusCodeOf({ http }: ProbeResult): number | undefined {
  return http && http.statusCode > 0 ? http.statusCode : undefined
}

/** The response and what it says about a rate limit, and the trace of the requests, answered or not. */
export function httpFacts(result: ProbeResult): Fact[] {
  const { traceId } = result
  return [...responseFacts(result), ...(traceId === undefined ? [] : [{ label: 'trace', value: traceId }])]
}

function responseFacts({ http, resolve, rateLimit, oddities = [], unknownFields = [] }: ProbeResult): Fact[] {
  if (!http || http.statusCode === 0) return []
  const { version, statusCode, bodyLength, redirects, finalUrl } = http
  const via = resolve?.address === undefined ? '' : ` from ${resolve.address}`
  const hops = redirects === 0 ? '' : `, ${plural(redirects, 'redirect')} to ${finalUrl}`
  const response = `HTTP/${version} ${statusCode}${via}, ${plural(bodyLength, 'byte')}${hops}`
  const odd = oddities.length === 0 ? [] : [{ label: 'odd', value: oddities.join(', ') }]
  const unknown = { label: 'not specified', value: unknownFields.join(', ') }
  return [
    { label: 'response', value: response },
    ...odd,
    ...(unknownFields.length > 0 ? [unknown] : []),
    ...rateLimitFacts(rateLimit),
  ]
}

function rateLimitFacts({ limit, remaining, resetAt }: RateLimitResult = {}): Fact[] {
  if (remaining === undefined) return []
  const of = limit === undefined ? '' : ` of ${limit}`
  const until = resetAt === undefined ? '' : `, until ${new Date(resetAt * 1000).toISOString()}`
  return [{ label: 'rate limit', value: `${remaining}${of} requests left${until}` }]
}
