import { colours, steps } from '../colours.ts'
import type { Row } from '../frame.ts'
import { timeseries } from '../panels/timeseries.ts'

/** Whether rules are evaluated, and alerts handed over. */
export const prometheus: Row = {
  id: 120,
  title: 'Prometheus',
  height: 8,
  panels: [
    timeseries({
      id: 14,
      title: 'Rules: time used of their interval',
      shows: 'How long the evaluation of each group takes, as a share of the time it has.',
      whenBad:
        'At the line evaluations are skipped, and alerts come late. Give Prometheus more CPU, or split the targets.',
      unit: 'percentunit',
      width: 8,
      min: 0,
      softMax: 1.1,
      lines: steps('transparent', [1, colours.limit]),
      queries: [
        {
          expr: 'max by (group) (label_replace(prometheus_rule_group_last_duration_seconds / prometheus_rule_group_interval_seconds, "group", "$1", "rule_group", ".*;(.*)"))',
          legend: '{{group}}',
        },
      ],
    }),
    timeseries({
      id: 15,
      title: 'Rules and discovery: failures per second',
      shows:
        'Evaluations that failed or were skipped, refreshes of the list of targets that failed, alerts that did not reach Alertmanager.',
      whenBad:
        'Anything above 0 has an alert: PrometheusRuleFailures, SDRefreshFailing, PrometheusAlertmanagerFailing. Their runbooks are in docs/alerts.md.',
      unit: 'cps',
      width: 8,
      min: 0,
      softMax: 0.01,
      queries: [
        {
          expr: 'sum(rate(prometheus_rule_evaluation_failures_total[$__rate_interval]))',
          legend: 'evaluations failed',
        },
        {
          expr: 'sum(rate(prometheus_rule_group_iterations_missed_total[$__rate_interval]))',
          legend: 'evaluations skipped',
        },
        {
          expr: 'sum(rate(prometheus_sd_refresh_failures_total{mechanism="http"}[$__rate_interval]))',
          legend: 'discovery failed',
        },
        {
          expr: 'sum(rate(prometheus_notifications_errors_total[$__rate_interval]))',
          legend: 'alerts not handed over',
        },
      ],
    }),
    timeseries({
      id: 16,
      title: 'Series',
      shows: 'Series that Prometheus holds in memory: about 60 for each HTTP target, recordings included.',
      whenBad:
        'A steep rise without new targets: a label that changes all the time. Prometheus lists the largest on its TSDB status page.',
      unit: 'short',
      width: 8,
      min: 0,
      queries: [{ expr: 'sum by (instance) (prometheus_tsdb_head_series)', legend: '{{instance}}' }],
    }),
  ],
}
