import type { Sql } from './sql.ts'

/** What is stored, and not added up yet. */
export interface Pending {
  /** The oldest of it. Everything before is added up. */
  readonly since: Date
  /** Marks: each stands for what is new of one hour of one target. */
  readonly marks: number
  /** From the oldest of it to the newest result that is stored. */
  readonly lagSeconds: number
}

/**
 * What is not added up yet; undefined where everything is.
 *
 * @throws Whatever the database said.
 */
export async function readPending(sql: Pick<Sql, 'query'>): Promise<Pending | undefined> {
  const [row] = await sql.query<{ since: Date | null; marks: number; lag: number }>(
    `select min(from_at) as since, count(*)::integer as marks,
       extract(epoch from greatest(max(to_at), (select max(last_at) from probity.series)) - min(from_at))::double precision as lag
     from probity.touched`,
  )
  return row?.since ? { since: row.since, marks: row.marks, lagSeconds: row.lag } : undefined
}
