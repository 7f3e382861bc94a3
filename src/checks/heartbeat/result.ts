import { dateTime } from '../../lib/text/date-time.ts'
import { formatDuration } from '../../settings/values/duration.ts'
import { scheduleWords } from './rhythm.ts'
import type { Schedule } from '../../settings/values/schedule.ts'
import type { Fact } from '../fact.ts'
import type { ProbeResult } from '../result.ts'

/** What a job has reported. */
export interface HeartbeatResult {
  /** Unix time in seconds; absent when it never reported a success. */
  readonly lastSuccess?: number
  /** Unix time in seconds since when the next call has been waited for: the last success, or else when it was first expected. */
  readonly waitingSince: number
  /** Seconds: the longest time between two calls, as it is now where they have a schedule. */
  readonly period: number
  /** When the job runs. Absent: it only has to call every period. */
  readonly schedule?: Schedule
  /** Seconds on top of it. */
  readonly grace: number
  /** Seconds that a run may take. Absent: no limit. */
  readonly maxRuntime?: number
  /** Unix time in seconds of the last call, whatever it said; absent when there was none. */
  readonly lastCall?: number
  /** Seconds that the last run took that said when it began; absent where none did. */
  readonly lastRun?: number
  /** The last text that it sent along. */
  readonly said?: string
  /** Whether a caller has to know a secret. */
  readonly needsToken: boolean
}

declare module '../result.ts' {
  interface Findings {
    readonly heartbeat?: HeartbeatResult
  }
}

/** A job that has never called and is not late: it is neither up nor down. */
export function isAwaited({ success, heartbeat }: ProbeResult): boolean {
  return success && heartbeat !== undefined && heartbeat.lastSuccess === undefined
}

/** When the job called, and what is expected of it. */
export function heartbeatFacts({ heartbeat }: ProbeResult): Fact[] {
  if (!heartbeat) return []
  const { lastSuccess, lastCall, lastRun, said, grace, maxRuntime, needsToken } = heartbeat
  return [
    { label: 'last success', value: when(lastSuccess) },
    { label: 'last call', value: when(lastCall) },
    ...(lastRun === undefined ? [] : [{ label: 'last run took', value: `${Number(lastRun.toFixed(1))} s` }]),
    ...(said === undefined ? [] : [{ label: 'last message', value: said }]),
    expected(heartbeat),
    { label: 'grace', value: grace === 0 ? 'none' : formatDuration(grace) },
    ...(maxRuntime === undefined ? [] : [{ label: 'longest run', value: formatDuration(maxRuntime) }]),
    ...(needsToken ? [{ label: 'token', value: 'required' }] : []),
  ]
}

function expected({ period, schedule }: HeartbeatResult): Fact {
  if (!schedule) return { label: 'expected every', value: formatDuration(period) }
  return { label: 'expected at', value: scheduleWords(schedule) }
}

function when(seconds: number | undefined): string {
  return seconds === undefined ? 'never' : dateTime(new Date(seconds * 1000))
}
