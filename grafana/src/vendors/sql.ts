/** The time range that is shown; its end is not later than now. A separate query, because it is then made once. */
export const from = '$__timeFrom()::timestamptz'
export const to = '(select probity.up_to_now($__timeTo()))'

/** The time zone in which days and hours are those of a clock. */
export const zone = 'probity.zone(${__timezone:sqlstring})'

/** The vendors that are chosen. An array, because a list in parentheses may not be empty. */
export const chosen = 'vendor = any (array[${vendor:sqlstring}]::text[])'

/** What was measured of each of the chosen vendors, in the time range. */
export const measured = `select * from probity.vendors_measured(${from}, ${to}) where ${chosen}`

/** The same in the period before: the month before, where the time range begins with a month and lies within it. */
export const measuredBefore = inPeriodBefore('probity.vendors_measured', chosen)

/** Rows of a function of the history for the period before. */
export function inPeriodBefore(name: string, condition: string): string {
  const bound = (of: string): string => `(select ${of} from probity.period_before(${from}, ${to}, ${zone}))`
  return `select * from ${name}(${bound('before_from')}, ${bound('before_to')}) where ${condition}`
}

/**
 * The quantiles p50, p95 and p99 in seconds, by nearest rank, as `probity report` has them.
 *
 * @param buckets SQL that gives a key, `bucket` and `n`, each bucket of a key once.
 * @param key The name of the column by which they are told apart.
 */
export function quantiles(buckets: string, key: string): string {
  return `select ${key},
  probity.bucket_seconds(min(bucket) filter (where rank >= ceil(0.5::double precision * total))) as p50,
  probity.bucket_seconds(min(bucket) filter (where rank >= ceil(0.95::double precision * total))) as p95,
  probity.bucket_seconds(min(bucket) filter (where rank >= ceil(0.99::double precision * total))) as p99
from (
  select ${key}, bucket, sum(n) over (partition by ${key} order by bucket) as rank, sum(n) over (partition by ${key}) as total
  from (${buckets}) buckets
) ranked
group by ${key}`
}

/** A share as text: `99.95`, in percent. */
export function percent(share: string): string {
  return `trim_scale(round((${share} * 100)::numeric, 3))`
}
