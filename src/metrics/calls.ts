import type { Metric } from '../checks/metric.ts'

/** Who made a call: the service, and its release. */
const who = ['target', 'caller', 'version'] as const

/** Upper bounds of the buckets, in seconds. The limit of a target is counted exactly elsewhere, so that they need not fit. */
export const latencyBounds = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 0.75, 1, 1.5, 2.5, 5, 10, 30,
] as const

/** What /metrics says about the calls that programs report. */
export const callMetrics = {
  duration: {
    name: 'api_call_duration_seconds',
    type: 'histogram',
    help: 'How long calls took, by the caller, its version and the outcome (ok, error, or unknown: none was reported)',
    labels: [...who, 'outcome'],
    targetLabels: true,
    unit: 'seconds',
  },
  overLimit: {
    name: 'api_calls_over_limit_total',
    type: 'counter',
    help: 'Calls that took longer than expect.max_latency of their target, counted when they were received',
    labels: who,
    targetLabels: true,
  },
  errors: {
    name: 'api_call_errors_total',
    type: 'counter',
    help: 'Failed calls by error: the status, or the name of the error, or none if there was no response; error is other for all but 20',
    labels: ['target', 'error'],
    targetLabels: true,
  },
  maxLatency: {
    name: 'api_call_target_max_latency_seconds',
    type: 'gauge',
    help: 'Expected duration of calls of the target: expect.max_latency',
    labels: ['target'],
    targetLabels: true,
    unit: 'seconds',
  },
  maxErrorRatio: {
    name: 'api_call_target_max_error_ratio',
    type: 'gauge',
    help: 'Expected share of failed calls of the target: expect.max_error_rate',
    labels: ['target'],
    targetLabels: true,
    unit: 'ratio',
  },
  lastCall: {
    name: 'api_call_last_timestamp_seconds',
    type: 'gauge',
    help: 'When the last call of the target was received, in Unix time; absent until there is one',
    labels: ['target'],
    targetLabels: true,
    unit: 'seconds',
  },
  alertMissing: {
    name: 'api_call_target_alert_missing',
    type: 'gauge',
    help: 'Whether the alert CallsMissing applies to the target: 0 with calls.missing off, and while the target is paused',
    labels: ['target'],
    targetLabels: true,
  },
  paused: {
    name: 'api_call_target_paused',
    type: 'gauge',
    help: 'Always 1, of a target that is paused: its calls are counted, but none of its alerts fires; absent otherwise',
    labels: ['target'],
    targetLabels: true,
  },
  unmatched: {
    name: 'api_calls_unmatched_total',
    type: 'counter',
    help: 'Calls that match no target, by host; host is other for all but the first 100, and unknown if none was reported',
    labels: ['host'],
  },
  unmatchedOperations: {
    name: 'api_calls_unmatched_operations_total',
    type: 'counter',
    help: 'Calls that match no target and name what they call, by that name, cut to 100 characters; operation is other for all but the first 100',
    labels: ['operation'],
  },
  ignoredSpans: {
    name: 'api_call_spans_ignored_total',
    type: 'counter',
    help: 'OpenTelemetry spans that did not become calls, by reason: not_client (another side or another kind), no_host, or no_duration (missing, negative, or longer than a day)',
    labels: ['reason'],
  },
  messages: {
    name: 'api_call_messages_total',
    type: 'counter',
    help: 'Reported calls by protocol (udp, http or otlp) and result (accepted, malformed, unknown_version or too_long)',
    labels: ['protocol', 'result'],
  },
  dropped: {
    name: 'api_call_datagrams_dropped_total',
    type: 'counter',
    help: 'Datagrams that were dropped, by reason: buffer (they came faster than they were read; Linux only, otherwise 0) or network (the sender is not in --calls.allow-networks)',
    labels: ['reason'],
  },
} as const satisfies Record<string, Metric>
