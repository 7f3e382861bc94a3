import { colours, steps } from '../colours.ts'
import type { Row } from '../frame.ts'
import { historyToTarget } from '../links.ts'
import { sqlRows } from '../panels/table.ts'
import { chosen, from, quantiles, to } from './sql.ts'

const where = [
  { name: 'Vendor' },
  { name: 'Target', links: [historyToTarget] },
  { name: 'Location', width: 100 },
]

/** The endpoints behind the figures, and what our own calls say. */
export const endpoints: Row = {
  id: 150,
  title: 'Endpoints and calls',
  height: 10,
  panels: [
    sqlRows({
      id: 13,
      title: 'Worst endpoints',
      shows:
        'The 20 endpoints that were furthest beyond the promise of their vendor, then the least available. An endpoint is a target as seen from one location.',
      whenBad:
        'One location only: the way from there. One endpoint of several: that product of the vendor, not the vendor.',
      width: 14,
      noValue: 'Nothing is stored for this time.',
      columns: [
        ...where,
        { name: 'Available', unit: 'percentunit', decimals: 3, width: 90 },
        { name: 'Down', unit: 's', width: 90 },
        {
          name: 'Over the budget',
          unit: 's',
          width: 120,
          thresholds: steps(colours.text, [0.001, colours.down]),
        },
        { name: 'p95', unit: 's', width: 80 },
      ],
      sql: `with worst as (
  select measured.*, judged_up_seconds / nullif(judged_up_seconds + judged_down_seconds, 0) as availability,
    greatest(0, judged_down_seconds - (1 - sla) * (judged_up_seconds + judged_down_seconds)) as over_seconds
  from probity.measured(${from}, ${to}) measured
  where ${chosen}
  order by case when sla is null then 0
      else greatest(0, judged_down_seconds - (1 - sla) * (judged_up_seconds + judged_down_seconds)) end desc,
    judged_up_seconds / nullif(judged_up_seconds + judged_down_seconds, 0), target, location
  limit 20
), latency as (
${quantiles(`select * from probity.check_buckets(${from}, ${to}) where series_id in (select series_id from worst)`, 'series_id')}
)
select vendor as "Vendor", target as "Target", location as "Location", availability as "Available", down_seconds as "Down",
  case when sla is not null then over_seconds end as "Over the budget", p95 as "p95"
from worst
left join latency using (series_id)
order by case when sla is null then 0 else over_seconds end desc, availability, target, location`,
    }),
    sqlRows({
      id: 14,
      title: 'Unobserved time',
      shows:
        'The 20 endpoints with the most unobserved time: time before the first check, after the last, and between two checks that are more than two intervals apart.',
      whenBad:
        'All endpoints alike: Probity or its machine was down. One alone: it was added, removed or renamed in this time.',
      width: 10,
      noValue: 'Everything was seen.',
      columns: [
        ...where,
        { name: 'Unobserved', unit: 's', width: 100 },
        { name: 'Share', unit: 'percentunit', decimals: 2, width: 80 },
      ],
      sql: `select vendor as "Vendor", target as "Target", location as "Location", unobserved_seconds as "Unobserved",
  unobserved_seconds / (up_seconds + down_seconds + unobserved_seconds) as "Share"
from probity.measured(${from}, ${to})
where ${chosen} and unobserved_seconds >= 0.5
order by unobserved_seconds desc, target, location
limit 20`,
    }),
    sqlRows({
      id: 15,
      title: 'Calls and checks',
      shows:
        'What our programs saw of each target, next to what the checks from the same location saw: the 50 with the largest share of failed calls. Calls that do not say how they ended are left out of the failures.',
      whenBad:
        'Calls fail and checks do not: our code, credentials or load, or a part of the API that is not checked. Both: the vendor.',
      width: 24,
      noValue: 'No program has reported a call in this time.',
      columns: [
        ...where,
        { name: 'Calls', unit: 'short', width: 90 },
        {
          name: 'Failed',
          unit: 'percentunit',
          decimals: 2,
          width: 90,
          thresholds: steps(colours.text, [0.001, colours.degraded]),
        },
        { name: 'Over the limit', unit: 'percentunit', decimals: 2, width: 110 },
        { name: 'p95', unit: 's', width: 90 },
        {
          name: 'Checks failed',
          unit: 'percentunit',
          decimals: 2,
          width: 110,
          thresholds: steps(colours.text, [0.001, colours.degraded]),
        },
        { name: 'p95 of checks', unit: 's', width: 110 },
      ],
      sql: `with calls as (
  select series_id, sum(ok + error + unknown) as calls, sum(error) / nullif(sum(ok + error), 0) as failed,
    sum(over_limit) / sum(ok + error + unknown) as over_limit
  from probity.calls_counted(${from}, ${to})
  where series_id in (select series_id from probity.endpoints where ${chosen})
  group by series_id
  order by failed desc nulls last, calls desc
  limit 50
), called as (
${quantiles(
  `select series_id, key::integer as bucket, sum(value::bigint)::bigint as n
  from probity.calls_counted(${from}, ${to}), jsonb_each_text(latency)
  where series_id in (select series_id from calls)
  group by 1, 2`,
  'series_id',
)}
), checks as (
  select series_id, sum(failures)::double precision / nullif(sum(checks), 0) as failed
  from probity.counted(${from}, ${to})
  where series_id in (select series_id from calls)
  group by series_id
), checked as (
${quantiles(
  `select * from probity.check_buckets(${from}, ${to}) where series_id in (select series_id from calls)`,
  'series_id',
)}
)
select vendor as "Vendor", target as "Target", location as "Location", calls as "Calls", calls.failed as "Failed",
  over_limit as "Over the limit", called.p95 as "p95", checks.failed as "Checks failed", checked.p95 as "p95 of checks"
from calls
join probity.endpoints using (series_id)
left join called using (series_id)
left join checks using (series_id)
left join checked using (series_id)
order by calls.failed desc nulls last, calls desc, target, location`,
    }),
  ],
}
