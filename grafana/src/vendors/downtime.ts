import type { Row } from '../frame.ts'
import { historyToTarget } from '../links.ts'
import { barsOverTime } from '../panels/bars.ts'
import { sqlRows } from '../panels/table.ts'
import { chosen, from, inPeriodBefore, to, zone } from './sql.ts'

/** What was down when, for how long, and what it answered. */
export const downtime: Row = {
  id: 120,
  title: 'Downtime and its evidence',
  height: 10,
  panels: [
    barsOverTime({
      id: 7,
      title: 'Downtime per day',
      shows:
        'How long each vendor was down on each day of the time zone of the dashboard, on average of its endpoints. The days add up to *Down* above.',
      whenBad:
        'One tall bar: an incident, look at its evidence below. Every day a little: the hours of the day below say when.',
      unit: 's',
      width: 14,
      noValue: 'No outage.',
      sql: `with known as materialized (
  select vendor, count(*) as endpoints from probity.measured(${from}, ${to}) where ${chosen} group by vendor
), outages as materialized (
  select vendor, series_id, greatest(started_at, ${from}) as starts_at, least(ended_at, observed_to, ${to}) as ends_at
  from probity.outages(${from}, ${to})
  join probity.endpoints using (series_id)
  where ${chosen}
), days as materialized (
  select outages.*, day at time zone ${zone} as day, (day + interval '1 day') at time zone ${zone} as next_day
  from outages, generate_series(date_trunc('day', starts_at at time zone ${zone}), ends_at at time zone ${zone}, interval '1 day') day
), down as materialized (
  select vendor, day, sum(
    greatest(0, extract(epoch from least(ends_at, next_day) - greatest(starts_at, day)))::double precision
    - coalesce((
      select sum(probity.overlap(gaps.starts_at, gaps.ends_at, greatest(days.starts_at, day), least(days.ends_at, next_day)))
      from probity.gaps
      where gaps.series_id = days.series_id and gaps.ends_at > days.starts_at and gaps.starts_at < days.ends_at
    ), 0)) as seconds
  from days
  group by vendor, day
)
select day as "time", vendor as metric, seconds / endpoints as down
from down
join known using (vendor)
order by day, vendor`,
    }),
    sqlRows({
      id: 8,
      title: 'Incidents and recovery',
      shows:
        'How many incidents each vendor had, how long the longest was, and the mean time to recovery (MTTR) of those that ended in this time; *Before* as above.',
      whenBad:
        'Compare the MTTR with what the contract says about reaction and repair, not only with the availability.',
      width: 10,
      noValue: 'No incident.',
      columns: [
        { name: 'Vendor' },
        { name: 'Incidents', unit: 'short', width: 90 },
        { name: 'Longest', unit: 's', width: 100 },
        { name: 'MTTR', unit: 's', width: 100 },
        { name: 'MTTR before', unit: 's', width: 110 },
      ],
      sql: `with now as (
  select vendor, count(*) as incidents, max(whole_seconds) as longest,
    avg(whole_seconds) filter (where ended_at <= ${to}) as mttr
  from probity.outages(${from}, ${to})
  join probity.endpoints using (series_id)
  where ${chosen}
  group by vendor
), before as (
  select vendor, avg(whole_seconds) as mttr
  from (${inPeriodBefore('probity.outages', `ended_at <= ${from}`)}) outages
  join probity.endpoints using (series_id)
  where ${chosen}
  group by vendor
)
select vendor as "Vendor", incidents as "Incidents", longest as "Longest", now.mttr as "MTTR", before.mttr as "MTTR before"
from now
left join before using (vendor)
order by incidents desc, vendor`,
    }),
    sqlRows({
      id: 9,
      title: 'Incidents: the evidence',
      shows:
        'Each outage with its first and its last failure, the newest first, at most 1,000. *Down* is what was observed of it within the time range, *In maintenance* whether it began in one.',
      whenBad:
        'Inspect, Data, Download CSV: the list to send to the vendor. `probity report --format csv` gives the same for a month.',
      width: 24,
      noValue: 'No incident.',
      columns: [
        { name: 'Began', unit: 'dateTimeAsIso', width: 170 },
        { name: 'Ended', unit: 'dateTimeAsIso', width: 170 },
        { name: 'Down', unit: 's', width: 90 },
        { name: 'Vendor', width: 130 },
        { name: 'Target', width: 170, links: [historyToTarget] },
        { name: 'Location', width: 100 },
        { name: 'Reason', width: 90 },
        { name: 'First failure' },
        { name: 'Last failure at', unit: 'dateTimeAsIso', width: 170 },
        { name: 'Last failure' },
        { name: 'In maintenance', width: 120 },
      ],
      sql: `select started_at as "Began", ended_at as "Ended", down_seconds as "Down", vendor as "Vendor", target as "Target",
  location as "Location", reason as "Reason", message as "First failure", last_failure_at as "Last failure at",
  last_reason || ': ' || last_message as "Last failure",
  case when (select maintenance from probity.transitions change where change.series_id = outages.series_id and at = started_at)
    then 'yes' else 'no' end as "In maintenance"
from probity.outages(${from}, ${to}) outages
join probity.endpoints using (series_id)
where ${chosen}
order by started_at desc, target, location
limit 1000`,
    }),
  ],
}
