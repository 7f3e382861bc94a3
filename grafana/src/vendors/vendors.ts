import { sqlAnnotation } from '../annotations.ts'
import { colours } from '../colours.ts'
import { dashboard } from '../frame.ts'
import { databaseVariable, historyVendor } from '../sql-queries.ts'
import { downtime } from './downtime.ts'
import { endpoints } from './endpoints.ts'
import { latency } from './latency.ts'
import { now } from './now.ts'
import { patterns } from './patterns.ts'
import { promises } from './promises.ts'
import { chosen, from, to } from './sql.ts'

/** Marks of the longest, so that a year is still a picture. */
const incidents = `select started_at as "time", coalesce(ended_at, ${to}) as timeend, target || ': ' || message as text,
  vendor as tags
from probity.outages(${from}, ${to})
join probity.endpoints using (series_id)
where ${chosen}
order by whole_seconds desc
limit 100`

/** Deployments and other changes. */
const marks = `select at as "time", at as timeend, concat_ws(': ', target, title) as text, source as tags
from probity.marks
where at >= ${from} and at < $__timeTo()::timestamptz
order by at desc
limit 100`

/** Do vendors keep what they promise? */
export const vendors = dashboard({
  uid: 'probity-vendors',
  title: 'Probity / Vendors',
  description:
    'Do vendors keep what they promise, and what is the evidence? From the history in PostgreSQL: the same figures as probity report.',
  from: 'now-30d/d',
  source: databaseVariable,
  variables: [historyVendor],
  annotations: [sqlAnnotation('Incidents', incidents), sqlAnnotation('Marks', marks, colours.neutral)],
  rows: [now, promises, downtime, latency, patterns, endpoints],
})
