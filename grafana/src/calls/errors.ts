import type { Row } from '../frame.ts'
import { timeseries } from '../panels/timeseries.ts'
import { theCalls } from './selectors.ts'

/** How calls end. */
export const errors: Row = {
  id: 120,
  title: 'Errors',
  height: 9,
  panels: [
    timeseries({
      id: 7,
      title: 'Share of calls that fail',
      shows:
        'Failed calls over 5 minutes, how much of that chance does not explain (the lower bound), and what is expected.',
      whenBad: 'CallsErrorRateHigh fires while the bound is above the line.',
      unit: 'percentunit',
      width: 14,
      min: 0,
      noValue: 'No calls that report how they ended.',
      queries: [
        { expr: `max(calls:error_ratio:5m{${theCalls}})`, legend: 'failed' },
        { expr: `max(calls:error_ratio:5m_lower_bound{${theCalls}})`, legend: 'proven' },
        {
          expr: `min(api_call_target_max_error_ratio{${theCalls}})`,
          legend: 'expected at most',
          limit: true,
        },
      ],
    }),
    timeseries({
      id: 8,
      title: 'Calls per second by outcome',
      shows: 'How many calls were reported. unknown: agents that do not report how a call ended.',
      whenBad:
        'Errors that grow with the calls are a limit of the vendor; errors at steady calls are an outage.',
      unit: 'reqps',
      width: 10,
      min: 0,
      stacked: 'areas',
      named: { ok: 'green', error: 'red', unknown: 'blue' },
      noValue: 'No calls.',
      queries: [
        {
          expr: `sum by (outcome) (rate(api_call_duration_seconds_count{${theCalls}}[$__rate_interval]))`,
          legend: '{{outcome}}',
        },
      ],
    }),
  ],
}
