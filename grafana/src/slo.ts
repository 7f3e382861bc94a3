import { alertAnnotation, configReloads } from './annotations.ts'
import { colours, steps } from './colours.ts'
import { dashboard } from './frame.ts'
import { seriesToTarget } from './links.ts'
import { stat } from './panels/stat.ts'
import type { Placed } from './panels/panel.ts'
import { table, type Column } from './panels/table.ts'
import { timeseries } from './panels/timeseries.ts'
import { newest, selected, shownTargets } from './selectors.ts'
import { who } from './who.ts'
import { location, rows, shown, targets, team, vendor } from './variables.ts'

const budgetLeft = newest(`probe:budget_left:30d{${selected}}`)

/** A window of error ratios, and how many times faster than evenly its alert lets the budget burn. */
interface Window {
  readonly length: string
  readonly limit: number
  readonly colour: string
}

/** Those of TargetBudgetBurnFast and TargetBudgetBurnSlow, in prometheus/rules. */
const windows: readonly Window[] = [
  { length: '1h', limit: 14.4, colour: colours.down },
  { length: '6h', limit: 6, colour: colours.down },
  { length: '1d', limit: 3, colour: colours.degraded },
  { length: '3d', limit: 1, colour: colours.degraded },
]

/** How many times faster than evenly over 30 days the budget burns: at 1 it is used up after 30 days. */
function burn(window: string, matchers: string): string {
  return `${newest(`probe:error_ratio:${window}{${matchers}}`)} / (1 - probe_target_slo_ratio{${matchers}} > 0)`
}

const seconds = 30 * 86_400

