import type { Statements } from '../sql.ts'
import type { StoredSilence } from '../write/silences.ts'

interface Row {
  id: string
  match: string
  alertname: string | null
  targets: string[]
  starts_at: Date
  ends_at: Date
  created_by: string
  comment: string
}

/** Silences that are read at once at most. */
const most = 1000

/** Those that were in force within a span, in the order of their beginning; of many, the newest. */
export async function readSilences(
  sql: Pick<Statements, 'query'>,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<StoredSilence[]> {
  const rows = await sql.query<Row>(
    `select * from probity.silences
     where ends_at > $1::timestamptz and starts_at < $2::timestamptz and ends_at > starts_at
     order by starts_at desc, id desc limit ${most}`,
    [new Date(from).toISOString(), new Date(to).toISOString()],
  )
  return rows
    .map(({ id, match, alertname, targets, comment, ...row }) => ({
      id,
      match,
      ...(alertname !== null && { alertname }),
      targets: targets.toSorted(),
      startsAt: row.starts_at,
      endsAt: row.ends_at,
      createdBy: row.created_by,
      comment,
    }))
    .reverse()
}
