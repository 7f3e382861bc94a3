import { colours, steps } from '../colours.ts'
import type { Row } from '../frame.ts'
import { timeseries } from '../panels/timeseries.ts'
import { theCalls } from './selectors.ts'

/** Releases side by side. */
export const versions: Row = {
  id: 130,
  title: 'Versions side by side',
  height: 9,
  panels: [
    timeseries({
      id: 9,
      title: 'Failed calls by version',
      shows: 'The share of failed calls over 30 minutes, by the program that made them and its release.',
      whenBad: 'One version above the others: its release is to blame. All alike: the vendor is.',
      unit: 'percentunit',
      width: 8,
      min: 0,
      noValue: 'No calls that report a version.',
      queries: [
        {
          expr: `max by (caller, version) (calls:version_error_ratio:30m{${theCalls}})`,
          legend: '{{caller}} {{version}}',
        },
      ],
    }),
    timeseries({
      id: 10,
      title: 'Difference to the other versions',
      shows:
        'The z-scores of the shares of failed and of slow calls: by how many standard errors a version is worse than the other versions of the same program.',
      whenBad: 'CanaryWorse fires above the line: stop the rollout.',
      unit: 'short',
      width: 8,
      softMax: 4,
      lines: steps('transparent', [3, colours.limit]),
      noValue: 'No two versions of one program.',
      queries: [
        {
          expr: `max by (caller, version) (calls:version_z_score:30m{${theCalls}})`,
          legend: '{{caller}} {{version}} fails',
        },
        {
          expr: `max by (caller, version) (calls:version_slow_z_score:30m{${theCalls}})`,
          legend: '{{caller}} {{version}} is slow',
        },
      ],
    }),
    timeseries({
      id: 11,
      title: '95th percentile by version',
      shows: 'How long calls take, by the program that made them and its release.',
      whenBad: 'One version slower than the others: it asks for more, or waits for itself.',
      unit: 's',
      width: 8,
      min: 0,
      noValue: 'No calls.',
      queries: [
        {
          expr: `histogram_quantile(0.95, sum by (caller, version, le) (rate(api_call_duration_seconds_bucket{${theCalls}}[$__rate_interval])))`,
          legend: '{{caller}} {{version}}',
        },
      ],
    }),
  ],
}
