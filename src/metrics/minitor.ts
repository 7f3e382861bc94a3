import type { Metric } from '../checks/metric.ts'

/**
 * The metrics of Minitor, under the names that its users know. They are there where `probity solo` runs a file of Minitor.
 *
 * Source: https://git.iamthefij.com/iamthefij/minitor-go, metrics.go
 */
export const minitorMetricRows = {
  checks: {
    name: 'minitor_check_total',
    type: 'counter',
    help: 'Checks made, by status (success or failure), and whether the check caused an alert (true or false)',
    labels: ['monitor', 'status', 'is_alert'],
  },
  alerts: {
    name: 'minitor_alert_total',
    type: 'counter',
    help: 'Alerts that were run successfully',
    labels: ['alert', 'monitor'],
  },
  up: {
    name: 'minitor_monitor_up_count',
    type: 'gauge',
    help: 'Whether the monitor is up: 0 while an alert about it is active',
    labels: ['monitor'],
  },
  duration: {
    name: 'minitor_check_milliseconds',
    type: 'gauge',
    help: 'Milliseconds that the last check of this status took',
    labels: ['monitor', 'status'],
  },
} as const satisfies Record<string, Metric>
