import { colours, steps } from '../colours.ts'
import type { Row } from '../frame.ts'
import { stat } from '../panels/stat.ts'
import { newest, selected } from '../selectors.ts'

/** The state of each target: in the worst of its locations. */
const states = `min by (target) (probe:state{${selected}})`

/** How many targets are in which state. */
export const now: Row = {
  id: 100,
  title: 'Now',
  height: 4,
  panels: [
    stat({
      id: 1,
      title: 'Down',
      shows:
        'Targets that have failed every check for as long as their `alert_after`, in one location at least.',
      whenBad: 'The table of firing alerts below says which, since when, and has their runbooks.',
      unit: 'short',
      width: 4,
      expr: `sum(${states} == bool 0)`,
      thresholds: steps(colours.up, [1, colours.down]),
    }),
    stat({
      id: 2,
      title: 'Degraded',
      shows: 'Targets that are not down, but whose newest check failed or took longer than `max_latency`.',
      whenBad:
        'Wait for the next check: one bad check proves nothing. If it persists, open the target from the table of the worst.',
      unit: 'short',
      width: 4,
      expr: `sum(${states} == bool 1)`,
      thresholds: steps(colours.up, [1, colours.degraded]),
    }),
    stat({
      id: 3,
      title: 'Up',
      shows: 'Targets whose newest check was as expected, in all their locations.',
      whenBad:
        'If it is less than the number of targets you have, the other numbers of this row say where the rest are.',
      unit: 'short',
      width: 4,
      expr: `sum(${states} == bool 2)`,
    }),
    stat({
      id: 4,
      title: 'No data',
      shows: 'Targets that are configured, but of which Prometheus has no results.',
      whenBad:
        'Open the dashboard "Probity / Itself": the exporter, the service discovery or the scrapes are at fault, not the targets.',
      unit: 'short',
      width: 4,
      expr:
        'count(max by (target) (probity_target_info{kind!="calls",target=~"$target",vendor=~"$vendor",team=~"$team"})' +
        ' unless on (target) probe_success{location=~"$location"}) or vector(0)',
      thresholds: steps(colours.up, [1, colours.noData]),
    }),
    stat({
      id: 5,
      title: 'Alerts',
      shows:
        'Alerts that are firing for the chosen targets and, if no target is chosen, for the monitoring itself.',
      whenBad: 'Start with the critical ones in the table below: an outage often explains the rest.',
      unit: 'short',
      width: 4,
      expr: `count(ALERTS{alertstate="firing",alertname!="Watchdog",${selected}}) or vector(0)`,
      thresholds: steps(colours.up, [1, colours.degraded]),
    }),
    stat({
      id: 6,
      title: 'Available, 30 days',
      shows:
        'The share of checks that succeeded in the last 30 days, averaged over the targets. Available after the first full hour.',
      whenBad: 'The dashboard "Probity / SLO" says which targets have used up their error budget.',
      unit: 'percentunit',
      width: 4,
      decimals: 3,
      expr: `1 - avg(${newest(`probe:error_ratio:30d{${selected}}`)})`,
      noValue: 'after an hour',
    }),
  ],
}
