import { colours, stateMappings, statusMappings, steps } from '../colours.ts'
import type { Row } from '../frame.ts'
import { seriesToTarget } from '../links.ts'
import { timeline } from '../panels/timeline.ts'
import { timeseries } from '../panels/timeseries.ts'
import { shownTargets } from '../selectors.ts'

/** The worst of the chosen targets, side by side. */
export const overTime: Row = {
  id: 120,
  title: 'Over time: the worst $rows of the chosen targets',
  height: 10,
  panels: [
    timeline({
      id: 8,
      title: 'State',
      shows:
        'The worst state of each target in each moment: up, degraded (the newest check failed or was slow), down, no data.',
      whenBad:
        'Many rows that change at once: a shared cause, such as the network of the prober. One row: open its target.',
      unit: 'short',
      width: 24,
      mappings: stateMappings,
      links: [seriesToTarget],
      queries: [
        {
          expr: `min by (target) (min_over_time(probe:state{${shownTargets}}[$__rate_interval]))`,
          legend: '{{target}}',
        },
      ],
    }),
    timeline({
      id: 9,
      title: 'HTTP status code',
      shows:
        'The status code of each HTTP target, the highest of its locations; `none` is a request without a response.',
      whenBad:
        '5xx: the service fails. 4xx: the request is wrong, often credentials. `none`: the reasons on the page of the target say why.',
      unit: 'none',
      width: 24,
      mappings: statusMappings,
      links: [seriesToTarget],
      queries: [
        {
          expr: `max by (target) (probe_http_status_code{${shownTargets}})`,
          legend: '{{target}}',
        },
      ],
    }),
    timeseries({
      id: 10,
      title: 'Latency',
      shows: 'The longest check of each target in each moment, in the slowest of its locations.',
      whenBad: 'Open the target: its page has the limit, and the phases that say where the time goes.',
      unit: 's',
      width: 12,
      min: 0,
      links: [seriesToTarget],
      queries: [
        {
          expr: `max by (target) (max_over_time(probe_duration_seconds{${shownTargets}}[$__rate_interval]))`,
          legend: '{{target}}',
        },
      ],
    }),
    timeseries({
      id: 11,
      title: 'Latency against what is expected',
      shows:
        'The same, as a share of the `max_latency` of each target. Above the line it is slower than expected.',
      whenBad: 'A line that rises slowly towards 100 % announces an alert: look at it before it fires.',
      unit: 'percentunit',
      width: 12,
      min: 0,
      softMax: 1,
      lines: steps('transparent', [1, colours.limit]),
      links: [seriesToTarget],
      queries: [
        {
          expr:
            `max by (target) (max_over_time(probe_duration_seconds{${shownTargets}}[$__rate_interval])` +
            ` / probe_target_max_latency_seconds{${shownTargets}})`,
          legend: '{{target}}',
        },
      ],
    }),
  ],
}
