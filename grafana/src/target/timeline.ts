import { firingMappings, stateMappings, statusMappings } from '../colours.ts'
import type { Row } from '../frame.ts'
import { timeline } from '../panels/timeline.ts'
import { theTarget } from '../selectors.ts'

/** What was when. */
export const timelineRow: Row = {
  id: 110,
  title: 'Timeline',
  height: 5,
  panels: [
    timeline({
      id: 9,
      title: 'State',
      shows: 'The worst state in each moment, by location.',
      whenBad: 'Bad in one location only: its network, or the route from there. Bad in all: the service.',
      unit: 'short',
      width: 24,
      mappings: stateMappings,
      queries: [
        {
          expr: `min by (location) (min_over_time(probe:state{${theTarget}}[$__rate_interval]))`,
          legend: '{{location}}',
        },
      ],
    }),
    timeline({
      id: 10,
      title: 'HTTP status code',
      shows: 'The status code over time, by location.',
      whenBad: 'Codes that alternate are typical of one bad backend behind a load balancer.',
      unit: 'none',
      width: 24,
      mappings: statusMappings,
      noValue: 'No HTTP target.',
      queries: [
        {
          expr: `max by (location) (probe_http_status_code{${theTarget}})`,
          legend: '{{location}}',
        },
      ],
    }),
    timeline({
      id: 11,
      title: 'Firing alerts',
      shows: 'What fired when, by alert and location.',
      whenBad:
        'docs/alerts.md has a runbook for each alert; the table of expectations links to the one of this target.',
      unit: 'short',
      width: 24,
      mappings: firingMappings,
      noValue: 'Nothing fired.',
      queries: [
        {
          expr: `max by (alertname, location) (ALERTS{alertstate="firing",${theTarget}})`,
          legend: '{{alertname}} {{location}}',
        },
      ],
    }),
  ],
}
