import { beforeEach, expect, it } from 'vitest'
import fc from 'fast-check'
import { insertRows } from '../../src/history/write/insert.ts'
import { monthPeriod } from '../../src/history/report/period.ts'
import { buildReport } from '../../src/history/report/report.ts'
import type { VendorReport } from '../../src/history/report/reported.ts'
import type { CallRow } from '../../src/history/row.ts'
import { rollUp } from '../../src/history/roll-up.ts'
import { forget } from '../../src/history/upkeep.ts'
import { partOf } from '../support/proof.ts'
import { onEachDatabase } from './support/databases.ts'
import { empty, failed, row } from './support/rows.ts'

/** A minute in which a program called once, in 0.1 s. */
function minute(at: string | number, calls: Partial<CallRow['calls']> = {}, target = 'pay'): CallRow {
  return {
    target,
    location: 'here',
    labels: { vendor: 'stripe' },
    checked_at: new Date(at).toISOString(),
    calls: {
      caller: 'shop',
      version: '1',
      writer: 'w',
      ok: 1,
      error: 0,
      unknown: 0,
      over_limit: 0,
      duration_sum: 0.1,
      latency: { '-116': 1 },
      ...calls,
    },
  }
}

const time = (text: string): number => Date.parse(`2026-${text}Z`)

