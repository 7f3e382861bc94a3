import { colours, steps } from '../colours.ts'
import type { Row } from '../frame.ts'
import { rowToCalls } from '../links.ts'
import { table } from '../panels/table.ts'

/** All targets of calls. */
export const allTargets: Row = {
  id: 150,
  title: 'All targets with calls',
  height: 9,
  panels: [
    table({
      id: 14,
      title: 'Worst 20 targets',
      shows: 'What the calls of the last 5 minutes say about each target, and what is expected.',
      whenBad: 'Open the one at the top.',
      width: 24,
      labels: [{ label: 'target', name: 'Target', links: [rowToCalls] }],
      columns: [
        {
          name: 'Failed',
          unit: 'percentunit',
          decimals: 2,
          width: 120,
          expr: 'topk(20, max by (target) (calls:error_ratio:5m))',
        },
        {
          name: 'Expected',
          unit: 'percentunit',
          width: 120,
          expr: 'max by (target) (api_call_target_max_error_ratio) and on (target) topk(20, max by (target) (calls:error_ratio:5m))',
        },
        {
          name: 'Too slow',
          unit: 'percentunit',
          decimals: 2,
          width: 120,
          thresholds: steps(colours.text, [0.05, colours.degraded]),
          expr: 'max by (target) (calls:slow_ratio:5m) and on (target) topk(20, max by (target) (calls:error_ratio:5m))',
        },
        {
          name: 'Calls per second',
          unit: 'reqps',
          decimals: 1,
          width: 150,
          expr: 'sum by (target) (calls:total:5m) / 300 and on (target) topk(20, max by (target) (calls:error_ratio:5m))',
        },
      ],
      sortBy: 'Failed',
      noValue: 'No calls.',
    }),
  ],
}
