import type { Statements } from '../sql.ts'
import { hourMs, iso } from './view.ts'

/** One check that is stored. */
export interface StoredCheck {
  readonly target: string
  readonly location: string
  /** When it began; unix seconds. */
  readonly at: number
  readonly durationSeconds: number
  /** Absent where it succeeded. */
  readonly failure?: { readonly reason: string; readonly message: string }
}

export interface CheckRange {
  readonly from: Date
  readonly to: Date
}

/** Reads the checks that began in a range, in any order. */
export type ReadChecks = (range: CheckRange) => Promise<readonly StoredCheck[]>

interface Row {
  target: string
  location: string
  at: number
  duration: number
  reason: string | null
  message: string | null
}

/**
 * From every location, the oldest first.
 *
 * @param most Default: all.
 * @param names Of these targets, as they are stored. Default: of every one.
 */
export async function readChecks(
  sql: Pick<Statements, 'query'>,
  { from, to }: CheckRange,
  most?: number,
  names?: readonly string[],
): Promise<StoredCheck[]> {
  const rows = await sql.query<Row>(
    `select target, location, extract(epoch from checked_at)::double precision as at, duration_seconds as duration,
       case when not success then coalesce(reason, 'internal') end as reason, case when not success then message end as message
     from probity.probe_results join probity.series on id = series_id
     where checked_at >= $1 and checked_at < $2 and ($4::text[] is null or target = any($4::text[]))
     order by checked_at limit $3::bigint`,
    [iso(from.getTime()), iso(to.getTime()), most ?? null, names ?? null],
  )
  // Key by key: of a month there are millions, and a spread takes many times as long.
  return rows.map(({ target, location, at, duration: durationSeconds, reason, message }) =>
    reason === null
      ? { target, location, at, durationSeconds }
      : { target, location, at, durationSeconds, failure: { reason, message: message ?? '' } },
  )
}

/** What is held in memory at a time: 10,000 targets, each checked every 15 s, have 600,000 checks in it. */
const sliceMs = hourMs / 4

/**
 * The checks of a range in the order in which they ended, which is that in which they are judged, slice by slice. The next slice is
 * read while one is judged.
 */
export async function* inOrder(
  { from, to }: CheckRange,
  read: ReadChecks,
): AsyncGenerator<readonly StoredCheck[]> {
  /** Those that began in a slice and ended in a later one. */
  let late: readonly StoredCheck[] = []
  const endAfter = (start: number): number => Math.min(start + sliceMs, to.getTime())
  const readFrom = (start: number): ReturnType<ReadChecks> =>
    start < to.getTime()
      ? read({ from: new Date(start), to: new Date(endAfter(start)) })
      : Promise.resolve([])
  let next = readFrom(from.getTime())
  for (let start = from.getTime(); start < to.getTime(); start += sliceMs) {
    const end = endAfter(start)
    const checks = [...late, ...(await next)]
    next = readFrom(end)
    // It is thrown where it is awaited, unless nobody asks for it any more.
    next.catch(() => undefined)
    checks.sort((a, b) => endOf(a) - endOf(b))
    const ended = checks.findIndex((check) => endOf(check) >= end / 1000)
    late = ended === -1 ? [] : checks.slice(ended)
    yield ended === -1 ? checks : checks.slice(0, ended)
  }
  yield late
}

function endOf({ at, durationSeconds }: StoredCheck): number {
  return at + durationSeconds
}
