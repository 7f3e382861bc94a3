import type { CheckRow } from '../../../src/history/row.ts'
import { failed, row } from './rows.ts'

/** A month that was computed by hand: October 2026 in Berlin, from 22:00Z to 23:00Z, in which a clock hour comes twice. */
export const time = (text: string): number => Date.parse(`2026-${text}Z`)
const interval = 300

/** From a first failed check to the first that succeeds. */
export const outages = [
  ['09-30T21:45:00', '09-30T22:15:00'], // over the beginning of the month, which is 22:00Z
  ['10-04T21:50:00', '10-04T22:30:00'], // over midnight in Berlin
  ['10-10T09:55:00', '10-10T13:00:00'], // into the gap
  ['10-25T00:30:00', '10-25T01:30:00'], // 02:30 summer time to 02:30 winter time
  ['10-31T22:40:00', '11-01T00:00:00'], // over the end of the month, which is 23:00Z
].map(([from, to]) => [time(from!), time(to!)] as const)

const isDown = (at: number): boolean => outages.some(([from, to]) => from <= at && at < to)
const isGap = (at: number): boolean => time('10-10T10:00:00') < at && at < time('10-10T13:00:00')

/** The checks of the target `pay` of the vendor `stripe`. */
export function monthRows(): CheckRow[] {
  const rows = []
  for (let at = time('09-30T12:00:00'); at < time('11-01T12:00:00'); at += interval * 1000) {
    if (isGap(at)) continue
    const fields = {
      target: 'pay',
      labels: { vendor: 'stripe' },
      interval_seconds: interval,
      duration_seconds: (at / 1000 / interval) % 10 === 0 ? 0.5 : 0.1,
    }
    rows.push((isDown(at) ? failed : row)(at, fields))
  }
  return rows
}
