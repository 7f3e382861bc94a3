import type { Row } from '../frame.ts'
import { timeseries } from '../panels/timeseries.ts'
import { theTarget } from '../selectors.ts'

/** How often checks fail, and why. */
export const failures: Row = {
  id: 130,
  title: 'Failures',
  height: 9,
  panels: [
    timeseries({
      id: 14,
      title: 'Failure reasons',
      shows: 'The share of checks that failed in each moment, by reason, over all locations.',
      whenBad:
        'docs/alerts.md explains the reasons. The message of each failed check is in the log of the exporter and on its page.',
      unit: 'percentunit',
      width: 12,
      min: 0,
      softMax: 0.1,
      stacked: 'bars',
      noValue: 'No check failed.',
      queries: [
        {
          expr:
            `sum by (reason) (count_over_time(probe_failure_info{${theTarget}}[$__rate_interval]))` +
            ` / on () group_left () sum(count_over_time(probe_success{${theTarget}}[$__rate_interval]))`,
          legend: '{{reason}}',
        },
      ],
    }),
    timeseries({
      id: 15,
      title: 'Error ratio, 1 hour',
      shows:
        'The share of checks that failed in the hour before, its lower bound (what is certain, however few the checks), and what is expected.',
      whenBad:
        'TargetErrorRateHigh fires while the lower bound is above the line. Only the ratio above it: too few checks to tell from chance.',
      unit: 'percentunit',
      width: 12,
      min: 0,
      queries: [
        { expr: `max by (location) (probe:error_ratio:1h{${theTarget}})`, legend: 'failed {{location}}' },
        { expr: `max(probe:error_ratio:1h_lower_bound{${theTarget}})`, legend: 'lower bound' },
        {
          expr: `min(probe_target_max_error_ratio{${theTarget}})`,
          legend: 'expected at most',
          limit: true,
        },
      ],
    }),
  ],
}
