import { colours, steps } from '../colours.ts'
import type { Row } from '../frame.ts'
import { rowToTarget } from '../links.ts'
import { table } from '../panels/table.ts'
import { timeseries } from '../panels/timeseries.ts'

/** Seconds between two scrapes of a target: an interval of over a minute is divided. */
const scrapeInterval = 'probe_target_interval_seconds / ceil(probe_target_interval_seconds / 60)'

/** Whether checks are made, and in time. */
export const probing: Row = {
  id: 110,
  title: 'Probing',
  height: 8,
  panels: [
    timeseries({
      id: 9,
      title: 'Checks per second',
      shows: 'Checks that were made, by kind and outcome.',
      whenBad:
        'All failing at once: the network of the prober. None at all: Prometheus does not ask; see the scrapes.',
      unit: 'cps',
      width: 8,
      min: 0,
      stacked: 'areas',
      queries: [
        {
          expr: 'sum by (kind, outcome) (rate(probity_probes_total[$__rate_interval]))',
          legend: '{{kind}} {{outcome}}',
        },
      ],
    }),
    timeseries({
      id: 10,
      title: 'Checks in flight',
      shows: 'Checks that run at the same time.',
      whenBad:
        'A line that only rises: targets that never answer, with long timeouts. Shorten their `timeout`.',
      unit: 'short',
      width: 8,
      min: 0,
      queries: [
        {
          expr: 'sum by (instance) (max_over_time(probity_probes_in_flight[$__rate_interval]))',
          legend: '{{instance}}',
        },
      ],
    }),
    timeseries({
      id: 11,
      title: 'Event loop lag',
      shows:
        'The worst delay of the event loop between two scrapes: measured latencies can be too long by this much.',
      whenBad: 'Above the line, do not trust latencies. Give the exporter its own CPU, or run more of them.',
      unit: 's',
      width: 8,
      min: 0,
      softMax: 0.11,
      lines: steps('transparent', [0.1, colours.limit]),
      queries: [
        {
          expr: 'max by (instance) (max_over_time(probity_event_loop_lag_seconds[$__rate_interval]))',
          legend: '{{instance}}',
        },
      ],
    }),
    timeseries({
      id: 12,
      title: 'Duration of scrapes of /probe',
      shows: 'How long Prometheus waits for the answer about a target.',
      whenBad:
        'The slowest near the line: see the table next to it. The median high: the exporter is overloaded.',
      unit: 's',
      width: 12,
      min: 0,
      queries: [
        { expr: 'max(scrape_duration_seconds{target!=""})', legend: 'slowest' },
        { expr: 'quantile(0.5, scrape_duration_seconds{target!=""})', legend: 'median' },
      ],
    }),
    table({
      id: 13,
      title: 'Closest to their interval: 10 targets',
      shows: 'How much of the time between two scrapes a check takes, on average over 10 minutes.',
      whenBad:
        'Above 80 % TargetTooSlowForInterval fires, and checks are about to be skipped: raise `interval` or lower `timeout`.',
      width: 12,
      labels: [
        { label: 'target', name: 'Target', links: [rowToTarget] },
        { label: 'location', name: 'Location', width: 130 },
      ],
      columns: [
        {
          name: 'Used',
          unit: 'percentunit',
          decimals: 1,
          width: 100,
          thresholds: steps(colours.text, [0.5, colours.degraded], [0.8, colours.down]),
          expr: `topk(10, max by (target, location) (avg_over_time(scrape_duration_seconds{target!=""}[10m]) / (${scrapeInterval})))`,
        },
      ],
      sortBy: 'Used',
    }),
  ],
}