onEachDatabase('calls', (sql) => {
  beforeEach(() => empty(sql()))

  const levels = (level: 'hourly' | 'daily'): Promise<unknown[]> =>
    sql().query(
      `select ${level === 'hourly' ? 'hour' : 'day'} as at, ok::integer, error::integer, unknown::integer, over_limit::integer,
         latency from probity.call_${level} order by 1`,
    )

  it('of one minute add up between processes, and a row that comes twice counts once', async () => {
    const at = '2026-10-31T23:59:00Z'
    const batch = [minute(at, { writer: 'a', ok: 2, latency: { '-116': 2 } }), minute(at, { writer: 'b' })]
    await Promise.all([insertRows(sql(), batch), insertRows(sql(), batch)])
    await insertRows(sql(), [...batch, minute(at, { writer: 'b' })])
    expect(await sql().query('select writer, ok from probity.call_minutes order by 1')).toEqual([
      { writer: 'a', ok: 2 },
      { writer: 'b', ok: 1 },
    ])
    const sums = { ok: 3, error: 0, unknown: 0, over_limit: 0, latency: { '-116': 3 } }
    expect(await levels('hourly')).toEqual([{ at: new Date('2026-10-31T23:00:00Z'), ...sums }])
    expect(await levels('daily')).toEqual([{ at: new Date('2026-10-31T00:00:00Z'), ...sums }])
  })

  it('have the hours and days that their minutes come to, in whatever batches they arrive', async () => {
    const given = fc.record({
      step: fc.integer({ min: 0, max: 8 }),
      writer: fc.constantFrom('a', 'b'),
      version: fc.constantFrom('1', '2'),
      ok: fc.nat({ max: 3 }),
      bucket: fc.constantFrom('-116', '-46', '0'),
    })
    const batches = fc.array(fc.array(given, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(batches, async (all) => {
        await empty(sql())
        for (const batch of all)
          await insertRows(
            sql(),
            batch.map(({ step, writer, version, ok, bucket }) =>
              minute(time('10-31T22:00:00') + step * 20 * 60_000, {
                writer,
                version,
                ok,
                latency: { [bucket]: ok },
              }),
            ),
          )
        for (const [level, unit] of [
          ['hourly', 'hour'],
          ['daily', 'day'],
        ] as const)
          expect(await levels(level)).toEqual(
            await sql().query(
              `select date_trunc('${unit}', minute, 'UTC') as at, sum(ok)::integer as ok, 0 as error, 0 as unknown, 0 as over_limit,
                 probity.sum_counts(latency) as latency
               from probity.call_minutes group by 1 order by 1`,
            ),
          )
      }),
      { numRuns: partOf(25, 5) },
    )
  })

  it('go with the rows next to them in one batch, and are kept as long as those', async () => {
    const at = time('08-10T10:00:00')
    await insertRows(sql(), [row(at, { target: 'pay' }), minute(at), failed(at + 30_000, { target: 'pay' })])
    const counted = async (): Promise<number[]> => {
      const [found] = await sql().query<Record<string, number>>(
        `select (select count(*)::integer from probity.probe_results) as checks,
           (select count(*)::integer from probity.call_minutes) as minutes,
           (select count(*)::integer from probity.call_hourly) as hours,
           (select count(*)::integer from probity.call_daily) as days`,
      )
      return Object.values(found!)
    }
    expect(await counted()).toEqual([2, 1, 1, 1])
    await forget(sql(), time('10-02T00:00:00'))
    expect(await counted()).toEqual([0, 0, 1, 1])
    await forget(sql(), Date.parse('2028-01-01T00:00:00Z'))
    expect(await counted()).toEqual([0, 0, 0, 1])
  })

  it('stand next to the checks in the report of a month that was computed by hand', async () => {
    const month = 'Europe/Berlin'
    await insertRows(sql(), [
      // The first minute of Berlin's October is 22:00Z; the one before is September's.
      minute(time('09-30T21:59:00'), { ok: 50, latency: { '-116': 50 } }),
      minute(time('09-30T22:00:00'), { ok: 60, error: 2, latency: { '-116': 60 } }),
      // A whole day, from the days.
      minute(time('10-15T12:00:00'), {
        ok: 30,
        error: 5,
        unknown: 5,
        over_limit: 8,
        latency: { '-116': 25, '-46': 10 },
      }),
      minute(time('10-15T12:00:00'), { writer: 'there', ok: 3, latency: { '-46': 3 } }),
      // The last minute is 22:59Z; the one after is November's.
      minute(time('10-31T22:59:00'), { ok: 0, unknown: 2, latency: { '0': 2 } }, 'ship'),
      minute(time('10-31T23:00:00'), { ok: 1000, latency: { '-116': 1000 } }),
      row(time('10-15T12:00:00'), {
        target: 'pay',
        labels: { vendor: 'stripe' },
        duration_seconds: 0.5,
      }),
      failed(time('10-15T12:00:30'), { target: 'pay', labels: { vendor: 'stripe' } }),
    ])
    await rollUp(sql())
    const report = await buildReport({
      sql: sql(),
      period: monthPeriod('2026-10', month),
      timeZone: month,
      vendors: new Map(),
      now: time('11-15T00:00:00'),
    })
    const [{ calls }] = report.vendors as [VendorReport]
    expect(report.vendors).toHaveLength(1)
    // 62 + 40 + 3 + 2, of which 7 failed and 7 did not say.
    expect(calls).toMatchObject({ calls: 107, errors: 7, errorRatio: 7 / 100, overLimit: 8 })
    expect(calls!.previous).toMatchObject({ calls: 50, errors: 0, errorRatio: 0 })
    // Of 100 that did not fail, 85 took 0.1 s, 13 0.4 s and 2 1 s: the 95th is one of 0.4 s, the 99th one of 1 s.
    for (const [quantile, seconds] of [
      ['p50', 0.1],
      ['p95', 0.4],
      ['p99', 1],
    ] as const)
      expect(Math.abs(calls![quantile]! / seconds - 1)).toBeLessThan(0.02)
    expect(calls!.endpoints).toMatchObject([
      { target: 'pay', location: 'here', calls: 105, errors: 7, checks: { checks: 2, failures: 1 } },
      { target: 'ship', location: 'here', calls: 2, errors: 0 },
    ])
    expect(calls!.endpoints[1]).not.toHaveProperty('errorRatio')
    expect(calls!.endpoints[1]).not.toHaveProperty('checks')
  })
})
