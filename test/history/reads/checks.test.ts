import { beforeAll, describe, expect, it } from 'vitest'
import { inOrder, readChecks, type StoredCheck } from '../../../src/history/reads/checks.ts'
import { insertResults } from '../../../src/history/write/insert.ts'
import { onEachDatabase } from '../support/databases.ts'
import { empty, failed, row } from '../support/rows.ts'

const noon = Date.parse('2026-11-21T12:00:00Z')
const minute = 60_000
const range = { from: new Date(noon), to: new Date(noon + 60 * minute) }

onEachDatabase('single checks', (sql) => {
  beforeAll(async () => {
    await empty(sql())
    await insertResults(sql(), [
      row(noon - 1),
      row(noon),
      failed(noon + 20 * minute, { target: 'b', location: 'there', duration_seconds: 2 }),
      row(noon + 60 * minute),
    ])
  })

  it('are those that began in the range, with why they failed', async () => {
    const checks = await readChecks(sql(), range)
    expect(checks.sort((a, b) => a.at - b.at)).toEqual([
      { target: 'a', location: 'here', at: noon / 1000, durationSeconds: 0.1 },
      {
        target: 'b',
        location: 'there',
        at: noon / 1000 + 1200,
        durationSeconds: 2,
        failure: { reason: 'status', message: 'expected 2xx, got 503' },
      },
    ])
  })
})

describe('checks in order', () => {
  const check = (minutes: number, durationSeconds: number): StoredCheck => ({
    target: 'a',
    location: 'here',
    at: noon / 1000 + minutes * 60,
    durationSeconds,
  })

  it('come as they ended, also where that was in a later slice, and each once', async () => {
    const all = [check(14, 90), check(0, 200), check(1, 0.1), check(15.1, 0.1), check(59, 3600)]
    const came: StoredCheck[] = []
    for await (const some of inOrder(range, ({ from, to }) =>
      Promise.resolve(all.filter(({ at }) => at * 1000 >= from.getTime() && at * 1000 < to.getTime())),
    ))
      came.push(...some)
    expect(came.map(({ at }) => (at - noon / 1000) / 60)).toEqual(
      [1, 0, 15.1, 14, 59].map((n) => expect.closeTo(n, 6)),
    )
  })
})
