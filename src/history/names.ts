import { keepNewest, type KeepNewest, type KeepNewestOptions } from './keep-newest.ts'
import type { Statements } from './sql.ts'

/** A target, and the names that it had before. */
export interface Renamed {
  readonly name: string
  /** Default: none. */
  readonly was?: readonly string[]
}

/**
 * Joins what is stored under the former names of targets to what is stored under the new ones. What was joined before costs nothing.
 *
 * @param location Where the targets are probed from: other places have their own past.
 * @throws Whatever the database said; each target is joined whole, or not at all.
 */
export async function joinNames(
  sql: Pick<Statements, 'query'>,
  targets: readonly Renamed[],
  location: string,
): Promise<void> {
  for (const { name, was = [] } of targets) {
    if (was.length > 0) await sql.query('select probity.join_names($1, $2, $3)', [name, was, location])
  }
}

export interface NameKeeperOptions extends Pick<KeepNewestOptions<unknown>, 'log' | 'retryMs'> {
  readonly sql: Pick<Statements, 'query'>
  readonly location: string
}

/** Joins former names in the background, and goes on trying while the database is away. */
export function keepNames({ sql, location, ...options }: NameKeeperOptions): KeepNewest<readonly Renamed[]> {
  return keepNewest<readonly Renamed[]>({
    ...options,
    what: 'the past of renamed targets is not joined yet',
    write: (targets) => joinNames(sql, targets, location),
  })
}
