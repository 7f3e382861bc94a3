import type { Logger } from '../../lib/logger.ts'
import { keepNewest } from '../keep-newest.ts'
import type { Statements } from '../sql.ts'

/** A moment from which on a vendor said something else of itself. */
export interface VendorChange {
  readonly at: Date
  /** `operational`, `maintenance`, `degraded`, `partial_outage` or `major_outage`. */
  readonly state: string
}

/** Whether a vendor admitted an incident that was seen here. */
export interface Admission {
  /** Seconds from the first failed check until the vendor said so; 0: it had said so before. Absent: it did not. */
  readonly afterSeconds?: number
}

/** The same of several incidents. */
export interface Admissions {
  readonly seen: number
  readonly admitted: number
  /** Of those that were admitted; absent where none was. */
  readonly medianSeconds?: number
}

export interface VendorStateKeeper {
  /** Stores a change in the background. */
  readonly add: (vendor: string, change: VendorChange) => void
  readonly stop: () => void
}

/** An admission after the end of an incident counts if it comes within these milliseconds. */
const afterwardsMs = 3_600_000

/** Changes that wait for the database at most; the oldest are lost. */
const mostWaiting = 1000

// Several processes may read the same page: only the first of them sees a change.
const insert = `
  insert into probity.vendor_states (vendor, at, state)
  select $1, $2::timestamptz, $3
  where $3 is distinct from (
    select known.state from probity.vendor_states known
    where known.vendor = $1 and known.at <= $2::timestamptz order by known.at desc limit 1
  )
  on conflict do nothing`

/** Stores what vendors say of themselves, and goes on trying while the database is away. */
export function keepVendorStates(options: {
  readonly sql: Pick<Statements, 'query'>
  readonly log: Logger
  readonly retryMs?: number
}): VendorStateKeeper {
  let waiting: readonly (VendorChange & { readonly vendor: string })[] = []
  const keeper = keepNewest<typeof waiting>({
    ...options,
    what: 'what vendors say of themselves is not stored yet',
    async write(rows) {
      // One by one: each is compared with the one before.
      for (const { vendor, at, state } of rows)
        await options.sql.query(insert, [vendor, at.toISOString(), state])
      waiting = waiting.filter((row) => !rows.includes(row))
    },
  })
  return {
    add(vendor, change) {
      waiting = [...waiting, { vendor, ...change }].slice(-mostWaiting)
      keeper.set(waiting)
    },
    stop: keeper.stop,
  }
}

/**
 * The changes of every vendor in a span, in their order, after what it said at its beginning.
 *
 * @param span Unix time in milliseconds; those soon after its end are included.
 */
export async function readVendorStates(
  sql: Pick<Statements, 'query'>,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<Map<string, VendorChange[]>> {
  const rows = await sql.query<{ vendor: string; at: Date; state: string }>(
    `select vendor, at, state from probity.vendor_states known
     where at < $2 and at >= coalesce((
       select max(earlier.at) from probity.vendor_states earlier
       where earlier.vendor = known.vendor and earlier.at <= $1
     ), '-infinity')
     order by vendor, at`,
    [new Date(from).toISOString(), new Date(to + afterwardsMs).toISOString()],
  )
  const byVendor = new Map<string, VendorChange[]>()
  for (const { vendor, at, state } of rows)
    byVendor.set(vendor, [...(byVendor.get(vendor) ?? []), { at, state }])
  return byVendor
}

/**
 * Whether a vendor admitted an incident.
 *
 * @param changes In their order.
 * @returns Undefined where nobody knows what it said when the incident began.
 */
export function admissionOf(
  { startedAt, endedAt }: { readonly startedAt: Date; readonly endedAt?: Date },
  changes: readonly VendorChange[] = [],
): Admission | undefined {
  const then = changes.findLast(({ at }) => at <= startedAt)
  if (!then) return undefined
  if (isTrouble(then)) return { afterSeconds: 0 }
  const latest = (endedAt?.getTime() ?? Infinity) + afterwardsMs
  const first = changes.find(
    (change) => change.at > startedAt && change.at.getTime() <= latest && isTrouble(change),
  )
  return first ? { afterSeconds: (first.at.getTime() - startedAt.getTime()) / 1000 } : {}
}

/** Whether vendors admitted incidents, in their order. */
export async function readAdmissions(
  sql: Pick<Statements, 'query'>,
  incidents: readonly { readonly vendor: string; readonly startedAt: Date; readonly endedAt?: Date }[],
): Promise<(Admission | undefined)[]> {
  const from = Math.min(...incidents.map(({ startedAt }) => startedAt.getTime()))
  const states = await readVendorStates(sql, { from, to: Date.parse('9999-01-01') })
  return incidents.map((incident) => admissionOf(incident, states.get(incident.vendor)))
}

function isTrouble({ state }: VendorChange): boolean {
  return state !== 'operational'
}

export function sumOfAdmissions(all: readonly Admission[]): Admissions {
  const delays = all.flatMap(({ afterSeconds }) => afterSeconds ?? []).sort((a, b) => a - b)
  const middle = delays.length / 2
  const median = ((delays[Math.ceil(middle) - 1] ?? 0) + (delays[Math.floor(middle)] ?? 0)) / 2
  return {
    seen: all.length,
    admitted: delays.length,
    ...(delays.length > 0 && { medianSeconds: median }),
  }
}
