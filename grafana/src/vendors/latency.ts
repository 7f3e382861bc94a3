import { colours, steps } from '../colours.ts'
import type { Row } from '../frame.ts'
import { sqlRows } from '../panels/table.ts'
import { chosen, from, inPeriodBefore, quantiles, to } from './sql.ts'

/** Buckets of the chosen vendors, from those of their endpoints. */
function ofVendors(buckets: string): string {
  return `select vendor, bucket, sum(n)::bigint as n
from (${buckets}) found
join probity.endpoints using (series_id)
where ${chosen}
group by vendor, bucket`
}

const now = ofVendors(`select * from probity.check_buckets(${from}, ${to})`)
const before = ofVendors(inPeriodBefore('probity.check_buckets', 'true'))

/** How fast vendors answer, and whether that changes. */
export const latency: Row = {
  id: 130,
  title: 'Latency',
  height: 8,
  panels: [
    sqlRows({
      id: 10,
      title: 'Latency against the period before',
      shows:
        'The quantiles of the duration of checks that succeeded, within 1 %. *Before* is the month before if the time range is a month, otherwise as much time before it; *Change* is that of p95.',
      whenBad:
        'All three slower: the vendor, or the way to it. Only p99: retries or one bad backend. Compare with the calls below, which come from elsewhere.',
      width: 24,
      noValue: 'No check succeeded in this time.',
      columns: [
        { name: 'Vendor' },
        { name: 'p50', unit: 's' },
        { name: 'p95', unit: 's' },
        { name: 'p99', unit: 's' },
        { name: 'p50 before', unit: 's' },
        { name: 'p95 before', unit: 's' },
        { name: 'p99 before', unit: 's' },
        {
          name: 'Change',
          unit: 'percentunit',
          decimals: 1,
          thresholds: steps(colours.text, [0.1, colours.degraded], [0.5, colours.down]),
        },
      ],
      sql: `with now as (
${quantiles(now, 'vendor')}
), before as (
${quantiles(before, 'vendor')}
)
select vendor as "Vendor", now.p50 as "p50", now.p95 as "p95", now.p99 as "p99",
  before.p50 as "p50 before", before.p95 as "p95 before", before.p99 as "p99 before", now.p95 / before.p95 - 1 as "Change"
from now
left join before using (vendor)
order by now.p95 / before.p95 desc nulls last, vendor`,
    }),
  ],
}
