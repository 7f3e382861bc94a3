import type { z } from 'zod'
import { durationPattern, formatDuration, parseDuration } from '../../settings/values/duration.ts'
import { asText, seen, value, ValueError } from '../../settings/values/value.ts'

/** How often an alert that still fires is repeated. */
export type Repeat =
  /** At the failures N, N+1, N+3, N+7, ... where N is the one that made it fire: each wait is twice as long. */
  | { readonly kind: 'exponential' }
  | { readonly kind: 'every'; readonly seconds: number }
  | { readonly kind: 'checks'; readonly checks: number }
  | { readonly kind: 'once' }

/** What holds where nothing is said: the timers that Alertmanager is shipped with. */
export function defaultRepeat(severity: string): Repeat {
  return { kind: 'every', seconds: severity === 'critical' ? 3600 : 4 * 3600 }
}

/**
 * Reads `exponential`, `once`, a duration such as `1h`, or a number of failed checks such as `5`.
 *
 * @returns Nothing where it is none of them.
 */
export function parseRepeat(text: string): Repeat | undefined {
  if (text === 'exponential' || text === 'once') return { kind: text }
  if (/^[1-9][0-9]{0,5}$/.test(text)) return { kind: 'checks', checks: Number(text) }
  const seconds = parseDuration(text)
  return seconds === undefined || seconds < 1 ? undefined : { kind: 'every', seconds }
}

/** In the form that {@link parseRepeat} reads back. */
export function formatRepeat(repeat: Repeat): string {
  if (repeat.kind === 'every') return formatDuration(repeat.seconds)
  return repeat.kind === 'checks' ? String(repeat.checks) : repeat.kind
}

export const repeat: z.ZodType<Repeat> = value(
  (input) => {
    const found = parseRepeat(typeof input === 'number' ? String(input) : asText(input))
    if (found !== undefined) return found
    throw new ValueError(
      `${seen} is not a valid repeat: expected exponential, once, a duration of at least 1s such as 1h, or a number of failed checks such as 5`,
    )
  },
  {
    anyOf: [
      { enum: ['exponential', 'once'] },
      { type: 'integer', minimum: 1 },
      { type: 'string', pattern: `^((?=.)${durationPattern}|[1-9][0-9]*|.*\\$\\{.*)$` },
    ],
    description:
      'How often an alert that still fires is repeated: exponential, once, 1h, or 5 (failed checks).',
  },
)
