import { colours, steps } from '../colours.ts'
import type { Row } from '../frame.ts'
import { stat } from '../panels/stat.ts'
import { theCalls } from './selectors.ts'

/** The last five minutes in four numbers. */
export const now: Row = {
  id: 100,
  title: 'The last 5 minutes',
  height: 4,
  panels: [
    stat({
      id: 1,
      title: 'Calls per second',
      shows: 'How many calls of the target programs have reported, whatever their outcome.',
      whenBad: 'A fall to nothing: the programs have stopped calling, or reporting. See the last row.',
      unit: 'reqps',
      decimals: 1,
      width: 6,
      expr: `sum(calls:total:5m{${theCalls}}) / 300`,
      noValue: 'no calls',
    }),
    stat({
      id: 2,
      title: 'Too slow',
      shows:
        'The share of calls that took longer than expect.max_latency. At 5 % the 95th percentile is at the limit.',
      whenBad: 'CallsSlow fires above 5 %: the runbook is docs/alerts.md#callsslow.',
      unit: 'percentunit',
      decimals: 1,
      width: 6,
      expr: `max(calls:slow_ratio:5m{${theCalls}})`,
      thresholds: steps(colours.up, [0.05, colours.degraded]),
      noValue: 'no calls',
    }),
    stat({
      id: 3,
      title: 'Failed',
      shows: 'The share of calls that failed, of those that report how they ended.',
      whenBad:
        'The row Errors compares it with what is expected; Versions says whether a release is to blame.',
      unit: 'percentunit',
      decimals: 2,
      width: 6,
      expr: `max(calls:error_ratio:5m{${theCalls}})`,
      noValue: 'unknown',
    }),
    stat({
      id: 4,
      title: 'Firing alerts',
      shows: 'Alerts about the target, of its calls and of its probe.',
      whenBad: 'Each has a runbook in docs/alerts.md.',
      unit: 'short',
      width: 6,
      expr: `count(ALERTS{alertstate="firing",${theCalls}}) or vector(0)`,
      thresholds: steps(colours.up, [1, colours.down]),
    }),
  ],
}