/** How much of its error budget each target has left, and how fast it burns. */
export const slo = dashboard({
  uid: 'probity-slo',
  title: 'Probity / SLO',
  description:
    'How much of its error budget each target has left, and how fast it burns. The budget is the share of checks that may fail in 30 days: 1 - slo.',
  from: 'now-30d',
  variables: [
    vendor,
    team,
    location,
    targets,
    rows,
    shown(`bottomk($rows, min by (target) (${budgetLeft} or 1 - probe:error_ratio:1h{${selected}}))`),
  ],
  annotations: [
    alertAnnotation('Budget alerts', `alertname=~"TargetBudgetBurn.*",${selected}`),
    configReloads,
  ],
  rows: [
    {
      id: 100,
      title: 'Now',
      height: 4,
      panels: [
        stat({
          id: 1,
          title: 'Budget used up',
          shows: 'Targets that have failed more checks in 30 days than their SLO allows.',
          whenBad:
            'Stop what endangers them (releases, changes) until they recover, or agree on another SLO.',
          unit: 'short',
          width: 6,
          expr: `sum(min by (target) (${budgetLeft}) <= bool 0)`,
          thresholds: steps(colours.up, [1, colours.down]),
          noValue: 'after an hour',
        }),
        stat({
          id: 2,
          title: 'Least budget left',
          shows: 'What the worst target has left of its error budget; below 0 it has overdrawn it.',
          whenBad: 'The table below names the target, and when the budget will be gone at the present pace.',
          unit: 'percentunit',
          decimals: 1,
          width: 6,
          expr: `min(${budgetLeft})`,
          thresholds: steps(colours.down, [0, colours.degraded], [0.25, colours.up]),
          noValue: 'after an hour',
        }),
        stat({
          id: 3,
          title: 'Burning fast',
          shows:
            'Targets for which TargetBudgetBurnFast fires: at this pace, the 30-day budget is gone within 5 days.',
          whenBad: 'Act now: the runbook is docs/alerts.md#targetbudgetburnfast.',
          unit: 'short',
          width: 6,
          expr: `count(ALERTS{alertname="TargetBudgetBurnFast",alertstate="firing",${selected}}) or vector(0)`,
          thresholds: steps(colours.up, [1, colours.down]),
        }),
        stat({
          id: 4,
          title: 'Burning slowly',
          shows:
            'Targets for which TargetBudgetBurnSlow fires: at this pace, the 30-day budget does not last 30 days.',
          whenBad: 'Plan the repair: the runbook is docs/alerts.md#targetbudgetburnslow.',
          unit: 'short',
          width: 6,
          expr: `count(ALERTS{alertname="TargetBudgetBurnSlow",alertstate="firing",${selected}}) or vector(0)`,
          thresholds: steps(colours.up, [1, colours.degraded]),
        }),
      ],
    },
    {
      id: 110,
      title: 'Budgets',
      height: 10,
      panels: [
        table({
          id: 5,
          title: 'Least budget left: 20 targets',
          shows:
            'What is left of the budget, also as time of full outage; how fast it burns over each window (1x uses it up in 30 days); and when it is gone at the pace of the last day.',
          whenBad:
            'A high value over 1h and a low one over 3d is an outage: repair it. High over 3d: a permanent defect.',
          width: 24,
          labels: who,
          columns: [
            {
              name: 'Budget left',
              unit: 'percentunit',
              decimals: 1,
              width: 110,
              thresholds: steps(colours.down, [0, colours.degraded], [0.25, colours.up]),
              expr: ofTheLeast('min', budgetLeft),
            },
            {
              name: 'As outage',
              unit: 'dtdurations',
              width: 150,
              expr: ofTheLeast(
                'min',
                `${seconds} * ${budgetLeft} * (1 - probe_target_slo_ratio{${selected}}) > 0`,
              ),
            },
            {
              name: 'Gone in',
              unit: 'dtdurations',
              width: 150,
              expr: ofTheLeast('min', `${seconds} * (${budgetLeft} > 0) / (${burn('1d', selected)} > 0)`),
            },
            {
              name: 'Available 30d',
              unit: 'percentunit',
              decimals: 3,
              width: 120,
              expr: ofTheLeast('min', `1 - ${newest(`probe:error_ratio:30d{${selected}}`)}`),
            },
            {
              name: 'SLO',
              unit: 'percentunit',
              width: 90,
              expr: ofTheLeast('max', `probe_target_slo_ratio{${selected}}`),
            },
            ...windows.map(burnColumn),
          ],
          sortBy: 'Budget left',
          ascending: true,
          noValue: 'Available after the first full hour.',
        }),
      ],
    },
    {
      id: 120,
      title: 'Over time: the $rows of the chosen targets with the least budget left',
      height: 9,
      panels: [
        timeseries({
          id: 6,
          title: 'Budget left',
          shows:
            'What was left of the budget of the 30 days before each moment. It recovers when old failures leave the 30 days.',
          whenBad: 'A cliff is an outage, a slope is a defect. Below the line, the SLO is broken.',
          unit: 'percentunit',
          width: 12,
          max: 1,
          lines: steps('transparent', [0, colours.limit]),
          links: [seriesToTarget],
          noValue: 'Available after the first full hour.',
          queries: [
            {
              expr: `min by (target) (${newest(`probe:budget_left:30d{${shownTargets}}`)})`,
              legend: '{{target}}',
            },
          ],
        }),
        timeseries({
          id: 7,
          title: 'Failed checks by hour',
          shows: 'The share of checks that failed in each hour: which hours used up the budget.',
          whenBad:
            'The same hour every day: a job, a backup, a deployment. Zoom in, and open the target for the reasons.',
          unit: 'percentunit',
          width: 12,
          min: 0,
          max: 1,
          interval: '1h',
          links: [seriesToTarget],
          noValue: 'Available after the first full hour.',
          queries: [
            {
              expr: `max by (target) (max_over_time(probe:hourly_error_ratio{${shownTargets}}[$__interval]))`,
              legend: '{{target}}',
            },
          ],
        }),
      ],
    },
    {
      id: 130,
      title: 'How fast the budget burns: the last 3 days',
      height: 8,
      panels: windows.map(burnPanel),
    },
  ],
})

/** A number for each of the targets with the least budget left. */
function ofTheLeast(aggregation: 'min' | 'max', expr: string): string {
  return `${aggregation} by (target, vendor, team) (${expr}) and on (target) bottomk(20, min by (target) (${budgetLeft}))`
}

function burnColumn({ length, limit, colour }: Window): Column {
  return {
    name: `Burn ${length}`,
    unit: 'suffix:x',
    decimals: 1,
    width: 90,
    thresholds: steps(colours.text, [limit, colour]),
    expr: ofTheLeast('max', burn(length, selected)),
  }
}

function burnPanel({ length, limit, colour }: Window, index: number): Placed {
  return timeseries({
    id: 8 + index,
    title: `Burn over ${length}`,
    shows: `How many times faster than evenly the budget burns, over ${length}. The line, ${limit}x, is that of the alert.`,
    whenBad: `Above the line TargetBudgetBurn${limit > 3 ? 'Fast' : 'Slow'} fires, if a shorter window agrees: the failures continue.`,
    unit: 'suffix:x',
    width: 6,
    min: 0,
    softMax: limit * 1.1,
    lines: steps('transparent', [limit, colour]),
    newest: '3d',
    links: [seriesToTarget],
    queries: [{ expr: `max by (target) (${burn(length, shownTargets)})`, legend: '{{target}}' }],
  })
}
