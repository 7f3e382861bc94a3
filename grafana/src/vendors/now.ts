import { colours, steps } from '../colours.ts'
import type { Row } from '../frame.ts'
import { sqlStat } from '../panels/stat.ts'
import { chosen, from, measured, to } from './sql.ts'

/** How the chosen vendors do, in four numbers. */
export const now: Row = {
  id: 100,
  title: 'The chosen vendors in this time',
  height: 4,
  panels: [
    sqlStat({
      id: 1,
      title: 'Beyond their promise',
      shows: 'Vendors that were down longer than the `sla` of `vendors:` in config/targets.yml allows.',
      whenBad: 'The table below says which, by how much, and what to say to them.',
      unit: 'short',
      width: 6,
      thresholds: steps(colours.up, [1, colours.down]),
      sql: `select count(*) filter (where over_seconds > 0) as vendors from (${measured}) measured`,
    }),
    sqlStat({
      id: 2,
      title: 'Over the budget',
      shows: 'Seconds that vendors were down beyond what they promise, of all of them together.',
      whenBad:
        'Where the contract grants credits, this is what to claim; the incidents below are the evidence.',
      unit: 's',
      width: 6,
      thresholds: steps(colours.up, [1, colours.down]),
      sql: `select coalesce(sum(over_seconds), 0) as seconds from (${measured}) measured`,
      noValue: 'nothing promised',
    }),
    sqlStat({
      id: 3,
      title: 'Incidents',
      shows:
        'Outages of a target as seen from a place, from the first failed check to the first that succeeds.',
      whenBad:
        'Many short ones: raise `alert_after`, or ask the vendor for retries that are safe. Few long ones: see below.',
      unit: 'short',
      width: 6,
      sql: `select count(*) as incidents
from probity.outages(${from}, ${to})
join probity.endpoints using (series_id)
where ${chosen}`,
    }),
    sqlStat({
      id: 4,
      title: 'Unobserved',
      shows:
        'The average share of the time in which nothing was seen of the vendors. It counts neither as up nor as down.',
      whenBad:
        'Much of it weakens every figure here. Normal for vendors that are new; otherwise see which endpoints below, and whether Probity ran.',
      unit: 'percentunit',
      decimals: 2,
      width: 6,
      thresholds: steps(colours.text, [0.01, colours.degraded]),
      sql: `select avg(unobserved_seconds / (up_seconds + down_seconds + unobserved_seconds)) as unobserved
from (${measured}) measured`,
      noValue: 'nothing stored yet',
    }),
  ],
}
