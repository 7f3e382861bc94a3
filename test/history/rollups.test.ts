import { beforeEach, expect, it } from 'vitest'
import fc from 'fast-check'
import { insertResults } from '../../src/history/write/insert.ts'
import { rollUp } from '../../src/history/roll-up.ts'
import { forget } from '../../src/history/upkeep.ts'
import { partOf } from '../support/proof.ts'
import { onEachDatabase } from './support/databases.ts'
import { derived, recompute } from './support/derived.ts'
import { empty, failed, row } from './support/rows.ts'

const t0 = Date.parse('2026-10-31T23:50:00Z')
const at = (seconds: number): number => t0 + seconds * 1000

onEachDatabase('what is computed from the rows', (sql) => {
  beforeEach(() => empty(sql()))

  it('is the same after any number of batches, in any order, some of them twice, as computed at once', async () => {
    const check = fc.record({
      second: fc.integer({ min: 0, max: 40 }).map((step) => step * 30),
      target: fc.constantFrom('a', 'b'),
      success: fc.boolean(),
      maintenance: fc.boolean(),
      duration: fc.double({ min: 0, max: 20, noNaN: true }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(check, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 6 }),
        async (batches) => {
          await empty(sql())
          for (const [index, batch] of batches.entries()) {
            const rows = batch.map(({ second, target, success, duration, maintenance }) =>
              (success ? row : failed)(at(second), { target, duration_seconds: duration, maintenance }),
            )
            await insertResults(sql(), rows)
            if (index % 2 === 0) await rollUp(sql())
            if (index % 3 === 0) await insertResults(sql(), rows)
          }
          await rollUp(sql())
          const incremental = await derived(sql())
          await recompute(sql())
          expect(await derived(sql())).toEqual(incremental)
        },
      ),
      { numRuns: partOf(25, 10) },
    )
  })

  it('is the same in steps of one mark and one row as in large ones', async () => {
    const rows = Array.from({ length: 60 }, (_, index) =>
      (index % 7 < 2 ? failed : row)(at(index * 400), {
        target: index % 3 === 0 ? 'a' : 'b',
        maintenance: index % 11 === 0,
      }),
    )
    const late = rows.filter((_, index) => index % 5 === 0)
    await insertResults(
      sql(),
      rows.filter((one) => !late.includes(one)),
    )
    await rollUp(sql())
    await insertResults(sql(), late)
    let steps = 0
    while ((await step(1, 1)) > 0) steps += 1
    const hours = late.map(({ target, checked_at: time }) => `${target} ${time.slice(0, 13)}`)
    expect(steps).toBe(new Set(hours).size)
    const incremental = await derived(sql())
    await recompute(sql())
    expect(await derived(sql())).toEqual(incremental)
  })

  const step = async (marks: number, rows: number): Promise<number> => {
    const [taken] = await sql().query<{ marks: number }>('select probity.roll($1, $2) as marks', [
      marks,
      rows,
    ])
    return taken!.marks
  }

  it('adds up the oldest first, and a late row touches its own hour and day only', async () => {
    const day = 86_400_000
    await insertResults(
      sql(),
      [0, 1, 2, 40].map((days) => row(at(days * 86_400))),
    )
    await rollUp(sql())
    const versions = async (): Promise<unknown[]> =>
      sql().query(
        'select hour, xmin::text from probity.hourly union all select day, xmin::text from probity.daily',
      )
    const before = new Set((await versions()).map((one) => JSON.stringify(one)))
    await insertResults(sql(), [failed(t0 + day + 30_000)])
    expect(await step(1000, 1000)).toBe(1)
    const after = (await versions()).map((one) => JSON.stringify(one))
    expect(after).toHaveLength(before.size)
    expect(after.filter((one) => !before.has(one))).toHaveLength(2)
  })

  it('takes so many rows at a time, and at least one hour', async () => {
    await insertResults(
      sql(),
      Array.from({ length: 30 }, (_, index) => row(at(index * 600))),
    )
    const counted = async (): Promise<number> => {
      const [found] = await sql().query<{ n: number }>('select sum(checks)::integer as n from probity.hourly')
      return found!.n
    }
    await step(1000, 7)
    expect(await counted()).toBe(7)
    await step(1000, 1)
    expect(await counted()).toBe(13)
    expect(await sql().query('select last_at from probity.series')).toEqual([
      { last_at: new Date(at(12 * 600)) },
    ])
  })

  it('counts a row once, no matter how often and by which process it is written', async () => {
    const rows = [row(at(0)), failed(at(30)), row(at(0)), row(at(0), { location: 'there' })]
    await Promise.all([insertResults(sql(), rows), insertResults(sql(), rows)])
    await rollUp(sql())
    expect(
      await sql().query(
        'select target, location, checks, failures from probity.hourly join probity.series on id = series_id order by 1, 2',
      ),
    ).toEqual([
      { target: 'a', location: 'here', checks: 2, failures: 1 },
      { target: 'a', location: 'there', checks: 1, failures: 0 },
    ])
  })

  it('has one incident from the first failure to the first success, with the evidence of first and last', async () => {
    await insertResults(sql(), [
      row(at(0)),
      failed(at(30), { message: 'first' }),
      failed(at(60), { reason: 'timeout', message: 'last' }),
      row(at(90)),
      failed(at(120), { message: 'again' }),
    ])
    await rollUp(sql())
    expect(
      await sql().query(
        `select started_at, ended_at, reason, message, last_failure_at, last_reason, last_message
         from probity.incidents order by started_at`,
      ),
    ).toEqual([
      {
        started_at: new Date(at(30)),
        ended_at: new Date(at(90)),
        reason: 'status',
        message: 'first',
        last_failure_at: new Date(at(60)),
        last_reason: 'timeout',
        last_message: 'last',
      },
      {
        started_at: new Date(at(120)),
        ended_at: null,
        reason: 'status',
        message: 'again',
        last_failure_at: new Date(at(120)),
        last_reason: 'status',
        last_message: 'again',
      },
    ])
  })

  it('has a gap where two checks are more than two intervals apart, until a late row closes it', async () => {
    await insertResults(sql(), [row(at(0)), row(at(60)), row(at(121))])
    await rollUp(sql())
    const gaps = 'select starts_at, ends_at from probity.gaps order by 1'
    expect(await sql().query(gaps)).toEqual([{ starts_at: new Date(at(90)), ends_at: new Date(at(121)) }])
    await insertResults(sql(), [row(at(95))])
    await rollUp(sql())
    expect(await sql().query(gaps)).toEqual([])
  })

  const periods = (): Promise<unknown[]> =>
    sql().query('select starts_at, ends_at from probity.maintenances order by 1')

  it('has one maintenance from the first check in it to the first after it, whenever their rows come', async () => {
    const maintenance = true
    await insertResults(sql(), [row(at(0)), failed(at(60), { maintenance }), row(at(150))])
    await rollUp(sql())
    expect(await periods()).toEqual([{ starts_at: new Date(at(60)), ends_at: new Date(at(150)) }])
    await insertResults(sql(), [failed(at(30), { maintenance }), row(at(120)), row(at(180), { maintenance })])
    await rollUp(sql())
    expect(await periods()).toEqual([
      { starts_at: new Date(at(30)), ends_at: new Date(at(120)) },
      { starts_at: new Date(at(180)), ends_at: null },
    ])
  })

  it('says of an incident whether it began in a maintenance, wherever it went on', async () => {
    const maintenance = true
    await insertResults(sql(), [
      failed(at(0), { maintenance }),
      failed(at(30)),
      row(at(60), { maintenance }),
      row(at(90)),
      failed(at(120)),
      failed(at(150), { maintenance }),
    ])
    await rollUp(sql())
    expect(
      await sql().query('select started_at, maintenance from probity.incidents order by started_at'),
    ).toEqual([
      { started_at: new Date(at(0)), maintenance: true },
      { started_at: new Date(at(120)), maintenance: false },
    ])
  })

  it('goes on in a maintenance whose rows are gone', async () => {
    const before = Date.parse('2026-08-10T00:00:00Z')
    const maintenance = true
    await insertResults(sql(), [row(before, { maintenance })])
    await rollUp(sql())
    await forget(sql(), Date.parse('2026-10-02T00:00:00Z'))
    const after = Date.parse('2026-10-02T00:00:00Z')
    await insertResults(sql(), [row(after, { maintenance }), row(after + 30_000)])
    await rollUp(sql())
    expect(await periods()).toEqual([{ starts_at: new Date(before), ends_at: new Date(after + 30_000) }])
  })

  it('survives the rows it came from, and goes on from them', async () => {
    const before = Date.parse('2026-08-10T00:00:00Z')
    await insertResults(sql(), [row(before), failed(before + 30_000, { message: 'kept' })])
    await rollUp(sql())
    await forget(sql(), Date.parse('2026-10-02T00:00:00Z'))
    expect(await sql().query('select checked_at from probity.probe_results')).toEqual([])
    const after = Date.parse('2026-10-02T00:00:00Z')
    await insertResults(sql(), [failed(after), row(after + 30_000)])
    await rollUp(sql())
    expect(
      await sql().query('select started_at, ended_at, message, last_failure_at from probity.incidents'),
    ).toEqual([
      {
        started_at: new Date(before + 30_000),
        ended_at: new Date(after + 30_000),
        message: 'kept',
        last_failure_at: new Date(after),
      },
    ])
    expect(await sql().query('select starts_at, ends_at from probity.gaps')).toEqual([
      { starts_at: new Date(before + 60_000), ends_at: new Date(after) },
    ])
  })

  it('keeps days forever, hours for 400 days, and rows until their month is 30 days old', async () => {
    const now = Date.parse('2026-12-01T12:00:00Z')
    const times = [
      '2025-10-27T11:00:00Z',
      '2025-10-27T13:00:00Z',
      '2026-10-31T23:59:59Z',
      '2026-11-01T00:00:00Z',
    ]
    await insertResults(
      sql(),
      times.map((time) => row(time)),
    )
    await rollUp(sql())
    await forget(sql(), now)
    const all = async (table: string, time: string): Promise<string[]> => {
      const rows = await sql().query<{ time: Date }>(
        `select ${time} as time from probity.${table} order by 1`,
      )
      return rows.map(({ time }) => time.toISOString())
    }
    expect(await all('daily', 'day')).toHaveLength(3)
    expect(await all('hourly', 'hour')).toEqual([
      '2025-10-27T13:00:00.000Z',
      '2026-10-31T23:00:00.000Z',
      '2026-11-01T00:00:00.000Z',
    ])
    expect(await all('probe_results', 'checked_at')).toEqual(['2026-11-01T00:00:00.000Z'])
  })

  it('puts a duration into a bucket whose bounds are within 2 % of each other', async () => {
    await insertResults(sql(), [row(at(0), { duration_seconds: 0.3 }), row(at(30), { duration_seconds: 0 })])
    await rollUp(sql())
    const [hour] = await sql().query<{ latency: Record<string, number> }>(
      'select latency from probity.hourly',
    )
    const buckets = Object.keys(hour!.latency).map(Number)
    expect(buckets.filter((i) => 1.02 ** (i - 1) < 0.3 && 0.3 <= 1.02 ** i)).toHaveLength(1)
    expect(buckets).toHaveLength(2)
  })
})
