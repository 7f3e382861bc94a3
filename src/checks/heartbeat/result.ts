import type { Fact } from '../fact.ts'
import type { ProbeResult } from '../result.ts'

/** What a job has reported. */
export interface HeartbeatResult {
  /** Unix time in seconds; absent when it never reported a success. */
  readonly lastSuccess?: number
  /** Unix time in seconds since when the next call has been waited for: the last success, or else when it was first expected. */
  readonly waitingSince: number
  /** Seconds: the longest time between two calls. */
  readonly period: number
}

declare module '../result.ts' {
  interface Findings {
    readonly heartbeat?: HeartbeatResult
  }
}

/** When the job last succeeded. */
export function heartbeatFacts({ heartbeat }: ProbeResult): Fact[] {
  if (!heartbeat) return []
  const { lastSuccess } = heartbeat
  return [
    {
      label: 'last success',
      value: lastSuccess === undefined ? 'never' : new Date(lastSuccess * 1000).toISOString(),
    },
  ]
}
