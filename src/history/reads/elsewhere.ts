import type { Statements } from '../sql.ts'
import { readPlaces, type LocationPast } from './locations.ts'
import { dayMs, iso } from './view.ts'

/** A target that only other locations watch. */
export interface ElsewherePast {
  readonly name: string
  /** Of its newest check, as the next one. */
  readonly labels: Readonly<Record<string, string>>
  readonly intervalSeconds: number
  /** In the order of their names. */
  readonly locations: readonly LocationPast[]
}

export interface ElsewhereAsked {
  /** The names of those that are watched here. */
  readonly known: readonly string[]
  /** Where this process probes from. */
  readonly location: string
  /** Unix time in milliseconds. */
  readonly now: number
}

/** Targets that are read. */
const most = 1000

/** Targets that other locations have checked within a day and that are not watched here, in the order of their names. */
export async function readElsewhere(
  sql: Statements,
  { known, location, now }: ElsewhereAsked,
): Promise<ElsewherePast[]> {
  const found = await sql.query<{ target: string; labels: Record<string, string>; interval: number }>(
    `select distinct on (target) target, labels, last_interval as interval
     from probity.series
     where last_at >= $1 and location <> $2 and not target = any($3)
     order by target, last_at desc limit ${most}`,
    [iso(now - dayMs), location, known],
  )
  if (found.length === 0) return []
  const names = found.map(({ target }) => target)
  const places = await readPlaces(sql, { targets: names, now, from: 1, except: location })
  return found.map(({ target, labels, interval }) => ({
    name: target,
    labels,
    intervalSeconds: interval,
    locations: places.get(target) ?? [],
  }))
}
