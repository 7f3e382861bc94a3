import type { Statements } from '../sql.ts'

/** A silence or an acknowledgement, as reports have it. */
export interface StoredSilence {
  readonly id: string
  /** In the syntax of Alertmanager. */
  readonly match: string
  /** The alert that somebody takes care of. Absent: it is about whatever matches. */
  readonly alertname?: string
  /** Names of targets. */
  readonly targets: readonly string[]
  readonly startsAt: Date
  readonly endsAt: Date
  readonly createdBy: string
  readonly comment: string
}

/**
 * Stores the silences that a location has now. One that it had, and has no longer, has ended now.
 *
 * @throws Whatever the database said.
 */
export async function writeSilences(
  sql: Pick<Statements, 'query'>,
  {
    silences,
    location,
    now,
  }: { readonly silences: readonly StoredSilence[]; readonly location: string; readonly now: number },
): Promise<void> {
  const rows = silences.map(({ id, match, alertname, targets, startsAt, endsAt, createdBy, comment }) => ({
    id,
    match,
    alertname: alertname ?? null,
    targets,
    starts_at: startsAt.toISOString(),
    ends_at: endsAt.toISOString(),
    created_by: createdBy,
    comment,
  }))
  await sql.query(
    `insert into probity.silences as known (id, location, match, alertname, targets, starts_at, ends_at, created_by, comment)
     select id, $2, match, alertname, targets, starts_at, ends_at, created_by, comment
     from jsonb_to_recordset($1::jsonb) as item(
       id text, match text, alertname text, targets text[], starts_at timestamptz, ends_at timestamptz, created_by text,
       comment text
     )
     on conflict (id) do update set
       location = excluded.location, ends_at = excluded.ends_at,
       targets = (select array_agg(distinct name) from unnest(known.targets || excluded.targets) name)`,
    [JSON.stringify(rows), location],
  )
  await sql.query(
    `update probity.silences set ends_at = greatest(starts_at, $1::timestamptz)
     where location = $2 and ends_at > $1::timestamptz and id <> all($3::text[])`,
    [new Date(now).toISOString(), location, silences.map(({ id }) => id)],
  )
}
