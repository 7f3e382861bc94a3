import type { HttpPhase } from '../../net/attempt.ts'
import { expectInfo } from '../shared/dialogue/metrics.ts'
import { always, maybe, type ProbeMetric } from '../metric.ts'

const phases: readonly HttpPhase[] = ['resolve', 'connect', 'tls', 'processing', 'transfer']

/** How a connection was upgraded to WebSocket, and what was said. Names and semantics are blackbox_exporter's; TLS has its own phase. */
export const websocketMetrics: readonly ProbeMetric[] = [
  maybe(
    'probe_websocket_duration_seconds',
    'Duration of websocket request by phase',
    ({ result }) =>
      phases.flatMap((phase) => {
        const value = result.phases?.[phase]
        return value === undefined ? [] : [{ labels: { phase }, value }]
      }),
    { labels: ['phase'], unit: 'seconds' },
  ),
  always(
    'probe_websocket_status_code',
    'Response HTTP status code',
    ({ result }) => result.websocket?.statusCode ?? 0,
  ),
  always(
    'probe_websocket_connection_upgraded',
    'Indicates if the websocket connection was successfully upgraded',
    ({ result }) => Number(result.websocket?.upgraded ?? false),
  ),
  always('probe_websocket_failed_due_to_regex', 'Indicates if probe failed due to regex', ({ result }) =>
    Number(result.websocket?.failedDueToRegex ?? false),
  ),
  expectInfo,
]
