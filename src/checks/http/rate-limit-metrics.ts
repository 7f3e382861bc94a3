import { maybe, type ProbeMetric } from '../metric.ts'

/** What the last answer said of a rate limit. */
export const rateLimitMetrics: readonly ProbeMetric[] = [
  maybe('probe_ratelimit_limit', 'Requests that the target allows in a window', ({ result }) =>
    present(result.rateLimit?.limit),
  ),
  maybe('probe_ratelimit_remaining', 'Requests that are left in the window of the rate limit', ({ result }) =>
    present(result.rateLimit?.remaining),
  ),
  maybe(
    'probe_ratelimit_reset_timestamp_seconds',
    'When the window of the rate limit ends, in unixtime',
    ({ result }) => present(result.rateLimit?.resetAt),
    { unit: 'seconds' },
  ),
]

function present(value: number | undefined): number[] {
  return value === undefined ? [] : [value]
}
