import type { CallRow, CheckRow } from '../../../src/history/row.ts'
import { failed, row } from './rows.ts'

/** October 2026 in UTC, in which the target `pay` goes from one vendor to another and, for two hours, back. */
export const month = { from: Date.parse('2026-10-01T00:00:00Z'), to: Date.parse('2026-11-01T00:00:00Z') }
export const change = Date.parse('2026-10-15T10:25:00Z')
const back = [Date.parse('2026-10-20T08:10:00Z'), Date.parse('2026-10-20T10:10:00Z')] as const
/** Seconds between two checks of `pay`. */
export const interval = 600

/** Failed checks: over the change, in both vendors' time, and while it was back. */
export const outages = [
  ['2026-10-15T10:10:00Z', '2026-10-15T10:50:00Z'],
  ['2026-10-07T03:00:00Z', '2026-10-07T04:00:00Z'],
  ['2026-10-20T09:00:00Z', '2026-10-20T09:30:00Z'],
  ['2026-10-28T22:00:00Z', '2026-10-29T01:10:00Z'],
].map(([from, to]) => [Date.parse(from!), Date.parse(to!)] as const)

function vendorAt(at: number): string {
  return at < change || (back[0] <= at && at < back[1]) ? 'stripe' : 'adyen'
}

const isDown = (at: number): boolean => outages.some(([from, to]) => from <= at && at < to)

/** The checks of `pay`, in order, and of `mail`, which `stripe` has all the time. */
export function vendorRows(): CheckRow[] {
  const rows: CheckRow[] = []
  for (let at = month.from; at < month.to; at += interval * 1000) {
    const pay = { target: 'pay', labels: { vendor: vendorAt(at) }, interval_seconds: interval }
    rows.push((isDown(at) ? failed : row)(at, { ...pay, duration_seconds: at < change ? 0.1 : 0.5 }))
    if (at % 3_600_000 === 0)
      rows.push(row(at, { target: 'mail', labels: { vendor: 'stripe' }, interval_seconds: 3600 }))
  }
  return rows
}

/** One call of `pay` in each hour, of which those on odd hours fail. */
export function vendorCalls(): CallRow[] {
  return Array.from({ length: 31 * 24 }, (_, hour): CallRow => {
    const at = month.from + hour * 3_600_000
    const isError = hour % 2
    return {
      target: 'pay',
      location: 'here',
      labels: { vendor: vendorAt(at) },
      checked_at: new Date(at).toISOString(),
      calls: {
        caller: 'shop',
        version: '1',
        writer: 'w',
        ok: 1 - isError,
        error: isError,
        unknown: 0,
        over_limit: 0,
        duration_sum: 0.1,
        latency: isError ? {} : { '-116': 1 },
      },
    }
  })
}

/** What a month comes to for one target under one vendor, check by check. */
export interface Reckoned {
  checks: number
  failures: number
  upSeconds: number
  downSeconds: number
  /** When checks began to fail, in order. */
  began: number[]
}

/**
 * Adds up check by check, as docs/operations.md says it: a check counts for the time until the next one of the same vendor, or for
 * one interval if that is more than two intervals away.
 */
export function reckon(rows: readonly CheckRow[], vendor: string, target: string): Reckoned {
  const own = rows.filter((one) => one.target === target && one.labels.vendor === vendor)
  const sum: Reckoned = { checks: 0, failures: 0, upSeconds: 0, downSeconds: 0, began: [] }
  own.forEach(({ checked_at: at, interval_seconds: seconds, success }, index) => {
    const next = own[index + 1]
    const away = next ? (Date.parse(next.checked_at) - Date.parse(at)) / 1000 : Infinity
    const speaksFor = away > 2 * seconds ? seconds : away
    sum.checks++
    if (success) {
      sum.upSeconds += speaksFor
      return
    }
    sum.failures++
    sum.downSeconds += speaksFor
    if (own[index - 1]?.success !== false) sum.began.push(Date.parse(at))
  })
  return sum
}
