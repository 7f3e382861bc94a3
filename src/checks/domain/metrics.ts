import { maybe, type ProbeMetric } from '../metric.ts'

/** Absent where the registry did not say it: an alert looks at the newest answer that did. */
export const domainMetrics: readonly ProbeMetric[] = [
  maybe(
    'probe_domain_expiry_timestamp_seconds',
    'When the registration of the domain ends, in unixtime',
    ({ result }) => (result.domain ? [result.domain.expiresAt] : []),
    { unit: 'seconds' },
  ),
]
