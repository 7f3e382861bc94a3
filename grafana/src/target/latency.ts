import type { Row } from '../frame.ts'
import { timeseries } from '../panels/timeseries.ts'
import { theTarget } from '../selectors.ts'

/** How long checks take, and where the time goes. */
export const latency: Row = {
  id: 120,
  title: 'Latency',
  height: 9,
  panels: [
    timeseries({
      id: 12,
      title: 'Latency',
      shows: 'The longest check of each moment by location, the median of 10 minutes, and what is expected.',
      whenBad:
        'TargetSlow fires while the median is above the line. Single peaks above it do not raise an alert.',
      unit: 's',
      width: 12,
      min: 0,
      queries: [
        {
          expr: `max by (location) (max_over_time(probe_duration_seconds{${theTarget}}[$__rate_interval]))`,
          legend: 'longest {{location}}',
        },
        {
          expr: `max(quantile_over_time(0.5, probe_duration_seconds{${theTarget}}[10m]))`,
          legend: 'median of 10m',
        },
        {
          expr: `min(probe_target_max_latency_seconds{${theTarget}})`,
          legend: 'expected at most',
          limit: true,
        },
      ],
    }),
    timeseries({
      id: 13,
      title: 'Phases of a check',
      shows:
        'Where the time goes, on average over the locations: summed over redirects, the transfer of the last answer only.',
      whenBad:
        'resolve: the DNS. connect: the network, or a full queue. tls: a busy server. processing: the service. transfer: a large answer or a slow line.',
      unit: 's',
      width: 12,
      min: 0,
      stacked: 'areas',
      named: {
        resolve: 'purple',
        connect: 'blue',
        tls: 'light-blue',
        processing: 'orange',
        transfer: 'green',
      },
      noValue: 'No HTTP target.',
      queries: [
        {
          expr: `avg by (phase) (avg_over_time(probe_http_duration_seconds{${theTarget}}[$__rate_interval]))`,
          legend: '{{phase}}',
        },
      ],
    }),
  ],
}
