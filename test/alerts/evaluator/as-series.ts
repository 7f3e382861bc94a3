import { maintenanceEnd } from '../../../src/config/target/maintenance.ts'
import { scrapeInterval } from '../../../src/config/target/scrape-interval.ts'
import { targetLabels } from '../../../src/config/target/labels.ts'
import { firstCheckAt, type TimedCheck, type Timeline } from './timelines.ts'

interface InputSeries {
  readonly series: string
  readonly values: string
}

type Value = number | 'stale' | '_'

/**
 * A story as Prometheus would have scraped it from `/probe`, in the notation of promtool's tests.
 *
 * @param step Seconds between two values: scrapes are further apart, or as far, and do not begin at 0.
 */
export function asSeries({ target, checks, gaps, length }: Timeline, step: number): InputSeries[] {
  const every = scrapeInterval(target.interval)
  const labels = Object.entries(targetLabels(target, 'here')).map(([name, value]) => `${name}="${value}"`)
  const scrapes = Array.from({ length: Math.ceil(length / every) }, (_, step) => firstCheckAt + step * every)
  const seen = scrapes.map((at) =>
    gaps.some(({ from, until }) => at >= from && at < until) ? undefined : newestAt(checks, at),
  )
  const series = (
    name: string,
    value: (check: TimedCheck) => number | undefined,
    extra: string[] = [],
  ): InputSeries => ({
    series: `${name}{${[...labels, ...extra].join(',')}}`,
    values: notation(withStaleness(seen.map((check) => check && value(check))), every, step),
  })
  const { expect } = target
  return [
    {
      series: `up{${labels.join(',')}}`,
      values: notation(
        seen.map((check) => (check ? 1 : 0)),
        every,
        step,
      ),
    },
    series('probe_success', ({ reason }) => (reason ? 0 : 1)),
    series('probe_duration_seconds', ({ durationSeconds }) => durationSeconds),
    series('probe_check_timestamp_seconds', ({ at }) => at),
    series('probe_ssl_earliest_cert_expiry', ({ certificateExpiry }) => certificateExpiry),
    series('probe_ssl_last_chain_expiry_timestamp_seconds', ({ chainExpiry }) => chainExpiry),
    ...[...new Set(checks.flatMap(({ reason }) => reason ?? []))].map((reason) =>
      series('probe_failure_info', (check) => (check.reason === reason ? 1 : undefined), [
        `reason="${reason}"`,
      ]),
    ),
    series('probe_target_interval_seconds', () => target.interval),
    series('probe_target_alert_after_seconds', () => target.alertAfter),
    series('probe_target_recover_after_checks', () =>
      (target.recoverAfter ?? 1) > 1 ? target.recoverAfter : undefined,
    ),
    series('probe_target_max_latency_seconds', () => expect.maxLatency),
    series('probe_target_max_latency_p99_seconds', () => expect.maxLatencyP99),
    series('probe_target_latency_spike_factor', () => expect.latencySpike),
    series('probe_target_max_error_ratio', () => expect.maxErrorRatio),
    series('probe_target_slo_ratio', () => expect.slo),
    series('probe_target_min_certificate_seconds', () => expect.minCertificate),
    series('probe_target_maintenance_end_timestamp_seconds', ({ at }) =>
      maintenanceEnd(target.maintenance, at),
    ),
    ...(target.dependsOn ?? []).map((parent) =>
      series('probe_target_depends_on', () => 1, [`parent="${parent}"`]),
    ),
    {
      series: `probity_target_info{target="${target.name}",kind="http"${target.runbook ? `,runbook="${target.runbook}"` : ''}}`,
      values: notation(
        scrapes.map(() => 1),
        every,
        step,
      ),
    },
  ].filter(({ values }) => values !== '')
}

function newestAt(checks: readonly TimedCheck[], at: number): TimedCheck | undefined {
  return checks.findLast((check) => check.at <= at)
}

/** A series that is gone from one scrape to the next is marked as stale once. */
function withStaleness(values: readonly (number | undefined)[]): Value[] {
  return values.map((value, index) => value ?? (values[index - 1] === undefined ? '_' : 'stale'))
}

/** Nothing for a series that never has a value. */
function notation(values: readonly Value[], every: number, step: number): string {
  if (!values.some((value) => typeof value === 'number')) return ''
  const blanks = (seconds: number): string[] => (seconds > 0 ? [`_x${seconds / step}`] : [])
  return [...blanks(firstCheckAt), ...values.flatMap((value) => [value, ...blanks(every - step)])].join(' ')
}
