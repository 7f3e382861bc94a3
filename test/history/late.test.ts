import { describe, expect, it } from 'vitest'
import { lateSql, type LateSql } from '../../src/history/connection/late.ts'
import type { Sql } from '../../src/history/sql.ts'
import { ProbityError } from '../../src/lib/errors.ts'
import { testClock } from '../support/time/clock.ts'

/** Answers every question with its number. */
function aDatabase(number: number) {
  const state = { closed: 0, gone: false }
  const sql: Sql = {
    query: <Row>() =>
      state.gone
        ? Promise.reject(new ProbityError('DATABASE_GONE', 'it has ended'))
        : Promise.resolve([number] as Row[]),
    script: () => Promise.resolve(),
    transaction: (work) => work(sql),
    close() {
      state.closed++
      return Promise.resolve()
    },
  }
  return { sql, state }
}

/** Opens when the test says so. */
function start(pauseMs = 0, mayBeAnother: (error: unknown) => boolean = () => false) {
  const clock = testClock()
  const attempts: { resolve: (sql: Sql) => void; reject: (error: Error) => void }[] = []
  const signals: AbortSignal[] = []
  const late: LateSql = lateSql({
    clock,
    pauseMs,
    mayBeAnother,
    open: (signal) =>
      new Promise((resolve, reject) => {
        attempts.push({ resolve, reject })
        signals.push(signal)
        signal.addEventListener('abort', () => {
          reject(new Error('given up'))
        })
      }),
  })
  return { clock, attempts, signals, late }
}

describe('a database that opens late', () => {
  it('is opened once, and its statements wait for it', async () => {
    const { late, attempts } = start()
    const answers = [late.query(''), late.query(''), late.transaction(({ query }) => query(''))]
    expect(late.isOpen()).toBe(false)
    attempts[0]!.resolve(aDatabase(1).sql)
    expect(await Promise.all(answers)).toEqual([[1], [1], [1]])
    expect(late.isOpen()).toBe(true)
    expect(attempts).toHaveLength(1)
  })

  it('says why it cannot be opened, and is tried again after a pause', async () => {
    const { late, attempts, clock } = start(30_000)
    const first = late.query('')
    attempts[0]!.reject(new Error('disk full'))
    await expect(first).rejects.toThrow('disk full')
    clock.advance(29)
    await expect(late.query('')).rejects.toThrow('disk full')
    expect(attempts).toHaveLength(1)
    clock.advance(1)
    const second = late.query('')
    attempts[1]!.resolve(aDatabase(2).sql)
    expect(await second).toEqual([2])
  })

  it('is opened again when its thread has ended', async () => {
    const { late, attempts } = start()
    const first = aDatabase(1)
    const asked = late.query('')
    attempts[0]!.resolve(first.sql)
    await asked
    first.state.gone = true
    await expect(late.query('')).rejects.toThrow('it has ended')
    expect(late.isOpen()).toBe(false)
    const again = late.query('')
    attempts[1]!.resolve(aDatabase(2).sql)
    expect(await again).toEqual([2])
  })

  it('is opened again where another may be in its place, and the one before it is closed', async () => {
    const { late, attempts } = start(0, (error) => error instanceof TypeError)
    const first = aDatabase(1)
    const asked = late.query('')
    attempts[0]!.resolve(first.sql)
    await asked
    const bug = () => late.transaction(() => Promise.reject(new TypeError('what was there is missing')))
    await expect(bug()).rejects.toThrow('what was there is missing')
    expect([late.isOpen(), first.state.closed]).toEqual([true, 1])
    const again = late.query('')
    const second = aDatabase(2)
    attempts[1]!.resolve({ ...second.sql, isLost: () => second.state.gone })
    expect(await again).toEqual([2])
    second.state.gone = true
    const last = late.query('')
    attempts[2]!.resolve(aDatabase(3).sql)
    expect([await last, second.state.closed]).toEqual([[3], 1])
  })

  it('is given up when it is closed before it was open', async () => {
    const { late, signals } = start()
    const asked = late.query('')
    const closed = late.close()
    await expect(asked).rejects.toThrow('given up')
    await closed
    expect(signals[0]!.aborted).toBe(true)
    await expect(late.query('')).rejects.toMatchObject({ code: 'DATABASE_CLOSED' })
    await late.close()
  })

  it('is closed once, also where it opened meanwhile', async () => {
    const { late, attempts } = start()
    const database = aDatabase(1)
    const asked = late.open()
    attempts[0]!.resolve(database.sql)
    await asked
    await Promise.all([late.close(), late.close()])
    expect(database.state.closed).toBe(1)
  })
})
