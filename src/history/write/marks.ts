import type { StoredMark } from '../reads/marks.ts'
import type { Statements } from '../sql.ts'

/** Stores a mark. The same one, sent again, is stored once. @throws Whatever the database said. */
export async function writeMark(sql: Pick<Statements, 'query'>, mark: StoredMark): Promise<void> {
  const { at, title, source, url = null, target = null, labels } = mark
  await sql.query(
    `insert into probity.marks (at, title, source, url, target, labels)
     select $1::timestamptz, $2, $3, $4, $5, $6::jsonb
     where not exists (
       select from probity.marks known
       where known.at = $1::timestamptz and known.title = $2 and known.source = $3
         and known.target is not distinct from $5 and known.labels is not distinct from $6::jsonb
     )`,
    [at.toISOString(), title, source, url, target, labels ? JSON.stringify(labels) : null],
  )
}

/** A release of a caller that is seen for the first time. */
export interface NewVersion {
  readonly target: string
  readonly caller: string
  readonly version: string
  readonly at: Date
}

/**
 * Marks a release of a caller, unless it was seen before, or is the first of that caller: then nothing has changed.
 *
 * @throws Whatever the database said.
 */
export async function writeVersion(
  sql: Pick<Statements, 'query'>,
  { target, caller, version, at }: NewVersion,
): Promise<void> {
  const title = caller === '' ? `version ${version}` : `${caller} ${version}`
  await sql.query(
    `insert into probity.marks (at, title, source, target)
     select $1::timestamptz, $2, 'calls', $3
     where not exists (
         select from probity.marks where source = 'calls' and title = $2 and target = $3
       ) and not exists (
         select from probity.call_minutes
         where target = $3 and caller = $4 and version = $5 and minute < $1::timestamptz - interval '2 minutes'
       ) and exists (
         select from probity.call_minutes where target = $3 and caller = $4 and version <> $5
       )`,
    [at.toISOString(), title, target, caller, version],
  )
}
