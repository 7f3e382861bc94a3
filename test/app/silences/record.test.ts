import { expect, it } from 'vitest'
import type { Silence } from '../../../src/alerts/silences/silence.ts'
import { recordSilences } from '../../../src/app/silences/record.ts'
import { parseMatchers } from '../../../src/config/notify/matchers.ts'
import { readSilences } from '../../../src/history/reads/silences.ts'
import { buildReport } from '../../../src/history/report/report.ts'
import { monthPeriod } from '../../../src/history/report/period.ts'
import { rollUp } from '../../../src/history/roll-up.ts'
import { forget } from '../../../src/history/upkeep.ts'
import { insertRows } from '../../../src/history/write/insert.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { onEachDatabase } from '../../history/support/databases.ts'
import { row } from '../../history/support/rows.ts'
import { testTime } from '../../support/time/timers.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const start = Date.parse('2026-11-20T12:00:00Z')
const hour = 3_600_000
const log = createLogger({ destination: { write: () => undefined } })
const labels = new Map([
  ['a', { target: 'a', vendor: 'v', team: 'shop' }],
  ['b', { target: 'b', vendor: 'w', team: 'shop' }],
])

function silence(id: string, match: string, of: Partial<Silence> = {}): Silence {
  return {
    id,
    matchers: parseMatchers(match),
    startsAt: new Date(start),
    endsAt: new Date(start + 2 * hour),
    createdBy: 'anna',
    comment: 'new disk',
    ...of,
  }
}

onEachDatabase('silences that are stored', (sql) => {
  it('are in the report of each vendor that they were about, with when they ended', async () => {
    const time = testTime('2026-11-20T12:00:00Z')
    let listed: Silence[] = [
      silence('1', 'team="shop"'),
      silence('2', 'alertname="TargetDown",target="a"', {
        acknowledges: { alertname: 'TargetDown', target: 'a' },
        comment: '',
      }),
      silence('3', 'target="gone"'),
    ]
    let asked = 0
    const keeper = {
      list: () => {
        asked++
        return listed.length === 0 ? Promise.reject(new Error('away')) : Promise.resolve(listed)
      },
    }
    const history = { sql: sql(), isOpen: () => true }
    const begin = () =>
      recordSilences(keeper, history, { labels: () => labels, location: 'here', ...time, log })
    const stored = async (): Promise<string[]> =>
      (await readSilences(sql(), { from: start, to: start + 24 * hour })).map(
        ({ id, targets, endsAt }) => `${id} ${targets.join()} ${endsAt.toISOString().slice(11, 16)}`,
      )
    let stop = begin()
    await waitFor('the first look', async () => (await stored()).length === 3)
    expect(await stored()).toEqual(['1 a,b 14:00', '2 a 14:00', '3  14:00'])
    // An Alertmanager that is away has ended nothing.
    await stop()
    listed = []
    stop = begin()
    await waitFor('the second look', () => asked === 2)
    await stop()
    expect(await stored()).toContain('2 a 14:00')
    listed = [silence('1', 'team="shop"')]
    time.clock.advance(1800)
    stop = begin()
    await waitFor('the third look', async () => (await stored()).includes('2 a 12:30'))
    await stop()

    await insertRows(sql(), [
      row(start),
      row(start + 30_000),
      row(start, { target: 'b', labels: { vendor: 'w' } }),
    ])
    await rollUp(sql())
    const report = await buildReport({
      sql: sql(),
      period: monthPeriod('2026-11', 'UTC'),
      timeZone: 'UTC',
      vendors: new Map(),
      now: start + hour,
    })
    const said = report.vendors.map(({ vendor, silences }) => [
      vendor,
      silences.map(
        ({ id, targets, createdBy, alertname }) => `${id} ${targets.join()} ${createdBy} ${alertname ?? ''}`,
      ),
    ])
    expect(Object.fromEntries(said)).toEqual({ v: ['1 a anna ', '2 a anna TargetDown'], w: ['1 b anna '] })
    await forget(sql(), start + 402 * 24 * hour)
    expect(await stored()).toEqual([])
  })
})
