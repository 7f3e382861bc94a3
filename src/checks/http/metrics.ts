import type { HttpPhase } from '../../net/attempt.ts'
import type { ProbeResult } from '../result.ts'
import { always, maybe, type ProbeMetric, type Sample } from '../metric.ts'
import { oddityMetric } from '../shared/metrics/oddity.ts'
import { failedDueToRegex } from '../shared/regex-metric.ts'

const phases: readonly HttpPhase[] = ['resolve', 'connect', 'tls', 'processing', 'transfer']

/** What one HTTP exchange was like. Names, help and semantics are blackbox_exporter's. */
export const httpMetrics: readonly ProbeMetric[] = [
  maybe(
    'probe_http_duration_seconds',
    'Duration of http request by phase, summed over all redirects',
    ({ result }) => phases.flatMap((phase) => durationOf(phase, result)),
    { labels: ['phase'], unit: 'seconds' },
  ),
  always('probe_http_status_code', 'Response HTTP status code', ({ result }) => result.http?.statusCode ?? 0),
  always(
    'probe_http_version',
    'Returns the version of HTTP of the probe response',
    ({ result }) => result.http?.version ?? 0,
  ),
  always('probe_http_ssl', 'Indicates if SSL was used for the final redirect', ({ result }) =>
    Number(result.http?.ssl ?? false),
  ),
  always(
    'probe_http_redirects',
    'The number of redirects',
    ({ result }) => result.http?.redirectsReceived ?? 0,
  ),
  always(
    'probe_http_content_length',
    'Length of http content response',
    ({ result }) => result.http?.contentLength ?? 0,
    'bytes',
  ),
  always(
    'probe_http_uncompressed_body_length',
    'Length of uncompressed response body',
    ({ result }) => result.http?.bodyLength ?? 0,
    'bytes',
  ),
  maybe(
    'probe_http_last_modified_timestamp_seconds',
    'Returns the Last-Modified HTTP response header in unixtime',
    ({ result }) => present(result.http?.lastModified),
    { unit: 'seconds' },
  ),
  maybe(
    'probe_http_unknown_fields',
    'How many fields the response has that its OpenAPI specification does not know, up to 20; absent when it was not compared with one',
    ({ result }) => present(result.unknownFields?.length),
  ),
  oddityMetric,
  failedDueToRegex,
  maybe(
    'probe_failed_due_to_cel',
    'Indicates if probe failed due to CEL expression not matching; absent when the target has none',
    ({ result }) => (result.http?.failedDueToCel === undefined ? [] : [Number(result.http.failedDueToCel)]),
  ),
]

/** Where the name led somewhere, a phase that was not reached took no time; where it did not, it does not exist. */
function durationOf(phase: HttpPhase, { phases: took, resolve }: ProbeResult): Sample[] {
  const value = took?.[phase] ?? (resolve?.address === undefined ? undefined : 0)
  return value === undefined ? [] : [{ labels: { phase }, value }]
}

function present(value: number | undefined): number[] {
  return value === undefined ? [] : [value]
}
