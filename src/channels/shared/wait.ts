import { parseRetryAfter } from '../../lib/http/retry-after.ts'
import { parseJsonObject } from '../../lib/text/json.ts'

/**
 * Seconds for which an answer asks to be left alone: what `Retry-After` says, or what services say in JSON: Discord `retry_after`
 * and Telegram `parameters.retry_after` in seconds, Matrix `retry_after_ms`.
 *
 * @param header The value of `Retry-After`.
 * @param now Milliseconds since 1970.
 */
export function waitOf(header: string | undefined, body: string, now: number): number | undefined {
  const said = parseJsonObject(body)
  return (
    parseRetryAfter(header, now) ??
    seconds(said?.['retry_after']) ??
    seconds(asObject(said?.['parameters'])['retry_after']) ??
    seconds(said?.['retry_after_ms'], 1000)
  )
}

function seconds(value: unknown, perSecond = 1): number | undefined {
  return typeof value === 'number' && value >= 0 && value < Infinity
    ? Math.ceil(value / perSecond)
    : undefined
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
