import type { Metric } from '../checks/metric.ts'

/** What Probity says about itself on /metrics, in addition to the process metrics of prom-client. */
export const selfMetrics = {
  targetInfo: {
    name: 'probity_target_info',
    type: 'gauge',
    help: '1 for every configured target; the label runbook is set if the target has one',
    labels: ['target', 'kind', 'runbook'],
    targetLabels: true,
  },
  reloadSuccessful: {
    name: 'probity_config_last_reload_successful',
    type: 'gauge',
    help: 'Whether the last configuration reload attempt was successful',
    labels: [],
  },
  blackboxReloadSuccessful: {
    name: 'blackbox_exporter_config_last_reload_successful',
    type: 'gauge',
    help: 'The same under the name of blackbox_exporter, for rules that were written for it',
    labels: [],
  },
  reloadTimestamp: {
    name: 'probity_config_last_reload_success_timestamp_seconds',
    type: 'gauge',
    help: 'When the configuration that is in force was loaded, in unixtime',
    labels: [],
    unit: 'seconds',
  },
  buildInfo: {
    name: 'probity_build_info',
    type: 'gauge',
    help: '1, with the running versions of Probity and Node.js as labels',
    labels: ['version', 'node_version'],
  },
  probes: {
    name: 'probity_probes_total',
    type: 'counter',
    help: 'Probes made, by kind of check and outcome (success or failure)',
    labels: ['kind', 'outcome'],
  },
  probesInFlight: {
    name: 'probity_probes_in_flight',
    type: 'gauge',
    help: 'Probes that are running now',
    labels: [],
  },
  checkDelay: {
    name: 'probity_check_delay_seconds',
    type: 'histogram',
    help: 'Time from when a check was due until it began',
    labels: [],
    unit: 'seconds',
  },
  checksSkipped: {
    name: 'probity_checks_skipped_total',
    type: 'counter',
    help: 'Checks that the scheduler skipped, because the previous one had not ended or the process was not running',
    labels: [],
  },
  eventLoopLag: {
    name: 'probity_event_loop_lag_seconds',
    type: 'gauge',
    help: 'Worst delay of the event loop since the last scrape',
    labels: [],
    unit: 'seconds',
  },
  notifications: {
    name: 'probity_notifications_total',
    type: 'counter',
    help: 'Notifications by channel and result (delivered, or failed: given up; for the alerts log, every failed attempt)',
    labels: ['channel', 'result'],
  },
  notificationRetries: {
    name: 'probity_notification_retries_total',
    type: 'counter',
    help: 'Retries of notifications that could not be delivered at the first attempt',
    labels: ['channel'],
  },
  notificationsRepeated: {
    name: 'probity_notifications_repeated_total',
    type: 'counter',
    help: 'Notifications that were being delivered when the notifier was killed, and are delivered again: somebody may get one twice',
    labels: ['channel'],
  },
  stateKept: {
    name: 'probity_state_kept',
    type: 'gauge',
    help: 'Whether a file of the storage folder can be written: 1, or 0 while its content is in memory only',
    labels: ['file'],
  },
  rowsWritten: {
    name: 'probity_history_rows_written_total',
    type: 'counter',
    help: 'Results that the history database has stored',
    labels: [],
  },
  rowsDropped: {
    name: 'probity_history_rows_dropped_total',
    type: 'counter',
    help: 'Results lost to the history: the queue was full, the database refused them, or they were too old',
    labels: [],
  },
  historyQueue: {
    name: 'probity_history_queue_length',
    type: 'gauge',
    help: 'Results that wait for the history database, in memory and on the disk',
    labels: [],
  },
  historyLag: {
    name: 'probity_history_lag_seconds',
    type: 'gauge',
    help: 'Time from the oldest stored result that hours, days and incidents do not contain yet to the newest stored result; 0 if they contain all',
    labels: [],
    unit: 'seconds',
  },
  historyPending: {
    name: 'probity_history_pending',
    type: 'gauge',
    help: 'Parts of the history (new results of one hour of one target) that hours, days and incidents do not contain yet',
    labels: [],
  },
} as const satisfies Record<string, Metric>
