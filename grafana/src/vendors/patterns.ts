import type { Row } from '../frame.ts'
import { bars } from '../panels/bars.ts'
import { chosen, from, to, zone } from './sql.ts'

/** When checks fail, and why. */
export const patterns: Row = {
  id: 140,
  title: 'When and why checks failed',
  height: 8,
  panels: [
    bars({
      id: 11,
      title: 'Failures by hour of the day',
      shows: 'Failed checks by the hour in which they were made, in the time zone of the dashboard.',
      whenBad: 'Hours that stand out are deployments, backups or peaks of the vendor: ask what happens then.',
      unit: 'short',
      width: 14,
      noValue: 'No check failed.',
      sql: `with failed as (
  select extract(hour from hour at time zone ${zone}) as hour, sum(failures) as failures
  from probity.hourly
  join probity.endpoints using (series_id)
  where failures > 0 and hour >= ${from} and hour < ${to} and ${chosen}
  group by 1
)
select to_char(hours, 'FM00') || ':00' as "Hour", coalesce(failures, 0) as "Failed checks"
from generate_series(0, 23) hours
left join failed on failed.hour = hours
order by hours`,
    }),
    bars({
      id: 12,
      title: 'Failures by reason',
      shows:
        'Failed checks by their reason, the most frequent first. docs/metrics.md says what each reason means.',
      whenBad:
        '`status` and `body`: the vendor answers, but wrongly. `connect`, `tls` and `timeout`: it cannot be reached. `dns`: often our own resolver.',
      unit: 'short',
      width: 10,
      noValue: 'No check failed.',
      sql: `select key as "Reason", sum(value::bigint) as "Failed checks"
from probity.counted(${from}, ${to})
join probity.endpoints using (series_id), jsonb_each_text(reasons)
where failures > 0 and ${chosen}
group by key
order by 2 desc, 1`,
    }),
  ],
}
