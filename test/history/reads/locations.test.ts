import { beforeAll, expect, it } from 'vitest'
import { readMedians } from '../../../src/history/reads/medians.ts'
import { readLocations } from '../../../src/history/reads/locations.ts'
import { rollUp } from '../../../src/history/roll-up.ts'
import { insertResults } from '../../../src/history/write/insert.ts'
import { onEachDatabase } from '../support/databases.ts'
import { empty, failed, row } from '../support/rows.ts'

const now = Date.parse('2026-11-21T12:30:00Z')
const minute = 60_000
const hour = 60 * minute
const ago = (ms: number): number => now - ms

onEachDatabase('the locations of a target', (sql) => {
  beforeAll(async () => {
    await empty(sql())
    await insertResults(sql(), [
      row(ago(2 * hour), { location: 'ams', duration_seconds: 0.2, labels: { vendor: 'old' } }),
      failed(ago(hour), { location: 'ams', labels: { vendor: 'old' } }),
      row(ago(minute), { location: 'ams', duration_seconds: 0.2, labels: { vendor: 'new' } }),
      row(ago(3 * hour), { location: 'fra', duration_seconds: 0.5 }),
      failed(ago(2 * minute), { location: 'fra', reason: 'timeout', message: 'no answer within 5 s' }),
      // Not seen from there for more than a day.
      row(ago(25 * hour), { location: 'nyc' }),
      row(ago(minute), { target: 'b', location: 'ams' }),
      row(ago(25 * hour), { target: 'b', location: 'fra' }),
    ])
    await rollUp(sql())
  })

  it('are those that have checked it within a day, each with its last check and its last 24 hours', async () => {
    expect((await readLocations(sql(), ['a', 'b', 'none'], now)).get('a')).toEqual([
      {
        location: 'ams',
        at: new Date(ago(minute)),
        success: true,
        durationSeconds: 0.2,
        last24h: 1 - 1 / 3,
      },
      {
        location: 'fra',
        at: new Date(ago(2 * minute)),
        success: false,
        durationSeconds: 0.1,
        reason: 'timeout',
        message: 'no answer within 5 s',
        last24h: 0.5,
      },
    ])
  })

  it('are not read where there is only one', async () => {
    expect([...(await readLocations(sql(), ['a', 'b', 'none'], now)).keys()]).toEqual(['a'])
    expect([...(await readLocations(sql(), ['b'], now)).keys()]).toEqual([])
  })

  it('have medians of the last 24 hours, of targets with several and of others', async () => {
    const of = await readMedians(sql(), { location: 'fra', now })
    expect(of('a', 'ams')).toBeCloseTo(0.2, 2)
    expect(of('a', 'fra')).toBeCloseTo(0.5, 2)
    expect(of('b', 'ams')).toBeCloseTo(0.1, 2)
    expect(of('a', 'nyc')).toBeUndefined()
    const own = await readMedians(sql(), { location: 'ams', now })
    expect(own('a', 'fra')).toBeCloseTo(0.5, 2)
    expect(own('b', 'ams')).toBeUndefined()
  })
})
