import type { Target } from '../config/target.ts'
import { redact } from '../lib/redact.ts'
import type { ProbeResult } from '../probers/prober.ts'

/** One check as it is stored, sent and spilled: JSON all the way, with the names of the columns. */
export interface HistoryRow {
  readonly target: string
  readonly location: string
  /** The target's own labels at that time. */
  readonly labels: Readonly<Record<string, string>>
  /** When the check was made, ISO 8601. Together with target and location it names the row. */
  readonly checked_at: string
  readonly duration_seconds: number
  /** Seconds between two checks of the target, which tells what was observed from what was not. */
  readonly interval_seconds: number
  readonly success: boolean
  readonly reason?: string
  readonly message?: string
  readonly status?: number
  readonly phases?: Readonly<Record<string, number>>
}

/** Characters of a message that are kept. */
const maxMessage = 1000

/** A result as a row. What must not be shown is taken out of the message. */
export function toRow(target: Target, location: string, result: ProbeResult): HistoryRow {
  const { startedAt, durationSeconds, success, failure, http, phases } = result
  return {
    target: target.name,
    location,
    labels: target.labels,
    checked_at: startedAt.toISOString(),
    duration_seconds: durationSeconds,
    interval_seconds: target.interval,
    success,
    ...(failure && { reason: failure.reason, message: storable(redact(failure.message, target.secrets)) }),
    ...(http && http.statusCode > 0 && { status: http.statusCode }),
    ...(phases && { phases }),
  }
}

/** PostgreSQL takes neither NUL nor half of a surrogate pair. */
function storable(text: string): string {
  return text.slice(0, maxMessage).toWellFormed().replaceAll('\0', '\ufffd')
}
