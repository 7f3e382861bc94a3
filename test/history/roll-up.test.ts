import { describe, expect, it } from 'vitest'
import { rollUp } from '../../src/history/roll-up.ts'
import type { Sql } from '../../src/history/sql.ts'

const cancelled = Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' })

/** A database in which a step takes a millisecond per mark, with a clock that shows it; longer ones than `limit` are cancelled. */
function database(waiting: number, limit = Infinity) {
  const asked: number[] = []
  let now = 0
  const query = (_: string, [marks]: readonly number[] = []): Promise<{ marks: number }[]> => {
    asked.push(marks!)
    const taken = Math.min(marks!, waiting)
    now += Math.min(taken, limit)
    if (taken > limit) return Promise.reject(cancelled)
    waiting -= taken
    return Promise.resolve([{ marks: taken }])
  }
  return { sql: standIn(query), asked, monotonic: () => now }
}

/** The rows of a query have the type that the caller asks for, which a stand-in cannot know. */
function standIn(query: (text: string, values?: readonly number[]) => Promise<{ marks: number }[]>) {
  return { query } as unknown as Pick<Sql, 'query'>
}

describe('rollups', () => {
  it('take half of what the database has cancelled, and go on', async () => {
    const { sql, asked, monotonic } = database(1000, 100)
    expect(await rollUp(sql, { monotonic })).toBe('done')
    expect(asked.slice(0, 4)).toEqual([500, 250, 125, 62])
  })

  it('take more where a step is quick, and less where it is slow', async () => {
    const quick = database(10_000)
    await rollUp(quick.sql, { monotonic: () => 0 })
    expect(quick.asked.slice(0, 4)).toEqual([500, 1000, 2000, 2000])
    let now = 0
    const slow = database(2000)
    await rollUp(slow.sql, { monotonic: () => (now += 1001) })
    expect(slow.asked.slice(0, 3)).toEqual([500, 250, 125])
  })

  it('fail with what the database says where not even one mark can be taken', async () => {
    const { sql, asked } = database(10, 0)
    await expect(rollUp(sql)).rejects.toBe(cancelled)
    expect(asked.at(-1)).toBe(1)
  })

  it('say that another process is at it, and that they were told to stop', async () => {
    const busy = standIn(() => Promise.resolve([{ marks: -1 }]))
    expect(await rollUp(busy)).toBe('elsewhere')
    expect(await rollUp(busy, { cancelled: () => true })).toBe('cancelled')
  })
})
