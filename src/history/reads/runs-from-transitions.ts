import type { Seen } from '../../lib/command-run/verdict.ts'
import type { Statements } from '../sql.ts'

interface Change {
  at: number
  success: boolean
  before_at: number | null
}

interface Row {
  id: string
  ended_at: number
  before: boolean | null
  at_end: boolean | null
  next: Change[] | null
  last_at: number | null
  has_gap: boolean
}

const ofRun = `series.target = runs.target and (runs.location = '' or series.location = runs.location)`

const outcomeAt = (moment: string): string => `(
  select transitions.success from probity.series join probity.transitions on series_id = series.id
  where ${ofRun} and transitions.at < ${moment} order by transitions.at desc limit 1
)`

/** What the changes of outcome say about runs, by their ids: those are kept when single checks are gone. */
export async function readFromTransitions(
  sql: Pick<Statements, 'query'>,
  ids: readonly string[],
): Promise<Map<string, Seen>> {
  const rows = await sql.query<Row>(
    `with runs as (
       select *, started_at + duration_seconds * interval '1 second' as ended_at
       from probity.command_runs where id = any($1::uuid[])
     )
     select id, extract(epoch from ended_at)::double precision * 1000 as ended_at,
       ${outcomeAt('runs.started_at')} as before, ${outcomeAt('runs.ended_at')} as at_end,
       (select json_agg(json_build_object('at', extract(epoch from at) * 1000, 'success', success,
          'before_at', extract(epoch from before_at) * 1000) order by at)
        from (
          select transitions.* from probity.series join probity.transitions on series_id = series.id
          where ${ofRun} and transitions.at >= runs.ended_at order by transitions.at limit 2
        ) found) as next,
       (select extract(epoch from max(last_at))::double precision * 1000 from probity.series where ${ofRun}) as last_at,
       exists (
         select from probity.series join probity.gaps on series_id = series.id
         where ${ofRun} and gaps.ends_at > runs.ended_at and gaps.starts_at < runs.ended_at + interval '1 hour'
       ) as has_gap
     from runs`,
    [ids],
  )
  return new Map(
    rows.map((row) => [row.id, { ...(row.before !== null && { before: row.before }), after: after(row) }]),
  )
}

/** The outcomes of the first two checks begun after a run. */
function after({ ended_at: end, at_end: atEnd, next, last_at: lastAt, has_gap: hasGap }: Row): boolean[] {
  if (atEnd === null || lastAt === null || lastAt < end || hasGap) return []
  const [first, second] = next ?? []
  const isFirstCheck = first !== undefined && (first.before_at ?? end) < end
  // How many checks there were before it failed again is not known any more: two, or the run is found to have helped too often.
  if (atEnd) return isFirstCheck ? [false] : [true, true]
  if (!isFirstCheck) return [false]
  if (second && (second.before_at ?? Infinity) <= first.at) return [true, false]
  return lastAt > first.at ? [true, true] : [true]
}
