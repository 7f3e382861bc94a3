import type { Clock } from '../../lib/time/clock.ts'
import { parseRetryAfter } from '../../lib/http/retry-after.ts'
import { version } from '../../lib/version.ts'
import { DeliveryError } from '../channel.ts'
import { deliverHttp, type AnswerHeaders } from '../shared/http-delivery.ts'
import type { SentryDsn } from './dsn.ts'

/** The fields of an event that vary; the others are added when it is sent. */
export interface SentryEvent {
  /** 32 hexadecimal digits. Sentry takes an event of the same number once. */
  readonly event_id: string
  readonly level: 'fatal' | 'error' | 'warning' | 'info' | 'debug'
  /** Seconds since 1970. */
  readonly timestamp: number
  readonly [field: string]: unknown
}

export interface SentryClientOptions {
  readonly dsn: SentryDsn
  /** Such as `production`. */
  readonly environment?: string | undefined
  readonly clock: Clock
  /** Milliseconds for one event. */
  readonly timeoutMs: number
  /** What is never shown besides the DSN. Default: nothing. */
  readonly secrets?: readonly string[]
}

/** Sends events to one project. */
export interface SentryClient {
  /** @throws DeliveryError */
  readonly send: (event: SentryEvent, signal: AbortSignal) => Promise<void>
}

const sdk = { name: 'probity', version }

/** Speaks to Sentry over its envelope endpoint, and leaves it alone for as long as it asks. */
export function sentryClient({
  dsn,
  environment,
  clock,
  timeoutMs,
  secrets = [],
}: SentryClientOptions): SentryClient {
  const auth = `Sentry sentry_version=7, sentry_client=${sdk.name}/${sdk.version}, sentry_key=${dsn.publicKey}`
  const headers = { 'content-type': 'application/x-sentry-envelope', 'x-sentry-auth': auth }
  const hidden = [...secrets, dsn.text, dsn.publicKey]
  let closedUntil = -Infinity
  const leaveAlone = (seconds: number): void => {
    closedUntil = clock.monotonic() + seconds * 1000
  }

  return {
    async send(event, signal) {
      const wait = (closedUntil - clock.monotonic()) / 1000
      if (wait > 0) {
        const retryAfterSeconds = Math.ceil(wait)
        const message = `Sentry accepts no events for another ${retryAfterSeconds} s`
        throw new DeliveryError(message, { retry: true, retryAfterSeconds })
      }
      const all = { platform: 'node', release: `probity@${version}`, environment, sdk, ...event }
      const delivery = {
        peer: 'Sentry',
        url: dsn.url,
        headers,
        body: envelope(all, clock.now()),
        retryAfter: (answer: AnswerHeaders) => waitOf(answer, clock.now()),
        secrets: hidden,
      }
      try {
        const { headers: answered } = await deliverHttp(delivery, { clock, timeoutMs, signal })
        leaveAlone(limitOf(answered['x-sentry-rate-limits']))
      } catch (error) {
        if (error instanceof DeliveryError) leaveAlone(error.retryAfterSeconds ?? 0)
        throw error
      }
    },
  }
}

/** Sentry's own header says more than `Retry-After`. */
function waitOf(answer: AnswerHeaders, now: number): number | undefined {
  const limit = limitOf(answer['x-sentry-rate-limits'])
  return limit > 0 ? limit : parseRetryAfter(answer['retry-after'], now)
}

/**
 * An envelope with one event: a line of headers, then of each item a line of headers and its payload.
 *
 * Source: https://develop.sentry.dev/sdk/foundations/envelopes/
 */
function envelope(event: SentryEvent, now: number): string {
  const payload = JSON.stringify(event)
  const head = { event_id: event.event_id, sent_at: new Date(now).toISOString(), sdk }
  const item = { type: 'event', content_type: 'application/json', length: Buffer.byteLength(payload) }
  return `${JSON.stringify(head)}\n${JSON.stringify(item)}\n${payload}\n`
}

/**
 * For how many seconds no errors are taken, of `60:error;default:project:reason, 2700:transaction:organization`; no
 * category means all of them.
 *
 * Source: https://develop.sentry.dev/sdk/foundations/transport/rate-limiting/
 */
export function limitOf(header = ''): number {
  const limits = header.split(',').flatMap((limit) => {
    const [seconds = '', categories = ''] = limit.trim().split(':')
    const concerned = categories === '' || categories.split(';').includes('error')
    return concerned && /^\d+$/.test(seconds) ? [Number(seconds)] : []
  })
  return Math.max(0, ...limits)
}
