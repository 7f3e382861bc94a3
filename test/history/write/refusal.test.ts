import { expect, it } from 'vitest'
import { randomBytes } from 'node:crypto'
import { insertRows } from '../../../src/history/write/insert.ts'
import { isRefusal } from '../../../src/history/write/refusal.ts'
import { onEachDatabase } from '../support/databases.ts'
import { row } from '../support/rows.ts'

onEachDatabase('what a database will never take', (sql) => {
  it.each([
    [
      'a name that no index holds',
      row('2026-11-01T00:00:00Z', { target: randomBytes(5000).toString('hex') }),
    ],
    ['a label with a character that there is not', row('2026-11-01T00:00:00Z', { labels: { a: '\0' } })],
    ['a number that is too large', row('2026-11-01T00:00:00Z', { status: 70_000 })],
  ])('is known from a database that is away: %s', async (_, refused) => {
    const error: unknown = await insertRows(sql(), [refused]).catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(Error)
    expect(isRefusal(error)).toBe(true)
  })
})
