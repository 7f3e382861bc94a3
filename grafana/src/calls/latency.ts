import { colours, steps } from '../colours.ts'
import type { Row } from '../frame.ts'
import { timeseries } from '../panels/timeseries.ts'
import { theCalls } from './selectors.ts'

const buckets = `sum by (le) (rate(api_call_duration_seconds_bucket{${theCalls}}[$__rate_interval]))`

/** How long calls take. */
export const latency: Row = {
  id: 110,
  title: 'Latency',
  height: 9,
  panels: [
    timeseries({
      id: 5,
      title: 'Duration of calls',
      shows:
        'The 50th, 95th and 99th percentile, as exact as the buckets of the histogram allow, and what is expected.',
      whenBad:
        'The 95th percentile is what is judged. A high 99th alone is a tail: retries, cold starts, large requests.',
      unit: 's',
      width: 14,
      min: 0,
      noValue: 'No calls.',
      queries: [
        ...[50, 95, 99].map((percent) => ({
          expr: `histogram_quantile(${percent / 100}, ${buckets})`,
          legend: `p${percent}`,
        })),
        {
          expr: `min(api_call_target_max_latency_seconds{${theCalls}})`,
          legend: 'expected of p95',
          limit: true,
        },
      ],
    }),
    timeseries({
      id: 6,
      title: 'Share of calls that are too slow',
      shows:
        'Calls over the limit, counted exactly when they were received, over 5 minutes and over 1 minute.',
      whenBad: 'CallsSlow fires while both are above the line.',
      unit: 'percentunit',
      width: 10,
      min: 0,
      softMax: 0.1,
      lines: steps('transparent', [0.05, colours.limit]),
      noValue: 'No calls.',
      queries: [
        { expr: `max(calls:slow_ratio:5m{${theCalls}})`, legend: 'over 5m' },
        { expr: `max(calls:slow_ratio:1m{${theCalls}})`, legend: 'over 1m' },
      ],
    }),
  ],
}
