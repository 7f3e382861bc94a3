import { spawn } from 'node:child_process'
import { isDeepStrictEqual } from 'node:util'
import { migrate } from '../src/history/migrate.ts'
import { openPostgres } from '../src/history/postgres.ts'
import { createLogger } from '../src/lib/logger.ts'
import { derived, recompute } from '../test/history/support/derived.ts'
import { days, seriesCount, writeAndRollUp } from '../test/history/support/late-rows.ts'
import type { Measurement } from './run.ts'

/**
 * 200,000 checks of 8 series over 67 days, of which one in twenty is late, by two writers into the PostgreSQL of DATABASE_URL,
 * whose schema `probity` it replaces, while the rollups run. BENCH_ROWS: fewer rows, for a trial. BENCH_BURNERS: so many
 * processes that do nothing but take processor time meanwhile.
 */
export async function historyLateBenchmark(): Promise<Measurement[]> {
  const { DATABASE_URL: url, BENCH_ROWS: size = '200000', BENCH_BURNERS: burners = '0' } = process.env
  if (url === undefined)
    throw new Error('set DATABASE_URL to a PostgreSQL database of which the schema "probity" may be replaced')
  const log = createLogger({ level: 'warn' })
  const patient = openPostgres({ url, log, statementTimeout: 1800 })
  await patient.script('drop schema if exists probity cascade')
  await migrate(patient)
  const own = openPostgres({ url, log })
  const stopBurning = burn(Number(burners))
  try {
    const { written, addedUp, steps, longest } = await writeAndRollUp(own, Number(size))
    stopBurning()
    const found = await derived(patient)
    await recompute(patient)
    const equal = isDeepStrictEqual(found, await derived(patient))
    return [
      {
        what: `checks of ${seriesCount} series over ${days} days, 5 % late`,
        value: Number(size),
        unit: 'rows',
      },
      { what: 'until all were written, by two writers', value: written, unit: 's' },
      { what: 'until all were added up', value: addedUp, unit: 's' },
      { what: 'steps of the rollups', value: steps, unit: 'steps' },
      { what: 'longest step of the rollups', value: longest, unit: 's' },
      { what: 'equal to what is computed at once', value: equal ? 1 : 0, unit: '(1: yes)' },
    ]
  } finally {
    stopBurning()
    await own.close()
    await patient.close()
  }
}

function burn(count: number): () => void {
  const burning = Array.from({ length: count }, () =>
    spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
  )
  return () => {
    for (const child of burning) child.kill('SIGKILL')
  }
}
