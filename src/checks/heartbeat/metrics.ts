import { maybe, type ProbeMetric } from '../metric.ts'

/** What a job has reported. */
export const heartbeatMetrics: readonly ProbeMetric[] = [
  maybe(
    'probe_heartbeat_last_success_timestamp_seconds',
    'When the job last reported success, in unixtime; absent when it never did',
    ({ result }) => (result.heartbeat?.lastSuccess === undefined ? [] : [result.heartbeat.lastSuccess]),
    { unit: 'seconds' },
  ),
]
