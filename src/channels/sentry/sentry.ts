import { z } from 'zod'
import { keys } from '../../settings/values/value.ts'
import type { Clock } from '../../lib/time/clock.ts'
import { redact } from '../../lib/text/redact.ts'
import { DeliveryError, type Channel } from '../channel.ts'
import { defaultTimeoutMs, type ChannelDependencies } from '../dependencies.ts'
import { sentryClient } from './client.ts'
import { dsn, parseDsn } from './dsn.ts'
import { alertEvent, errorEvent } from './event.ts'
import { text } from '../shared/settings.ts'

export const sentrySettings = keys({
  type: z.literal('sentry').describe('The kind of channel.'),
  dsn: dsn.describe('The DSN of a project. Never shown.'),
  environment: text
    .optional()
    .describe('The environment that issues are filed under, such as `production`. Default: none.'),
})

export type SentrySettings = z.infer<typeof sentrySettings>

/**
 * Makes an issue of each alert of each target. Over the endpoint that takes events nothing can be resolved, and an event that
 * says so would open the issue again: the end of an alert is not sent.
 */
export function createSentryChannel(
  { dsn, environment }: SentrySettings,
  { name, clock, timeoutMs = defaultTimeoutMs, secrets = [] }: ChannelDependencies,
): Channel {
  const client = sentryClient({ dsn, environment, clock, timeoutMs, secrets })
  return {
    name,
    async deliver(notification, signal) {
      signal.throwIfAborted()
      if (notification.status === 'firing') await client.send(alertEvent(notification, clock.now()), signal)
    },
  }
}

export interface ErrorReporterOptions {
  /** As in `SENTRY_DSN`. */
  readonly dsn: string
  readonly environment?: string
  readonly clock: Clock
  /** Milliseconds for one report. Default 10,000. */
  readonly timeoutMs?: number
  /** What must not leave this machine. */
  readonly secrets?: () => readonly string[]
}

/** Reports unexpected errors to Sentry. */
export interface ErrorReporter {
  /** Resolves with whether the error was taken; it never rejects. */
  readonly captureError: (error: unknown) => Promise<boolean>
}

/** Reports in one minute; an error in a loop would say the same a thousand times. */
const maxPerMinute = 10

/** @throws ValueError if the DSN is not valid. */
export function createErrorReporter(options: ErrorReporterOptions): ErrorReporter {
  const { environment, clock, timeoutMs = defaultTimeoutMs, secrets = () => [] } = options
  const client = sentryClient({ dsn: parseDsn(options.dsn), environment, clock, timeoutMs })
  let recent: number[] = []
  return {
    async captureError(error) {
      const now = clock.monotonic()
      recent = recent.filter((time) => now - time < 60_000)
      if (recent.length >= maxPerMinute) return false
      recent.push(now)
      try {
        const event = errorEvent(error, clock.now(), (words) => redact(words, secrets()))
        await client.send(event, new AbortController().signal)
        return true
      } catch (failure) {
        if (failure instanceof DeliveryError) return false
        throw failure
      }
    },
  }
}
