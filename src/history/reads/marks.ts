import type { Statements } from '../sql.ts'

/** Something that has changed at a moment. */
export interface StoredMark {
  readonly at: Date
  /** `checkout 1.4.2`: one line. */
  readonly title: string
  /** Who said it: `api`, `github`, `gitlab` or `calls`. */
  readonly source: string
  readonly url?: string
  /** The target that it is about. */
  readonly target?: string
  /** The labels of the targets that it is about; with neither, it is about all of them. */
  readonly labels?: Readonly<Record<string, string>>
}

interface Row {
  at: Date
  title: string
  source: string
  url: string | null
  target: string | null
  labels: Record<string, string> | null
}

/** Marks that are read at once at most. */
const most = 1000

/** The newest first, at most 1000 of them. @param to Not included. */
export async function readMarks(
  sql: Pick<Statements, 'query'>,
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<StoredMark[]> {
  const rows = await sql.query<Row>(
    `select at, title, source, url, target, labels from probity.marks
     where at >= $1 and at < $2 order by at desc, id desc limit ${most}`,
    [from.toISOString(), to.toISOString()],
  )
  return rows.map(({ at, title, source, url, target, labels }) => ({
    at,
    title,
    source,
    ...(url !== null && { url }),
    ...(target !== null && { target }),
    ...(labels !== null && { labels }),
  }))
}
