/** What the rules read of Prometheus and Alertmanager themselves, and of every process. */
export const foreignMetrics: ReadonlySet<string> = new Set([
  'ALERTS',
  'up',
  'process_start_time_seconds',
  'scrape_duration_seconds',
  'prometheus_config_last_reload_successful',
  'prometheus_notifications_alertmanagers_discovered',
  'prometheus_notifications_errors_total',
  'prometheus_rule_evaluation_failures_total',
  'prometheus_rule_group_iterations_missed_total',
  'prometheus_sd_refresh_failures_total',
  'alertmanager_config_last_reload_successful',
  'alertmanager_notifications_failed_total',
])

/** Records that no rule reads: they are for the dashboards. */
export const recordsForDashboards: ReadonlySet<string> = new Set(['probe:budget_left:30d', 'probe:state'])
