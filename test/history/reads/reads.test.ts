import { beforeAll, expect, it } from 'vitest'
import { insertResults } from '../../../src/history/write/insert.ts'
import { readIncidents } from '../../../src/history/reads/incidents.ts'
import { readOverview } from '../../../src/history/reads/overview.ts'
import { readLatencySeries } from '../../../src/history/reads/latency-series.ts'
import { rollUp } from '../../../src/history/roll-up.ts'
import { onEachDatabase } from '../support/databases.ts'
import { empty, failed, row } from '../support/rows.ts'

const now = Date.parse('2026-11-21T12:30:00Z')
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const ago = (ms: number): number => now - ms
const view = { targets: ['a', 'b', 'new'], location: 'here' }

/** Two days ago: an outage of two checks. An hour ago until half an hour ago: nothing. Now: an outage that lasts. */
const rows = [
  row(ago(2 * day), { duration_seconds: 0.5 }),
  failed(ago(2 * day - minute), { message: 'old first' }),
  failed(ago(2 * day - 2 * minute), { reason: 'timeout', message: 'old last', status: 504 }),
  row(ago(2 * day - 3 * minute), { duration_seconds: 1 }),
  row(ago(3 * hour), { duration_seconds: 0.1 }),
  row(ago(3 * hour - minute), { duration_seconds: 0.2 }),
  row(ago(3 * hour - 2 * minute), { duration_seconds: 0.4 }),
  row(ago(30 * minute), { duration_seconds: 3 }),
  failed(ago(2 * minute), { message: 'new first', duration_seconds: 0.7 }),
  failed(ago(minute), { message: 'new last', reason: 'body', status: 200 }),
].map((each) => ({ ...each, interval_seconds: 60 }))

