import type { Row } from '../frame.ts'
import { timeseries } from '../panels/timeseries.ts'
import { theCalls } from './selectors.ts'

const noProbe = 'Nothing probes this target.'

/** The probe next to the calls: is it them, or us? */
export const witnesses: Row = {
  id: 140,
  title: 'Two witnesses: the probe and the calls',
  height: 8,
  panels: [
    timeseries({
      id: 12,
      title: 'Failures of both',
      shows: 'The share that failed in 5 minutes, of the calls and of the probes, by location.',
      whenBad:
        'Both: it is the vendor. Calls alone: our code, its credentials or its network. The probe alone: the prober.',
      unit: 'percentunit',
      width: 12,
      min: 0,
      noValue: noProbe,
      queries: [
        { expr: `max(calls:error_ratio:5m{${theCalls}})`, legend: 'calls' },
        { expr: `max by (location) (probe:error_ratio:5m{${theCalls}})`, legend: 'probe {{location}}' },
      ],
    }),
    timeseries({
      id: 13,
      title: 'Durations of both',
      shows: 'The median of the calls and of the probes, which open a new connection each time.',
      whenBad: 'Both slower: the vendor or the way to it. Calls alone: what they ask for, or the programs.',
      unit: 's',
      width: 12,
      min: 0,
      noValue: noProbe,
      queries: [
        {
          expr: `histogram_quantile(0.5, sum by (le) (rate(api_call_duration_seconds_bucket{${theCalls}}[$__rate_interval])))`,
          legend: 'calls',
        },
        {
          expr: `max by (location) (quantile_over_time(0.5, probe_duration_seconds{${theCalls}}[5m]))`,
          legend: 'probe {{location}}',
        },
      ],
    }),
  ],
}
