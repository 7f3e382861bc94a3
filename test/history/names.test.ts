import { beforeEach, expect, it } from 'vitest'
import { joinNames } from '../../src/history/names.ts'
import { readIncidents } from '../../src/history/reads/incidents.ts'
import { readOverview } from '../../src/history/reads/overview.ts'
import { rollUp } from '../../src/history/roll-up.ts'
import { insertRows } from '../../src/history/write/insert.ts'
import { onEachDatabase } from './support/databases.ts'
import { empty, failed, row } from './support/rows.ts'

const now = Date.parse('2026-11-21T12:30:00Z')
const ago = (minutes: number): number => now - minutes * 60_000
const renamed = [{ name: 'new', was: ['older', 'old'] }]

/** A minute apart; it fails from 12 minutes ago until 4 minutes ago, and is renamed 8 minutes ago. */
const checks = Array.from({ length: 120 }, (_, index) => {
  const minutes = 120 - index
  const fields = { target: minutes > 8 ? 'old' : 'new', interval_seconds: 60 }
  return minutes <= 12 && minutes > 4 ? failed(ago(minutes), fields) : row(ago(minutes), fields)
})

const calls = {
  caller: 'web',
  version: '1',
  writer: 'w',
  ok: 3,
  error: 1,
  unknown: 0,
  over_limit: 0,
  duration_sum: 1,
  latency: {},
}

onEachDatabase('a target that had another name', (sql) => {
  beforeEach(() => empty(sql()))

  const view = { targets: ['new'], location: 'here' }

  /** Everything that is added up of it, without the number of its series. */
  async function everything(target: string): Promise<unknown[]> {
    const tables = [
      'transitions',
      'gaps',
      'hourly',
      'daily',
      'maintenance_changes',
      'call_hourly',
      'call_daily',
    ]
    const all = tables.map((table) =>
      sql().query(
        `select to_jsonb(derived) - 'series_id' as row from probity.${table} derived
         join probity.series on series.id = series_id where target = $1 order by 1`,
        [target],
      ),
    )
    return Promise.all(all)
  }

  it.each<[string, boolean, boolean]>([
    ['before anything is stored under the new one', false, true],
    ['after both were added up', true, true],
    ['before the checks of either are added up', true, false],
  ])('has one past, as if it had always been called so: joined %s', async (_when, both, rolled) => {
    await insertRows(
      sql(),
      checks.map((check) => ({ ...check, target: 'always' })),
    )
    const [first, later] = [
      checks.filter(({ target }) => target === 'old'),
      checks.filter(({ target }) => target === 'new'),
    ]
    await insertRows(sql(), both ? [...first, ...later] : first)
    if (rolled) await rollUp(sql())
    await joinNames(sql(), renamed, 'here')
    if (!both) await insertRows(sql(), later)
    await rollUp(sql())
    expect(await everything('new')).toEqual(await everything('always'))
    expect(await everything('old')).toEqual(await everything('nothing'))
    const incidents = await readIncidents(sql(), view, { limit: 9 })
    expect(incidents).toMatchObject([
      { target: 'new', startedAt: new Date(ago(12)), endedAt: new Date(ago(4)) },
    ])
    const past = (await readOverview(sql(), view, now)).get('new')
    expect(past?.availability.last24h).toBeCloseTo(112 / 120)
    expect(past?.last).toMatchObject({ at: new Date(ago(1)), success: true })
  })

  it('keeps the calls of both, and leaves other places and other targets alone', async () => {
    const minute = (target: string, minutes: number) => ({
      target,
      location: 'here',
      labels: {},
      checked_at: new Date(ago(minutes)).toISOString(),
      calls,
    })
    await insertRows(sql(), [
      minute('old', 20),
      minute('new', 10),
      row(ago(5), { target: 'old', location: 'there' }),
      row(ago(5), { target: 'other' }),
    ])
    await rollUp(sql())
    await joinNames(sql(), renamed, 'here')
    await joinNames(sql(), renamed, 'here')
    const named = await sql().query('select target, location from probity.series order by 1, 2')
    expect(named).toEqual([
      { target: 'new', location: 'here' },
      { target: 'old', location: 'there' },
      { target: 'other', location: 'here' },
    ])
    const minutes = await sql().query('select target, ok from probity.call_minutes order by minute')
    expect(minutes).toEqual([
      { target: 'new', ok: 3 },
      { target: 'new', ok: 3 },
    ])
    const [day] = await sql().query<{ ok: number }>('select sum(ok)::integer as ok from probity.call_daily')
    expect(day?.ok).toBe(6)
  })
})
