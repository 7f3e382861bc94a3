import { maybe, type ProbeMetric } from '../metric.ts'

/** What a job has reported. */
export const heartbeatMetrics: readonly ProbeMetric[] = [
  maybe(
    'probe_heartbeat_last_success_timestamp_seconds',
    'When the job last reported success, in unixtime; absent when it never did',
    ({ result }) => (result.heartbeat?.lastSuccess === undefined ? [] : [result.heartbeat.lastSuccess]),
    { unit: 'seconds' },
  ),
  maybe(
    'probe_heartbeat_waiting_since_timestamp_seconds',
    'Since when the next call of the job has been awaited, in unixtime: its last success, or when it was first expected',
    ({ result }) => (result.heartbeat ? [result.heartbeat.waitingSince] : []),
    { unit: 'seconds' },
  ),
  maybe(
    'probe_heartbeat_period_seconds',
    'Configured longest time between two calls of the job',
    ({ result }) => (result.heartbeat ? [result.heartbeat.period] : []),
    { unit: 'seconds' },
  ),
]
