import type { CommandRun } from '../../lib/command-run/run.ts'
import { checksAfter, judged, mostChecks, type JudgedRun } from '../../lib/command-run/verdict.ts'
import type { Statements } from '../sql.ts'
import { readFromTransitions } from './runs-from-transitions.ts'

export interface CommandRunsAsked {
  /** Default: of all. */
  readonly targets?: readonly string[]
  readonly from: Date
  /** Not included. */
  readonly to: Date
  /** How many at most. Default 1000. */
  readonly limit?: number
  /** Only those that were made to repair something, while an alert fired. Default false. */
  readonly repairing?: boolean
}

interface Row {
  id: string
  channel: string
  alertname: string
  target: string
  location: string
  vendor: string
  fingerprint: string
  alert_started_at: Date
  occasion: CommandRun['occasion']
  repairs: boolean
  about_failure: boolean
  started_at: Date
  duration_seconds: number
  outcome: CommandRun['outcome']
  exit_code: number | null
  failure: string | null
  output: string
  before: boolean | null
  checks: [at: number, success: boolean, interval: number][] | null
}

/** From where the alert was seen; a run that does not say, from anywhere. */
const ofRun = `series.target = runs.target and (runs.location = '' or series.location = runs.location)`

/** What commands did in a range, the newest first, and whether it helped. */
export async function readCommandRuns(
  sql: Statements,
  { targets, from, to, limit = 1000, repairing = false }: CommandRunsAsked,
): Promise<JudgedRun[]> {
  const rows = await sql.query<Row>(
    `with runs as (
       select * from probity.command_runs
       where ($1::text[] is null or target = any($1)) and started_at >= $2 and started_at < $3
         and (not $5 or (repairs and occasion <> 'end'))
       order by started_at desc, id limit $4
     )
     select runs.*, earlier.success as before, next.checks
     from runs
     left join lateral (
       select newest.success from probity.series
       cross join lateral (
         select success, checked_at from probity.probe_results
         where series_id = series.id and checked_at < runs.started_at
           -- What was under way, and then succeeded, may have seen what the run repaired.
           and (not success or checked_at + duration_seconds * interval '1 second' < runs.started_at)
         order by checked_at desc limit 1
       ) newest
       where ${ofRun} order by newest.checked_at desc limit 1
     ) earlier on true
     left join lateral (
       select json_agg(json_build_array(extract(epoch from checked_at) * 1000, success, interval_seconds) order by checked_at)
         as checks
       from (
         select found.* from probity.series
         cross join lateral (
           select checked_at, success, interval_seconds from probity.probe_results
           where series_id = series.id and checked_at >= runs.started_at + runs.duration_seconds * interval '1 second'
           order by checked_at limit ${mostChecks}
         ) found
         where ${ofRun} order by checked_at limit ${mostChecks}
       ) first
     ) next on true
     order by runs.started_at desc, runs.id`,
    [targets ?? null, from.toISOString(), to.toISOString(), limit, repairing],
  )
  // Their checks may be gone: single checks are kept for a while only.
  const bare = rows.filter(({ checks }) => checks === null).map(({ id }) => id)
  const older = bare.length === 0 ? new Map<string, never>() : await readFromTransitions(sql, bare)
  return rows.map((row) => {
    const run = toRun(row)
    const { before = null, after = [] } = older.get(row.id) ?? {}
    const succeeded = row.before ?? before
    const checks = (row.checks ?? []).map(([at, success, intervalSeconds]) => ({
      at,
      success,
      intervalSeconds,
    }))
    return judged(run, {
      ...(succeeded !== null && { before: succeeded }),
      after: row.checks ? checksAfter(run, checks) : after,
    })
  })
}

function toRun(row: Row): CommandRun {
  const {
    id,
    channel,
    alertname,
    target,
    location,
    vendor,
    fingerprint,
    occasion,
    repairs,
    outcome,
    output,
  } = row
  return {
    id,
    channel,
    alertname,
    target,
    location,
    vendor,
    fingerprint,
    alertStartedAt: row.alert_started_at.toISOString(),
    occasion,
    repairs,
    aboutFailure: row.about_failure,
    startedAt: row.started_at.toISOString(),
    durationSeconds: row.duration_seconds,
    outcome,
    ...(row.exit_code !== null && { exitCode: row.exit_code }),
    ...(row.failure !== null && { failure: row.failure }),
    output,
  }
}
