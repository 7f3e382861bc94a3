import { beforeAll, expect, it } from 'vitest'
import { readElsewhere } from '../../../src/history/reads/elsewhere.ts'
import { rollUp } from '../../../src/history/roll-up.ts'
import { insertResults } from '../../../src/history/write/insert.ts'
import { onEachDatabase } from '../support/databases.ts'
import { empty, failed, row } from '../support/rows.ts'

const now = Date.parse('2026-11-21T12:30:00Z')
const minute = 60_000
const hour = 60 * minute

onEachDatabase('targets that are watched elsewhere', (sql) => {
  beforeAll(async () => {
    await empty(sql())
    await insertResults(sql(), [
      row(now - minute, { target: 'known', location: 'berlin' }),
      row(now - minute, { target: 'own', location: 'here' }),
      row(now - hour, { target: 'disk', location: 'here' }),
      row(now - 2 * minute, {
        target: 'disk',
        location: 'berlin',
        labels: { vendor: 'old' },
        interval_seconds: 60,
      }),
      failed(now - minute, {
        target: 'disk',
        location: 'berlin',
        labels: { vendor: 'new' },
        interval_seconds: 10,
      }),
      row(now - 3 * minute, { target: 'disk', location: 'paris' }),
      row(now - 25 * hour, { target: 'past', location: 'paris' }),
    ])
    await rollUp(sql())
  })

  it('are those of the last day from other locations, with what was reported last', async () => {
    const found = await readElsewhere(sql(), { known: ['known'], location: 'here', now })
    expect(found).toEqual([
      {
        name: 'disk',
        labels: { vendor: 'new' },
        intervalSeconds: 10,
        locations: [
          expect.objectContaining({ location: 'berlin', success: false, last24h: 0.5 }),
          expect.objectContaining({ location: 'paris', success: true }),
        ],
      },
    ])
  })

  it('may be none', async () => {
    expect(await readElsewhere(sql(), { known: ['known', 'disk'], location: 'here', now })).toEqual([])
  })
})
