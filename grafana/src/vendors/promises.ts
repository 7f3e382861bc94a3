import { colours, steps } from '../colours.ts'
import type { Row } from '../frame.ts'
import { toStatusPage } from '../links.ts'
import { sqlRows } from '../panels/table.ts'
import { chosen, from, measured, measuredBefore, percent, to } from './sql.ts'

/** What to say to a vendor, in words. */
const why = `case
    when over_seconds > 0 then format('down %s min longer than %s %% allows: claim it, then ask for the cause',
      round((over_seconds / 60)::numeric, 1), ${percent('now.sla')})
    when now.sla < 1 and judged_down_seconds > 0.5 * budget_seconds then format('%s %% of what %s %% allows is used: watch it',
      round((100 * judged_down_seconds / budget_seconds)::numeric), ${percent('now.sla')})
    when now.sla is not null then format('keeps %s %%', ${percent('now.sla')})
    when down_seconds > 0 then format('promises nothing and was down %s min: ask for a promise',
      round((down_seconds / 60)::numeric, 1))
    else 'promises nothing, and was up'
  end
  || case when before.availability - now.availability > 0.0001
    then format('; worse than before (%s %%)', ${percent('before.availability')}) else '' end
  || case when unobserved_share > 0.1 then format('; only %s %% of the time was seen', round((100 * (1 - unobserved_share))::numeric))
    else '' end`

/** Who keeps what was promised, and who does not. */
export const promises: Row = {
  id: 110,
  title: 'Promises',
  height: 9,
  panels: [
    sqlRows({
      id: 5,
      title: 'Whom to talk to',
      shows:
        'The vendors, in the order to talk to them: those furthest beyond their promise first, then the least available, each with the reason.',
      whenBad:
        'Begin at the top. `probity report --vendor NAME --format html` writes the evidence to a file that can be sent.',
      width: 24,
      noValue: 'Nothing is stored for this time.',
      columns: [
        { name: 'Rank', unit: 'short', width: 60 },
        { name: 'Vendor', width: 180 },
        { name: 'Why' },
        {
          name: 'Over the budget',
          unit: 's',
          width: 130,
          thresholds: steps(colours.text, [0.001, colours.down]),
        },
        { name: 'Status page', width: 240, links: [toStatusPage] },
      ],
      sql: `with now as (
  select measured.*, unobserved_seconds / (up_seconds + down_seconds + unobserved_seconds) as unobserved_share
  from (${measured}) measured
), before as (
  ${measuredBefore}
)
select
  row_number() over (order by coalesce(over_seconds, 0) desc, now.availability, vendor) as "Rank",
  vendor as "Vendor",
  ${why} as "Why",
  over_seconds as "Over the budget",
  (select url from probity.vendors where name = vendor) as "Status page"
from now
left join (select vendor, availability from before) before using (vendor)
order by 1`,
    }),
    sqlRows({
      id: 6,
      title: 'Availability against the promise',
      shows:
        'What each vendor promises and what was measured. *Before* is the month before if the time range is a month, otherwise as much time before it. Times are the means of its endpoints. If the promise excludes maintenance (`sla_excludes_maintenance`), so do availability and budget, but not *Down*.',
      whenBad:
        '*Over the budget* is the downtime beyond the promise. Look at *Unobserved* before you claim it: that time counts neither as up nor as down.',
      width: 24,
      noValue: 'Nothing is stored for this time.',
      columns: [
        { name: 'Vendor', width: 180 },
        { name: 'Promised', unit: 'percentunit', decimals: 3 },
        { name: 'Available', unit: 'percentunit', decimals: 3 },
        { name: 'Before', unit: 'percentunit', decimals: 3 },
        { name: 'May be down', unit: 's' },
        { name: 'Down', unit: 's' },
        { name: 'Over the budget', unit: 's', thresholds: steps(colours.text, [0.001, colours.down]) },
        { name: 'Unobserved', unit: 's' },
        { name: 'Checks', unit: 'short' },
        { name: 'Failed', unit: 'short' },
      ],
      sql: `with now as (
  ${measured}
), before as (
  ${measuredBefore}
), checked as (
  select vendor, sum(checks) as checks, sum(failures) as failures
  from probity.counted(${from}, ${to})
  join probity.endpoints using (series_id)
  where ${chosen}
  group by vendor
)
select
  vendor as "Vendor",
  coalesce(now.sla, before.sla) as "Promised",
  now.availability as "Available",
  before.availability as "Before",
  now.budget_seconds as "May be down",
  now.down_seconds as "Down",
  now.over_seconds as "Over the budget",
  coalesce(now.unobserved_seconds, extract(epoch from ${to} - ${from})::double precision) as "Unobserved",
  coalesce(checks, 0) as "Checks",
  coalesce(failures, 0) as "Failed"
from now
full join before using (vendor)
left join checked using (vendor)
order by coalesce(now.over_seconds, 0) desc, now.availability, vendor`,
    }),
  ],
}
