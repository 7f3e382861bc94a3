import { maintenanceEnd } from '../config/target/maintenance.ts'
import { always, maybe, type ProbeMetric } from '../checks/metric.ts'
import type { Probe, TargetMetric } from './probe.ts'

/** What every answer of /probe has, whatever the kind of check. */
export const verdictMetrics: readonly ProbeMetric[] = [
  always('probe_success', 'Displays whether or not the probe was a success', ({ result }) =>
    Number(result.success),
  ),
  always(
    'probe_duration_seconds',
    'Returns how long the probe took to complete in seconds',
    ({ result }) => result.durationSeconds,
    'seconds',
  ),
  always(
    'probe_timeout_seconds',
    'Returns how long the probe timeout is in seconds',
    ({ timeoutSeconds }) => timeoutSeconds,
    'seconds',
  ),
  always(
    'probe_check_timestamp_seconds',
    'When the check was made, in unixtime; a result that is served again keeps its timestamp',
    ({ result }) => result.startedAt.getTime() / 1000,
    'seconds',
  ),
  maybe(
    'probe_failure_info',
    'Why the probe failed; absent when it succeeded',
    ({ result }) => (result.failure ? [{ labels: { reason: result.failure.reason }, value: 1 }] : []),
    { labels: ['reason'] },
  ),
  maybe(
    'probe_retried_failure_info',
    'Why the probe failed before it was made again, which is the result that counts; absent when it was made once',
    ({ result: { retried } }) => (retried ? [{ labels: { reason: retried.failure.reason }, value: 1 }] : []),
    { labels: ['reason'] },
  ),
]

/**
 * What the target's configuration expects, next to what was seen. Always all of them: a missing threshold would silently
 * disable an alert.
 */
export const thresholdMetrics: readonly TargetMetric[] = [
  always<Probe>(
    'probe_target_interval_seconds',
    'Configured time between two checks',
    ({ target }) => target.interval,
    'seconds',
  ),
  always<Probe>(
    'probe_target_alert_after_seconds',
    'Configured time of failing after which the target counts as down; (N - 0.5) x interval for N checks',
    ({ target }) => target.alertAfter,
    'seconds',
  ),
  always<Probe>(
    'probe_target_max_latency_seconds',
    'Configured longest duration of a check',
    ({ target }) => target.expect.maxLatency,
    'seconds',
  ),
  maybe<Probe>(
    'probe_target_max_latency_p99_seconds',
    'Configured duration that at most 1 check in 100 exceeds, if there is one',
    ({ target: { expect } }) => (expect.maxLatencyP99 === undefined ? [] : [expect.maxLatencyP99]),
    { unit: 'seconds' },
  ),
  maybe<Probe>(
    'probe_target_latency_spike_factor',
    'Configured number of times its usual duration that a check may take, if there is one',
    ({ target: { expect } }) => (expect.latencySpike === undefined ? [] : [expect.latencySpike]),
  ),
  always<Probe>(
    'probe_target_max_error_ratio',
    'Configured largest share of failed checks',
    ({ target }) => target.expect.maxErrorRatio,
    'ratio',
  ),
  always<Probe>(
    'probe_target_slo_ratio',
    'Configured share of checks that should succeed over 30 days',
    ({ target }) => target.expect.slo,
    'ratio',
  ),
  always<Probe>(
    'probe_target_min_certificate_seconds',
    'Configured shortest time that a certificate must still be valid',
    ({ target }) => target.expect.minCertificate,
    'seconds',
  ),
  maybe<Probe>(
    'probe_target_min_domain_seconds',
    'Configured shortest time that a domain must still be registered',
    ({ target: { check } }) => (check.kind === 'domain' ? [check.expect.minSeconds] : []),
    { unit: 'seconds' },
  ),
  maybe<Probe>(
    'probe_target_recover_after_checks',
    'Configured number of checks in a row that must succeed before a target that is down has recovered, if more than one',
    ({ target: { recoverAfter = 1 } }) => (recoverAfter > 1 ? [recoverAfter] : []),
  ),
  maybe<Probe>(
    'probe_target_alert_quorum',
    'Configured number of locations that must find the target down, if more than one',
    ({ target: { alertQuorum = 1 } }) => (alertQuorum > 1 ? [alertQuorum] : []),
  ),
  maybe<Probe>(
    'probe_target_maintenance_end_timestamp_seconds',
    'When the maintenance of the target ends, in unixtime, if the check was made during one',
    ({ target, result }) =>
      [maintenanceEnd(target.maintenance, result.startedAt.getTime() / 1000)].filter(
        (end) => end !== undefined,
      ),
    { unit: 'seconds' },
  ),
  maybe<Probe>(
    'probe_target_depends_on',
    '1 for each target that this one depends on, directly or through others',
    ({ target }) => (target.dependsOn ?? []).map((parent) => ({ labels: { parent }, value: 1 })),
    { labels: ['parent'] },
  ),
  maybe<Probe>(
    'probe_target_was',
    '1 for each name that the target had before',
    ({ target }) => (target.was ?? []).map((was) => ({ labels: { was }, value: 1 })),
    { labels: ['was'] },
  ),
]
