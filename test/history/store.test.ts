import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openHistory, type HistoryOptions } from '../../src/history/store.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { systemClock } from '../../src/lib/time/clock.ts'
import { testClock } from '../support/time/clock.ts'
import { embeddedFiles } from '../support/embedded.ts'
import { createDatabase, describeWithPostgres, startPostgres } from '../support/programs/postgres.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'
import { quiet } from './support/databases.ts'
import { failed, row } from './support/rows.ts'

const clock = testClock('2026-11-20T12:00:00Z')
const unreachable = 'postgres://probity@127.0.0.1:1/none'

function options(folder: string, databaseUrl?: string) {
  const counts = { written: 0, dropped: 0 }
  const made: HistoryOptions = {
    folder,
    ...(databaseUrl !== undefined && { databaseUrl }),
    clock,
    log: quiet,
    events: {
      written: (rows) => (counts.written += rows.length),
      dropped: (count) => (counts.dropped += count),
    },
    writer: { collectMs: 5 },
    upkeepMs: 20,
  }
  return { ...made, counts }
}

describe('the history', () => {
  it('refuses a folder that it cannot write, with what to do', async () => {
    const file = join(await tempFolder(), 'file')
    await writeFile(file, '')
    const folder = join(file, 'history')
    const opening = openHistory(options(folder, unreachable))
    await expect(opening).rejects.toThrow(`cannot keep the history in ${folder}: `)
    await expect(opening).rejects.toMatchObject({ code: 'STORAGE_UNWRITABLE' })
  })

  it('opens without its server, and refuses its folder to a second process', async () => {
    const folder = await tempFolder()
    const history = await openHistory(options(folder, unreachable))
    await expect(openHistory(options(folder, unreachable))).rejects.toMatchObject({ code: 'FOLDER_LOCKED' })
    await history.stop()
    await history.stop()
  })

  it('takes rows before its database is open, and keeps those on the disk that it must leave', async () => {
    const folder = await embeddedFiles(await tempFolder())
    const embedded = options(folder)
    const first = await openHistory(embedded)
    expect(first.isOpen()).toBe(false)
    first.add(row('2026-11-20T11:59:00Z'))
    await first.stop()
    expect(embedded.counts).toEqual({ written: 0, dropped: 0 })
    const second = await openHistory(embedded)
    second.add(row('2026-11-20T11:59:30Z'))
    await waitFor('both are stored', () => embedded.counts.written === 2)
    expect(second.isOpen()).toBe(true)
    expect(await second.sql.query('select 1 from probity.probe_results')).toHaveLength(2)
    await second.stop()
  })

  it('goes on where its database cannot be opened, and says so in one line', async () => {
    const folder = await tempFolder()
    await mkdir(join(folder, 'pgdata'))
    const lines: string[] = []
    const embedded = options(folder)
    const log = createLogger({ destination: { write: (line) => void lines.push(line) } })
    const history = await openHistory({ ...embedded, log })
    for (let second = 0; second < 50; second++) {
      history.add(row(Date.parse('2026-11-20T11:59:00Z') + second * 1000))
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    await waitFor('it is said', () => lines.length > 0)
    await history.stop()
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({
        level: 'warn',
        msg: 'history: the database is unavailable, rows wait on the disk',
        error: expect.stringContaining(`cannot open the database in ${folder}: `) as unknown,
      }),
    ])
    expect(embedded.counts).toEqual({ written: 0, dropped: 0 })
  })
})

describeWithPostgres('the history while memory is short', () => {
  it('keeps rows on the disk and answers nobody, and stores them when there is memory again', async () => {
    const server = await createDatabase()
    let isShort = true
    const own = { ...options(await tempFolder(), server), isMemoryShort: () => isShort }
    const history = await openHistory({
      ...own,
      clock: systemClock,
      writer: { collectMs: 5, retryMs: [5, 5] },
    })
    const at = Math.floor(Date.now() / 1000) * 1000 - 60_000
    for (let second = 0; second < 20; second++) history.add(row(at + second * 1000))
    const onDisk = async () =>
      (await readFile(join(own.folder, 'waiting.jsonl'), 'utf8').catch(() => '')).split('\n').length - 1
    await waitFor('all wait on the disk', async () => (await onDisk()) === 20)
    await expect(history.sql.query('select 1')).rejects.toThrow('memory is short')
    isShort = false
    await waitFor('all are stored', () => own.counts.written === 20 && history.length === 0)
    expect(await history.sql.query('select 1 from probity.probe_results')).toHaveLength(20)
    expect(own.counts.dropped).toBe(0)
    await history.stop()
  })
})

describeWithPostgres('the history on a server', () => {
  it('keeps its rollups up to date by itself, and drops what is older than it keeps or of tomorrow', async () => {
    const server = await startPostgres()
    const own = options(await tempFolder(), server.url)
    const history = await openHistory(own)
    const rows = [
      failed('2026-11-20T11:59:00Z'),
      row('2026-11-20T11:59:30Z'),
      row('2026-10-21T11:59:59Z'),
      row('2026-11-21T12:00:01Z'),
    ]
    for (const one of rows) history.add(one)
    await waitFor('the incident is there', async () => {
      const found = await history.sql.query('select 1 from probity.incidents where ended_at is not null')
      return found.length === 1
    })
    await waitFor('the others are dropped', () => own.counts.dropped === 2)
    expect(own.counts).toEqual({ written: 2, dropped: 2 })
    expect(await history.sql.query('select 1 from probity.probe_results')).toHaveLength(2)
    await history.stop()
    await server.stop()
  })
})
