import { maintenanceEnd } from '../config/target/maintenance.ts'
import type { Target } from '../config/target/target.ts'
import { redact } from '../lib/text/redact.ts'
import { statusCodeOf } from '../checks/http/result.ts'
import type { ProbeResult } from '../checks/result.ts'

/** What a row is about. Rows are stored, sent and spilled as JSON, with the names of the columns. */
interface RowName {
  readonly target: string
  readonly location: string
  /** The target's own labels at that time. */
  readonly labels: Readonly<Record<string, string>>
  /** When the check was made, or the minute of the calls began, ISO 8601. */
  readonly checked_at: string
}

/** One check. Target, location and time name it. */
export interface CheckRow extends RowName {
  readonly duration_seconds: number
  /** Seconds between two checks of the target, which separates what was observed from what was not. */
  readonly interval_seconds: number
  readonly success: boolean
  readonly reason?: string
  readonly message?: string
  readonly status?: number
  readonly phases?: Readonly<Record<string, number>>
  /** Whether the target was in maintenance when the check was made. Absent: it was not. */
  readonly maintenance?: boolean
}

/** The calls of one version of one caller in one minute, as one process has counted them. */
export interface CallRow extends RowName {
  readonly calls: {
    readonly caller: string
    readonly version: string
    /** The process: several may count in one minute. */
    readonly writer: string
    readonly ok: number
    readonly error: number
    readonly unknown: number
    readonly over_limit: number
    /** Seconds. */
    readonly duration_sum: number
    /** How many fell into each bucket of `probity.latency_bucket`, of those that did not fail. */
    readonly latency: Readonly<Record<string, number>>
  }
}

export type HistoryRow = CheckRow | CallRow

/** Characters of a message that are kept. */
const maxMessage = 1000

/** A result as a row. What must not be shown is taken out of the message. */
export function toRow(target: Target, location: string, result: ProbeResult): CheckRow {
  const { startedAt, durationSeconds, success, failure, phases } = result
  const status = statusCodeOf(result)
  return {
    target: target.name,
    location,
    labels: target.labels,
    checked_at: startedAt.toISOString(),
    duration_seconds: durationSeconds,
    interval_seconds: target.interval,
    success,
    ...(failure && { reason: failure.reason, message: storable(redact(failure.message, target.secrets)) }),
    ...(status !== undefined && { status }),
    ...(phases && { phases }),
    ...(maintenanceEnd(target.maintenance, startedAt.getTime() / 1000) !== undefined && {
      maintenance: true,
    }),
  }
}

/** PostgreSQL takes neither NUL nor half of a surrogate pair. */
export function storable(text: string): string {
  return text.slice(0, maxMessage).toWellFormed().replaceAll('\0', '\ufffd')
}
