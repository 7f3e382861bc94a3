import { days, factor, latency, ratioOrOff } from '../../settings/values/scalars.ts'

/** The keys of `expect:` that every kind of check has: each becomes a metric, and an alert compares it with the results. */
export const thresholdShape = {
  max_latency: latency
    .optional()
    .describe(
      'The median duration of the checks is at most this (TargetSlow). Default: `1s`; `off` with `browser`, `command`, `systemd`, `docker`, `domain` and `heartbeat`.',
    ),
  max_error_rate: ratioOrOff(1)
    .optional()
    .describe('At most this share of the checks fails (TargetErrorRateHigh). Default: `5%`.'),
  slo: ratioOrOff(0)
    .optional()
    .describe(
      'The share of checks that should succeed over 30 days (TargetBudgetBurnFast and TargetBudgetBurnSlow). Default: 1 - `max_error_rate`, so `95%`.',
    ),
  max_latency_p99: latency
    .optional()
    .describe(
      'At most 1 check in 100 takes longer than this (TargetTailSlow); judged from 100 checks on, of an hour or, at intervals from 30 seconds to 14 minutes, of a day. Default: `off`.',
    ),
  latency_spike: factor
    .optional()
    .describe(
      'The median duration of 10 minutes is at most this many times that of the day before, such as `3`; 100 ms more are always fine (TargetLatencySpike). For intervals up to 4 minutes. Default: `off`.',
    ),
  certificate_days: days
    .optional()
    .describe(
      'The certificate is valid for at least this many more days (CertificateExpiring). Default: `14`.',
    ),
}
