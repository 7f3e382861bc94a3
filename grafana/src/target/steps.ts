import type { Row } from '../frame.ts'
import { timeseries } from '../panels/timeseries.ts'
import { theTarget } from '../selectors.ts'

/** Where the time of a transaction goes, and which of its steps fail. */
export const steps: Row = {
  id: 150,
  title: 'Steps of a transaction',
  height: 8,
  panels: [
    timeseries({
      id: 33,
      title: 'Steps: duration',
      shows: 'How long each step takes, on average over the locations. A step that was not run is not there.',
      whenBad:
        'The step that grows is the one to look at. Where the upper ones end, the step below them failed: those after it were not run.',
      unit: 's',
      width: 12,
      min: 0,
      stacked: 'areas',
      noValue: 'No transaction.',
      queries: [
        {
          expr: `avg by (step) (avg_over_time(probe_step_duration_seconds{${theTarget}}[$__rate_interval]))`,
          legend: '{{step}}',
        },
      ],
    }),
    timeseries({
      id: 34,
      title: 'Steps: failed',
      shows: 'The share of the runs of each step that failed, over all locations.',
      whenBad:
        'The step that fails is what is broken; those after it are not run. A step that only cleans up fails alone: what it should have removed is still there.',
      unit: 'percentunit',
      width: 12,
      min: 0,
      softMax: 0.1,
      noValue: 'No transaction.',
      queries: [
        {
          expr: `1 - avg by (step) (avg_over_time(probe_step_success{${theTarget}}[$__rate_interval]))`,
          legend: '{{step}}',
        },
      ],
    }),
  ],
}
