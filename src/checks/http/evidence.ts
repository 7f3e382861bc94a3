import type { HttpPhase, ResolveResult } from '../../net/attempt.ts'
import type { Failure } from '../../net/failure.ts'
import type { TlsResult } from '../../net/tls/result.ts'
import type { Exchange } from './exchange/http1.ts'
import { contentLength, headerValue, parseHttpDate } from './headers.ts'
import type { Oddity } from '../../net/http1/oddity.ts'
import { redact } from '../../lib/text/redact.ts'
import { addCredential, type Credentials } from './access/credentials.ts'
import { rateLimitOf } from './answer/rate-limit.ts'
import { tokenExpiryOf } from './answer/token-expiry.ts'
import { shownUrl } from './exchange/request.ts'
import type { ProbeResult } from '../result.ts'
import type { HttpResult, RateLimitResult } from './result.ts'

/** What an HTTP probe has seen so far, so that its result has everything, whatever ends it. */
export class HttpEvidence {
  /** What is going on, as in "no answer within 5s while …". */
  doing = 'starting'
  /** What the answer's head was judged to be. It comes before anything that happens to the body. */
  verdict: Failure | undefined
  failedDueToRegex = false
  /** Undefined where nothing is expected in CEL. */
  failedDueToCel: boolean | undefined
  tls: TlsResult | undefined
  /** Whether the last hop used TLS. */
  ssl = false
  redirects = 0
  redirectsReceived = 0
  credentials: Credentials = new Map()
  /** What the probe was given and a server may say back. */
  readonly secrets: string[] = []
  bodyLength = 0
  /** Undefined where the body was not compared with a specification. */
  unknownFields: readonly string[] | undefined
  /** For how long bodies were judged, in seconds: that is not the target's time. */
  judgingSeconds = 0
  /** The trace that the last request named; absent until one was sent that did. */
  traceId: string | undefined
  readonly #oddities = new Set<Oddity>()
  readonly #startedAt: Date
  readonly #phases: Partial<Record<HttpPhase, number>> = {}
  #resolve: ResolveResult | undefined
  #rateLimit: RateLimitResult | undefined
  #url: URL
  #response: Pick<HttpResult, 'statusCode' | 'version' | 'contentLength' | 'lastModified'> | undefined
  #open: { readonly phase: 'resolve' | 'transfer'; readonly since: number } | undefined

  constructor(startedAt: Date, url: URL) {
    this.#startedAt = startedAt
    this.#url = url
  }

  /**
   * Takes note of what is odd about an answer; those before a redirect count too.
   *
   * @returns Whether it was not known before.
   */
  addOddity(oddity: Oddity): boolean {
    const { size } = this.#oddities
    return this.#oddities.add(oddity).size > size
  }

  get oddities(): readonly Oddity[] {
    return [...this.#oddities]
  }

  /** Phases add up over redirects. */
  addPhase(phase: HttpPhase, seconds: number): void {
    this.#phases[phase] = (this.#phases[phase] ?? 0) + seconds
  }

  /** Begins a phase that counts even if the probe ends in the middle of it. Times are milliseconds of the clock. */
  begin(phase: 'resolve' | 'transfer', now: number): void {
    this.#open = { phase, since: now }
  }

  end(now: number): void {
    if (!this.#open) return
    const { phase, since } = this.#open
    const seconds = (now - since) / 1000
    this.#open = undefined
    this.addPhase(phase, seconds)
    // The first name is the target's; those of redirects only count in the phase.
    if (phase === 'resolve') this.#resolve ??= { durationSeconds: seconds }
  }

  /** The address in use on the first hop, which may change until one of them answers. */
  usesAddress(address: string): void {
    if (this.redirects === 0 && this.#resolve) this.#resolve = { ...this.#resolve, address }
  }

  /** @param now Milliseconds since 1970. */
  responded(url: URL, { statusCode, headers, version }: Exchange, now: number): void {
    const lastModified = parseHttpDate(headerValue(headers, 'last-modified'))
    const expiresAt = tokenExpiryOf(headers)
    // What is configured, or in the token, takes precedence. After a redirect, another server may know nothing of it.
    if (expiresAt !== undefined && this.credentials.size === 0 && this.redirects === 0)
      addCredential(this.credentials, 'bearer', { expiresAt })
    this.#url = url
    this.#rateLimit = rateLimitOf(statusCode, headers, now)
    this.#response = {
      statusCode,
      version,
      contentLength: contentLength(headers, statusCode),
      ...(lastModified !== undefined && { lastModified }),
    }
  }

  /**
   * @param now Milliseconds of the clock.
   * @param seconds That the probe took.
   */
  result(now: number, seconds: number, failure: Failure | undefined): ProbeResult {
    const { tls, failedDueToCel, unknownFields } = this
    this.end(now)
    const http: HttpResult = {
      ...(this.#response ?? { statusCode: 0, version: 0, contentLength: 0 }),
      // A server that refuses the client may do so after the handshake.
      ssl: this.ssl && this.#response !== undefined,
      redirects: this.redirects,
      redirectsReceived: this.redirectsReceived,
      bodyLength: this.bodyLength,
      failedDueToRegex: this.failedDueToRegex,
      ...(failedDueToCel !== undefined && { failedDueToCel }),
      finalUrl: shownUrl(this.#url),
    }
    return {
      startedAt: this.#startedAt,
      durationSeconds: Math.max(0, seconds - this.judgingSeconds),
      success: failure === undefined,
      ...(failure && { failure: { ...failure, message: redact(failure.message, this.secrets) } }),
      ...(this.#resolve && { resolve: this.#resolve }),
      phases: { ...this.#phases },
      http,
      ...(tls && { tls }),
      ...(this.traceId !== undefined && { traceId: this.traceId }),
      ...(this.credentials.size > 0 && { credentials: [...this.credentials.values()] }),
      ...(this.#oddities.size > 0 && { oddities: this.oddities }),
      ...(unknownFields && { unknownFields: unknownFields.map((path) => redact(path, this.secrets)) }),
      ...(this.#rateLimit && { rateLimit: this.#rateLimit }),
    }
  }
}