onEachDatabase('what is read of the past', (sql) => {
  beforeAll(async () => {
    await empty(sql())
    await insertResults(sql(), [
      ...rows,
      row(ago(minute), { location: 'there' }),
      row(ago(minute), { target: 'gone' }),
      row(ago(100 * day), { target: 'b' }),
    ])
    await rollUp(sql())
  })

  it('has the newest check and the one with which its outcome began', async () => {
    const past = (await readOverview(sql(), view, now)).get('a')
    expect(past?.last).toEqual({
      at: new Date(ago(minute)),
      success: false,
      durationSeconds: 0.1,
      reason: 'body',
      message: 'new last',
      statusCode: 200,
    })
    expect(past?.change).toEqual({
      at: new Date(ago(2 * minute)),
      success: false,
      reason: 'status',
      message: 'new first',
      statusCode: 503,
    })
  })

  it('counts days of UTC, and says of the others that nothing was seen', async () => {
    const past = (await readOverview(sql(), view, now)).get('a')
    expect(past?.days).toHaveLength(90)
    expect(past?.days.slice(-3)).toEqual([
      { day: '2026-11-19', checks: 4, failures: 2, availability: 0.5, unobserved: false },
      { day: '2026-11-20', checks: 0, failures: 0, availability: null, unobserved: true },
      { day: '2026-11-21', checks: 6, failures: 2, availability: 1 - 2 / 6, unobserved: false },
    ])
    expect(past?.availability).toEqual({ last24h: 1 - 2 / 6, last30d: 0.6, last90d: 0.6 })
  })

  it('has the median of each of the last 24 hours, and the quantiles of all', async () => {
    const past = (await readOverview(sql(), view, now)).get('a')
    expect(past?.sparkline).toHaveLength(24)
    const seen = past?.sparkline.map((p50, index) => [index - 23, p50]).filter(([, p50]) => p50 !== null)
    // Within 1 % of the exact ones.
    expect(seen).toEqual([
      [-3, expect.closeTo(0.2, 2)],
      [0, expect.closeTo(3, 1)],
    ])
    expect(past?.latency).toEqual({ p50Seconds: expect.closeTo(0.2, 2), p95Seconds: expect.closeTo(3, 1) })
  })

  it('knows nothing of a target that was never checked, and no recent thing of one that is not any more', async () => {
    const overview = await readOverview(sql(), view, now)
    expect([...overview.keys()].sort()).toEqual(['a', 'b'])
    expect(overview.get('b')).toMatchObject({
      availability: { last24h: null, last30d: null, last90d: null },
      latency: {},
    })
    expect(overview.get('b')?.days.every(({ unobserved }) => unobserved)).toBe(true)
    expect(await readOverview(sql(), { ...view, targets: [] }, now)).toEqual(new Map())
  })

  it('has incidents, the newest first, with the evidence of first and last failure', async () => {
    const incidents = await readIncidents(sql(), view, { limit: 10 })
    expect(incidents).toEqual([
      {
        target: 'a',
        startedAt: new Date(ago(2 * minute)),
        firstFailure: {
          at: new Date(ago(2 * minute)),
          reason: 'status',
          message: 'new first',
          statusCode: 503,
        },
        lastFailure: { at: new Date(ago(minute)), reason: 'body', message: 'new last' },
      },
      {
        target: 'a',
        startedAt: new Date(ago(2 * day - minute)),
        endedAt: new Date(ago(2 * day - 3 * minute)),
        firstFailure: {
          at: new Date(ago(2 * day - minute)),
          reason: 'status',
          message: 'old first',
          statusCode: 503,
        },
        lastFailure: { at: new Date(ago(2 * day - 2 * minute)), reason: 'timeout', message: 'old last' },
      },
    ])
  })

  it('says what began in a maintenance', async () => {
    const times = { target: 'maintained', interval_seconds: 60 }
    const own = { ...view, targets: ['maintained'] }
    await insertResults(sql(), [
      failed(ago(4 * minute), times),
      row(ago(3 * minute), times),
      failed(ago(2 * minute), { ...times, maintenance: true }),
      failed(ago(minute), times),
    ])
    await rollUp(sql())
    const incidents = await readIncidents(sql(), own, { limit: 10 })
    expect(incidents.map(({ inMaintenance }) => inMaintenance)).toEqual([true, undefined])
    expect((await readOverview(sql(), own, now)).get('maintained')?.change.inMaintenance).toBe(true)
  })

  it('has the incidents that touch a time, as many as are asked for', async () => {
    const firsts = async (asked: { from?: Date; to?: Date; limit?: number }): Promise<string[]> =>
      (await readIncidents(sql(), view, { limit: 10, ...asked })).map(
        ({ firstFailure }) => firstFailure.message,
      )
    expect(await firsts({ limit: 1 })).toEqual(['new first'])
    expect(await firsts({ to: new Date(ago(2 * minute)) })).toEqual(['old first'])
    expect(await firsts({ from: new Date(ago(2 * day - 2 * minute)) })).toEqual(['new first', 'old first'])
    expect(await firsts({ from: new Date(ago(2 * day - 3 * minute)) })).toEqual(['new first'])
    expect(await firsts({ from: new Date(ago(30_000)) })).toEqual(['new first'])
  })

  it('shows single checks of up to two days, and where nothing was seen', async () => {
    const series = await readLatencySeries(sql(), {
      target: 'a',
      location: 'here',
      from: new Date(ago(day)),
      to: new Date(now),
    })
    expect(series).toMatchObject({ resolution: 'checks', stepSeconds: 0 })
    const shown = series.points.map(({ at, checks, failures, p50Seconds: p50, maxSeconds: max }) => [
      (at.getTime() - now) / minute,
      checks,
      failures,
      p50,
      max,
    ])
    expect(shown).toEqual([
      [-180, 1, 0, 0.1, 0.1],
      [-179, 1, 0, 0.2, 0.2],
      [-178, 1, 0, 0.4, 0.4],
      [-177, 0, 0, null, null],
      [-30, 1, 0, 3, 3],
      [-29, 0, 0, null, null],
      [-2, 1, 1, null, 0.7],
      [-1, 1, 1, null, 0.1],
    ])
  })

  it('shows hours of what is longer', async () => {
    const series = await readLatencySeries(sql(), {
      target: 'a',
      location: 'here',
      from: new Date(ago(3 * day)),
      to: new Date(now),
    })
    expect(series).toMatchObject({ resolution: 'hours', stepSeconds: 3600 })
    expect(series.points.map(({ at, checks, failures }) => [at.toISOString(), checks, failures])).toEqual([
      ['2026-11-19T12:00:00.000Z', 4, 2],
      ['2026-11-19T13:00:00.000Z', 0, 0],
      ['2026-11-21T09:00:00.000Z', 3, 0],
      ['2026-11-21T10:00:00.000Z', 0, 0],
      ['2026-11-21T12:00:00.000Z', 3, 2],
    ])
    expect(series.points[0]).toMatchObject({ p50Seconds: expect.closeTo(0.5, 2), maxSeconds: 1 })
  })

  it('puts many checks together, so that a chart has as many points as it can show', async () => {
    const many = Array.from({ length: 4000 }, (_, index) =>
      row(ago(5 * day) + index * 10_000, {
        target: 'b',
        interval_seconds: 10,
        duration_seconds: index === 100 ? 9 : 0.1,
      }),
    )
    await insertResults(sql(), many)
    const series = await readLatencySeries(sql(), {
      target: 'b',
      location: 'here',
      from: new Date(ago(5 * day)),
      to: new Date(ago(4 * day)),
    })
    expect(series.stepSeconds).toBe(58)
    expect(series.points.length).toBeLessThan(1501)
    expect(series.points.reduce((sum, { checks }) => sum + checks, 0)).toBe(4000)
    expect(Math.max(...series.points.map(({ maxSeconds }) => maxSeconds ?? 0))).toBe(9)
    expect(series.points.map(({ p50Seconds }) => p50Seconds)).toEqual(series.points.map(() => 0.1))
  })
})
