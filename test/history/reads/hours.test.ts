import { beforeEach, expect, it } from 'vitest'
import { createHourMemo } from '../../../src/history/reads/hour-memo.ts'
import { readHours } from '../../../src/history/reads/hours.ts'
import { rollUp } from '../../../src/history/roll-up.ts'
import type { Statements } from '../../../src/history/sql.ts'
import { insertResults } from '../../../src/history/write/insert.ts'
import { onEachDatabase } from '../support/databases.ts'
import { empty, failed, row } from '../support/rows.ts'

const now = Date.parse('2026-11-21T12:30:00Z')
const minute = 60_000
const hour = 60 * minute
const view = { targets: ['a', 'b'], location: 'here' }

onEachDatabase('hours that were read before', (sql) => {
  beforeEach(async () => {
    await empty(sql())
    await insertResults(sql(), [
      row(now - 3 * hour, { duration_seconds: 0.4, labels: { vendor: 'old' } }),
      row(now - 3 * hour + minute, { duration_seconds: 0.2, labels: { vendor: 'new' } }),
      row(now - hour, { duration_seconds: 0.1 }),
      failed(now - minute),
      row(now - minute, { target: 'b', duration_seconds: 0.3 }),
    ])
    await rollUp(sql())
  })

  /** How many histograms are asked for. */
  function counting(asked: number[]): Statements {
    return {
      ...sql(),
      query(statement, parameters = []) {
        if (statement.includes('unnest')) asked.push((parameters[0] as unknown[]).length)
        return sql().query(statement, parameters)
      },
    }
  }

  it('are not read again, and say the same', async () => {
    const memo = createHourMemo()
    const asked: number[] = []
    const first = await readHours(counting(asked), view, now, memo)
    expect(asked).toEqual([5])
    const again = await readHours(counting(asked), view, now, memo)
    expect(asked).toEqual([5])
    const plain = await readHours(sql(), view, now)
    for (const target of [...view.targets, 'none']) {
      expect(again(target)).toEqual(first(target))
      expect(again(target)).toEqual(plain(target))
    }
    expect(again('a').sparkline.slice(-4)).toEqual([
      expect.closeTo(0.2, 2),
      null,
      expect.closeTo(0.1, 2),
      null,
    ])
    expect(again('a').counted).toEqual({ checks: 4, failures: 1 })
  })

  it('are read again where more was added up, and are forgotten after a day', async () => {
    const memo = createHourMemo()
    const asked: number[] = []
    await readHours(counting(asked), view, now, memo)
    await insertResults(sql(), [
      row(now - hour + minute, { duration_seconds: 0.7 }),
      row(now, { target: 'b', duration_seconds: 0.9 }),
    ])
    await rollUp(sql())
    const hours = await readHours(counting(asked), view, now, memo)
    expect(asked).toEqual([5, 2])
    expect(hours('b').latency.p95Seconds).toBeCloseTo(0.9, 1)
    const later = await readHours(counting(asked), view, now + 22 * hour, memo)
    expect(later('a').sparkline.filter((point) => point !== null)).toEqual([expect.closeTo(0.1, 2)])
    expect(asked).toEqual([5, 2])
  })

  it('are so many at most', async () => {
    const memo = createHourMemo(2)
    const asked: number[] = []
    const first = await readHours(counting(asked), view, now, memo)
    const again = await readHours(counting(asked), view, now, memo)
    expect(asked).toEqual([5, 3])
    expect(again('a')).toEqual(first('a'))
  })
})
