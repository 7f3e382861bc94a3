import type { Metric } from '../checks/metric.ts'

/** Of the checks that a process reports to another one, and of those that others report to it. */
export const relayMetrics = {
  reported: {
    name: 'probity_report_to_checks_total',
    type: 'counter',
    help: 'Checks for the server of --report-to, by result: accepted, refused, or dropped (too many waited, or they became too old)',
    labels: ['result'],
  },
  reportWaiting: {
    name: 'probity_report_to_waiting',
    type: 'gauge',
    help: 'Checks that wait for the server of --report-to',
    labels: [],
  },
  reportedAt: {
    name: 'probity_report_to_last_success_timestamp_seconds',
    type: 'gauge',
    help: 'When the server of --report-to last accepted checks, in unixtime; absent before the first time',
    labels: [],
    unit: 'seconds',
  },
  received: {
    name: 'probity_results_received_total',
    type: 'counter',
    help: 'Checks that other locations reported to this server, by result (accepted, or refused)',
    labels: ['location', 'result'],
  },
} as const satisfies Record<string, Metric>
