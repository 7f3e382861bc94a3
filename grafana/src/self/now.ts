import { colours, steps, yesNo } from '../colours.ts'
import type { Row } from '../frame.ts'
import { stat } from '../panels/stat.ts'

/** The newest numbers of the monitoring. */
export const now: Row = {
  id: 100,
  title: 'Now',
  height: 4,
  panels: [
    stat({
      id: 1,
      title: 'Exporters',
      shows: 'Exporters that answer.',
      whenBad:
        '0: nothing is being checked. Look at its log, and at the targets page of Prometheus for the error.',
      unit: 'short',
      width: 3,
      expr: 'sum(up and on (job, instance) max_over_time(probity_build_info[1d]))',
      thresholds: steps(colours.down, [1, colours.up]),
      noValue: 'none',
    }),
    stat({
      id: 2,
      title: 'Configuration',
      shows:
        'Whether the latest edits to the configurations of Probity, Prometheus and Alertmanager were loaded.',
      whenBad:
        'The old one stays in force. The log of the program that rejected the edit names the file, the line and the mistake.',
      unit: 'short',
      width: 3,
      mappings: yesNo('in force', 'refused'),
      thresholds: steps(colours.noData),
      expr: 'min({__name__=~"(probity|probity_notify|prometheus|alertmanager)_config_last_reload_successful"})',
    }),
    stat({
      id: 3,
      title: 'Configuration since',
      shows: 'How long ago Probity loaded the configuration that is in force.',
      whenBad:
        'Longer than your last edit of config/targets.yml: it has not arrived. Is the right folder mounted?',
      unit: 'dtdurations',
      width: 3,
      expr: 'time() - max(probity_config_last_reload_success_timestamp_seconds)',
    }),
    stat({
      id: 4,
      title: 'Targets',
      shows: 'Targets that are configured.',
      whenBad: 'Fewer than you expect: compare with config/targets.yml; `probity check` prints a summary.',
      unit: 'short',
      width: 3,
      expr: 'count(count by (target) (probity_target_info))',
      noValue: '0',
    }),
    stat({
      id: 5,
      title: 'Without results',
      shows: 'Targets that are configured, but of which Prometheus has no results.',
      whenBad:
        'New ones arrive within a minute. Else look at the service discovery below, and at the targets page of Prometheus.',
      unit: 'short',
      width: 3,
      expr: 'count(count by (target) (probity_target_info{kind!="calls"}) unless on (target) probe_success) or vector(0)',
      thresholds: steps(colours.up, [1, colours.degraded]),
    }),
    stat({
      id: 6,
      title: 'Failing scrapes',
      shows:
        'Targets about which the exporter does not answer. A target that is down is not a failed scrape.',
      whenBad: 'The exporter is overloaded or gone. The targets page of Prometheus has the error for each.',
      unit: 'short',
      width: 3,
      expr: 'count(up{target!=""} == 0) or vector(0)',
      thresholds: steps(colours.up, [1, colours.down]),
    }),
    stat({
      id: 7,
      title: 'Alertmanagers',
      shows: 'Alertmanagers that Prometheus knows.',
      whenBad: '0: nobody is notified of anything. Look at the `alerting` part of prometheus.yml.',
      unit: 'short',
      width: 3,
      expr: 'sum(prometheus_notifications_alertmanagers_discovered)',
      thresholds: steps(colours.down, [1, colours.up]),
      noValue: 'none',
    }),
    stat({
      id: 8,
      title: 'Not delivered',
      shows:
        'Notifications that failed for good within the time range: those of Alertmanager and those of Probity.',
      whenBad:
        "Somebody was not notified. The log of Alertmanager or of the notifier has the receiver's answer.",
      unit: 'short',
      decimals: 0,
      width: 3,
      expr: 'sum(increase(alertmanager_notifications_failed_total[$__range]) or increase(probity_notifications_total{result="failed"}[$__range])) or vector(0)',
      thresholds: steps(colours.up, [1, colours.down]),
    }),
  ],
}
