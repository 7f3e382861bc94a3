import { colours, stateMappings, steps } from '../colours.ts'
import type { Row } from '../frame.ts'
import { rowToTarget } from '../links.ts'
import { table } from '../panels/table.ts'
import { certificateExpiry, newest, rank, selected } from '../selectors.ts'
import { who } from '../who.ts'

/** A number for each of the ten worst targets. */
function ofTheWorst(aggregation: 'min' | 'max', expr: string): string {
  return `${aggregation} by (target, vendor, team) (${expr}) and on (target) topk(10, max by (target) (${rank(selected)}))`
}

const expiry = `min by (target) ${certificateExpiry(selected, '1h')} - time()`
const limit = `max by (target) (probe_target_min_certificate_seconds{${selected}})`
const first10 = `bottomk(10, ${expiry})`

/** What needs attention first, and what soon. */
export const worst: Row = {
  id: 130,
  title: 'Worst and due',
  height: 10,
  panels: [
    table({
      id: 12,
      title: 'Worst 10',
      shows:
        'The ten worst of the chosen targets: those that are down, then by failed checks of the last hour, then by latency.',
      whenBad: 'Open the first target. Several of one vendor: look at the status page of that vendor.',
      width: 16,
      labels: who,
      columns: [
        {
          name: 'State',
          unit: 'short',
          width: 90,
          mappings: stateMappings,
          expr: ofTheWorst('min', `probe:state{${selected}}`),
        },
        {
          name: 'Failing for',
          unit: 'dtdurations',
          width: 110,
          expr: ofTheWorst('max', `probe:failing_for_seconds{${selected}} > 0`),
        },
        {
          name: 'Failed 1h',
          unit: 'percentunit',
          decimals: 1,
          width: 90,
          thresholds: steps(colours.text, [0.001, colours.degraded], [0.5, colours.down]),
          expr: ofTheWorst('max', `probe:error_ratio:1h{${selected}}`),
        },
        {
          name: 'Failed 1d',
          unit: 'percentunit',
          decimals: 1,
          width: 90,
          thresholds: steps(colours.text, [0.001, colours.degraded], [0.5, colours.down]),
          expr: ofTheWorst('max', newest(`probe:error_ratio:1d{${selected}}`)),
        },
        {
          name: 'Latency',
          unit: 's',
          width: 90,
          expr: ofTheWorst('max', `quantile_over_time(0.5, probe_duration_seconds{${selected}}[10m])`),
        },
        {
          name: 'Expected',
          unit: 's',
          width: 90,
          expr: ofTheWorst('min', `probe_target_max_latency_seconds{${selected}}`),
        },
      ],
      sortBy: 'Failed 1h',
    }),
    table({
      id: 13,
      title: 'Certificates due',
      shows:
        'The ten certificates that expire first: the worst one seen in the last hour, and how much longer it lasts than `certificate_days` requires.',
      whenBad:
        'Renew it. Where that is automatic, find out why it has not happened: most renew 30 days ahead.',
      width: 8,
      labels: [{ label: 'target', name: 'Target', links: [rowToTarget] }],
      columns: [
        {
          name: 'Expires in',
          unit: 's',
          width: 100,
          expr: first10,
        },
        {
          name: 'Margin',
          unit: 's',
          width: 100,
          thresholds: steps(colours.down, [0, colours.degraded], [7 * 86_400, colours.up]),
          expr: `${expiry} - ${limit} and on (target) ${first10}`,
        },
      ],
      sortBy: 'Expires in',
      ascending: true,
      noValue: 'No target has a certificate.',
    }),
  ],
}
