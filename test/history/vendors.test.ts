import { expect, it } from 'vitest'
import type { Statements } from '../../src/history/sql.ts'
import { keepVendors, writeVendors } from '../../src/history/vendors/promises.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { waitFor } from '../support/time/wait-for.ts'
import { onEachDatabase, quiet } from './support/databases.ts'

onEachDatabase('what vendors promise', (sql) => {
  const stored = () =>
    sql().query('select name, sla, excludes_maintenance, url from probity.vendors order by name')

  it('is what the newest configuration says; vendors that it does not name keep their promise', async () => {
    await writeVendors(sql(), [
      { name: 'bank', sla: 0.999, url: 'https://status.example', slaExcludesMaintenance: true },
      { name: "o'neill", sla: 0.99 },
      { name: 'free' },
    ])
    await writeVendors(sql(), [{ name: 'bank' }, { name: 'free', sla: 0.9 }])
    expect(await stored()).toEqual([
      { name: 'bank', sla: null, excludes_maintenance: false, url: null },
      { name: 'free', sla: 0.9, excludes_maintenance: false, url: null },
      { name: "o'neill", sla: 0.99, excludes_maintenance: false, url: null },
    ])
  })

  it('is stored when the database is back, the newest alone, and its absence is said once', async () => {
    const lines: string[] = []
    const log = createLogger({ destination: { write: (line) => lines.push(line) } })
    let away = true
    let attempts = 0
    const query: Statements['query'] = (...statement) => {
      attempts++
      return away ? Promise.reject(new Error('away')) : sql().query(...statement)
    }
    const keeper = keepVendors({ sql: { query }, log, retryMs: 1 })
    keeper.set([{ name: 'late', sla: 0.5 }])
    await waitFor('three attempts', () => Promise.resolve(attempts >= 3 || undefined))
    keeper.set([{ name: 'late', sla: 0.75 }])
    away = false
    await waitFor(
      'the promise',
      async () => (await stored()).some((row) => JSON.stringify(row).includes('0.75')) || undefined,
    )
    expect(lines.filter((line) => line.includes('the promises of vendors are not stored yet'))).toHaveLength(
      1,
    )
    keeper.stop()
  })

  it('is not tried again after the stop', async () => {
    let attempts = 0
    let refuse: (error: Error) => void = () => undefined
    const query: Statements['query'] = () => {
      attempts++
      return new Promise((_resolve, reject) => (refuse = reject))
    }
    const keeper = keepVendors({ sql: { query }, log: quiet, retryMs: 1 })
    keeper.set([{ name: 'last' }])
    keeper.stop()
    refuse(new Error('away'))
    // Later than the attempt that there should not be.
    await new Promise((resolve) => setTimeout(resolve, 10))
    keeper.set([])
    expect(attempts).toBe(1)
  })
})
