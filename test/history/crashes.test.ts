import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openHistory } from '../../src/history/store.ts'
import { rollUp } from '../../src/history/roll-up.ts'
import { systemClock } from '../../src/lib/time/clock.ts'
import { embeddedFiles } from '../support/embedded.ts'
import { describeWithPostgres, startPostgres } from '../support/programs/postgres.ts'
import { partOf } from '../support/proof.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'
import { quiet } from './support/databases.ts'
import { derived, recompute } from './support/derived.ts'

const kills = partOf(20, 20)
/** PGlite takes seconds to start. */
const embeddedKills = partOf(20, 20)
const program = join(import.meta.dirname, 'support/writing-program.ts')
const dayMs = 86_400_000

interface Writing {
  /** Every row that was acknowledged, as its time. */
  readonly acknowledged: string[]
  /** Waits for so many further acknowledgements. */
  readonly more: (count: number) => Promise<unknown>
  readonly kill: () => Promise<void>
}

function startWriting(folder: string, databaseUrl: string, from: number): Writing {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--import', 'tsx', program, folder, databaseUrl, `${from}`],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const acknowledged: string[] = []
  let rest = ''
  child.stdout!.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) acknowledged.push(line)
  })
  return {
    acknowledged,
    more(count) {
      const wanted = acknowledged.length + count
      return waitFor(`${count} more rows`, () => {
        if (child.exitCode !== null) throw new Error(`the writer ended by itself: ${child.exitCode}`)
        return acknowledged.length >= wanted
      })
    },
    async kill() {
      if (child.exitCode !== null) throw new Error(`the writer ended by itself: ${child.exitCode}`)
      child.kill('SIGKILL')
      await once(child, 'close')
    },
  }
}

/** What a last process finds: it stores what waits on the disk, and the rollups are brought up to date. */
async function expectNothingLost(
  folder: string,
  databaseUrl: string,
  acknowledged: readonly string[],
): Promise<void> {
  const history = await openHistory({
    folder,
    ...(databaseUrl !== '' && { databaseUrl }),
    events: { written: () => undefined, dropped: () => undefined },
    clock: systemClock,
    log: quiet,
    writer: { collectMs: 5 },
  })
  await waitFor('nothing waits', () => history.length === 0)
  const { sql } = history
  // The database may still be adding up for a process that was killed.
  await waitFor('all is added up', async () => (await rollUp(sql)) === 'done')
  const rows = await sql.query<{ at: Date }>('select checked_at as at from probity.probe_results')
  const stored = new Set(rows.map(({ at }) => at.toISOString()))
  expect(acknowledged.filter((at) => !stored.has(at))).toEqual([])
  expect(stored.size).toBe(rows.length)
  const [counted] = await sql.query<{ n: number }>('select sum(checks)::integer as n from probity.hourly')
  expect(counted!.n).toBe(rows.length)
  const incremental = await derived(sql)
  await recompute(sql)
  expect(await derived(sql)).toEqual(incremental)
  await history.stop()
}

/** Each run writes into its own day, and all of them into what is kept. */
const dayOf = (run: number): number => Math.floor(Date.now() / 1000) * 1000 - (25 - run) * dayMs

describeWithPostgres('no acknowledged row is lost or doubled', () => {
  it('when the writer is killed again and again while it writes to PostgreSQL', async () => {
    const server = await startPostgres()
    const folder = await tempFolder()
    const acknowledged: string[] = []
    for (let run = 0; run < kills; run++) {
      const writing = startWriting(folder, server.url, dayOf(run))
      await writing.more(100 + 37 * run)
      await writing.kill()
      acknowledged.push(...writing.acknowledged)
    }
    expect(acknowledged.length).toBeGreaterThan(kills * 100)
    await expectNothingLost(folder, server.url, acknowledged)
    await server.stop()
  })

  it('when PostgreSQL is killed again and again while it is written to, and the writer once with rows on the disk', async () => {
    const server = await startPostgres()
    const folder = await tempFolder()
    const first = startWriting(folder, server.url, dayOf(0))
    for (let run = 0; run < kills; run++) {
      await first.more(100 + 37 * run)
      await server.kill()
      if (run === kills - 1) await first.kill()
      await server.start()
    }
    await expectNothingLost(folder, server.url, first.acknowledged)
    await server.stop()
  })
})

describe('no acknowledged row is lost or doubled', () => {
  it('when the writer is killed again and again while it writes to PGlite', async () => {
    const folder = await embeddedFiles(await tempFolder())
    const acknowledged: string[] = []
    for (let run = 0; run < embeddedKills; run++) {
      const writing = startWriting(folder, '', dayOf(run))
      await writing.more(100 + 37 * run)
      await writing.kill()
      acknowledged.push(...writing.acknowledged)
    }
    await expectNothingLost(folder, '', acknowledged)
  })
})
