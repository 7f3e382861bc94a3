import { expect, it } from 'vitest'
import { migrate } from '../../src/history/migrate.ts'
import { openPostgres } from '../../src/history/postgres.ts'
import { partOf, proveAll } from '../support/proof.ts'
import { describeWithPostgres, startPostgres } from '../support/programs/postgres.ts'
import { derived, recompute } from './support/derived.ts'
import { quiet } from './support/databases.ts'
import { writeAndRollUp } from './support/late-rows.ts'

/** All of them are 67 days of 8 targets; seconds are judged in the whole proof alone. */
const size = partOf(200_000, 200)

describeWithPostgres('checks of 67 days, one in twenty late, of two writers', () => {
  it(
    'are added up in small steps, and come to what is computed at once',
    async () => {
      const server = await startPostgres()
      const sql = openPostgres({ url: server.url, log: quiet, statementTimeout: 1800 })
      try {
        await migrate(sql)
        const { addedUp, longest, steps } = await writeAndRollUp(sql, size)
        if (proveAll)
          console.log(
            `${size} checks: ${addedUp.toFixed(1)} s, ${steps} steps, longest ${longest.toFixed(2)} s`,
          )
        expect(await sql.query('select 1 from probity.touched limit 1')).toEqual([])
        const found = await derived(sql)
        await recompute(sql)
        expect(await derived(sql)).toEqual(found)
        const [counted] = await sql.query('select sum(checks)::integer as checks from probity.daily')
        expect(counted).toEqual({ checks: size })
        if (proveAll) {
          expect(addedUp).toBeLessThan(120)
          expect(longest).toBeLessThan(5)
        }
      } finally {
        await sql.close()
        await server.stop()
      }
    },
    proveAll ? 900_000 : undefined,
  )
})
