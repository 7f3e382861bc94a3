import { describe, expect, it } from 'vitest'
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { openSpill } from '../../../src/history/write/spill.ts'
import { startWriter, type Writer, type WriterOptions } from '../../../src/history/write/writer.ts'
import type { HistoryRow } from '../../../src/history/row.ts'
import { unwatched } from '../../../src/lib/io/keeping.ts'
import { systemClock } from '../../../src/lib/time/clock.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'
import { quiet } from '../support/databases.ts'
import { row } from '../support/rows.ts'

const rows = (count: number, from = 0): HistoryRow[] =>
  Array.from({ length: count }, (_, index) => row((from + index) * 1000))

/** A database that is there or not, and refuses some rows. */
function fakeDatabase() {
  const stored: string[] = []
  return {
    stored,
    away: false,
    poison: new Set<string>(),
    async insert(batch: readonly HistoryRow[]) {
      await Promise.resolve()
      if (this.away) throw new Error('connection refused')
      if (batch.some(({ checked_at: at }) => this.poison.has(at)))
        throw Object.assign(new Error('bad value'), { code: '22003' })
      stored.push(...batch.map(({ checked_at: at }) => at))
    },
  }
}

async function start(
  database: ReturnType<typeof fakeDatabase>,
  options: Partial<WriterOptions> & { folder?: string } = {},
) {
  const counts = { written: 0, dropped: 0 }
  const path = join(options.folder ?? (await tempFolder()), 'waiting.jsonl')
  const writer: Writer = startWriter({
    insert: (batch) => database.insert(batch),
    spill: await openSpill({ path, batch: 3 }),
    events: {
      written: (batch) => (counts.written += batch.length),
      dropped: (count) => (counts.dropped += count),
    },
    log: quiet,
    clock: systemClock,
    batch: 10,
    collectMs: 5,
    retryMs: [10, 40],
    ...options,
  })
  const add = (batch: readonly HistoryRow[]): void => {
    for (const one of batch) writer.add(one)
  }
  return { writer, counts, add, path }
}

const times = (batch: readonly HistoryRow[]): string[] => batch.map(({ checked_at: at }) => at)

describe('the writer', () => {
  it('writes in batches, in order', async () => {
    const database = fakeDatabase()
    const { writer, add, counts } = await start(database)
    add(rows(25))
    await waitFor('all are stored', () => counts.written === 25)
    expect(database.stored).toEqual(times(rows(25)))
    await writer.stop()
  })

  it('keeps rows on the disk while the database is away, and stores them in order when it is back', async () => {
    const database = fakeDatabase()
    database.away = true
    const { writer, add, counts, path } = await start(database)
    add(rows(25))
    const lines = async (): Promise<number> => (await readFile(path, 'utf8')).split('\n').length - 1
    await waitFor('they are put aside', async () => (await lines()) === 25)
    add(rows(25, 25))
    database.away = false
    await waitFor('all are stored', () => counts.written === 50)
    expect(database.stored).toEqual(times(rows(50)))
    expect(writer.length).toBe(0)
    await writer.stop()
  })

  it('stores what an earlier process left on the disk, but not a line that was cut', async () => {
    const folder = await tempFolder()
    const database = fakeDatabase()
    database.away = true
    const first = await start(database, { folder })
    first.add(rows(7))
    await first.writer.stop()
    expect(first.counts).toEqual({ written: 0, dropped: 0 })
    await appendFile(first.path, '{"target":"a","checked')
    database.away = false
    const second = await start(database, { folder })
    second.add(rows(2, 7))
    await waitFor('all are stored', () => second.counts.written === 9)
    expect(database.stored).toEqual(times(rows(9)))
    await second.writer.stop()
  })

  it('drops a row that the database refuses, and no other', async () => {
    const database = fakeDatabase()
    database.poison = new Set(times(rows(1, 13)))
    const { writer, add, counts } = await start(database)
    add(rows(25))
    await waitFor('the others are stored', () => counts.written === 24)
    expect(counts.dropped).toBe(1)
    expect(database.stored).toEqual(times(rows(25)).filter((at) => !database.poison.has(at)))
    await writer.stop()
  })

  it('drops what has no room, counts it, and never throws', async () => {
    const database = fakeDatabase()
    database.away = true
    const { writer, add, counts } = await start(database, { spill: undefined, maxQueue: 20 })
    add(rows(25))
    expect(counts.dropped).toBe(5)
    await writer.stop()
    expect(counts).toEqual({ written: 0, dropped: 25 })
    add(rows(1))
    expect(counts.dropped).toBe(26)
  })

  it('says nothing of a database that is not there yet when it ends', async () => {
    const warnings: unknown[] = []
    const log = pino({ level: 'warn' }, { write: (line) => void warnings.push(line) })
    const database = fakeDatabase()
    database.away = true
    const { writer, add } = await start(database, { log, collectMs: 60_000 })
    add(rows(1))
    await writer.stop()
    expect(warnings).toEqual([])
  })

  it('has a limit on the disk too', async () => {
    const database = fakeDatabase()
    database.away = true
    const lineBytes = Buffer.byteLength(JSON.stringify(row(0))) + 1
    const path = join(await tempFolder(), 'waiting.jsonl')
    const spill = await openSpill({ path, maxBytes: 12 * lineBytes })
    const { writer, add, counts } = await start(database, { spill })
    add(rows(30))
    await waitFor('the rest is dropped', () => counts.dropped === 18)
    database.away = false
    await waitFor('the first are stored', () => counts.written === 12)
    expect(database.stored).toEqual(times(rows(12)))
    await writer.stop()
  })

  it.each([
    { what: 'a row that somebody has edited', text: '{"target":\n', reported: 1 },
    { what: 'a line that is not a row', text: 'null\n', reported: 1 },
    { what: 'a line that a crash has torn', text: '', reported: 0 },
  ])('keeps the file with $what, and stores what can be read of it', async ({ text, reported }) => {
    const path = join(await tempFolder(), 'waiting.jsonl')
    const written = `${text}${JSON.stringify(row(1))}\n{"target":"a`
    await writeFile(path, written)
    const kept: string[] = []
    const report = { ...unwatched, setAside: (to: string) => kept.push(to) }
    const spill = await openSpill({ path, report })
    expect([spill.length, kept.length]).toEqual([1, reported])
    const stored: HistoryRow[] = []
    await spill.replay((taken) => {
      stored.push(...taken)
      return Promise.resolve()
    })
    expect(stored).toEqual([row(1)])
    for (const to of kept) expect(await readFile(to, 'utf8')).toBe(written)
    await spill.close()
  })

  it('tries the database again although rows come faster than the disk takes them', async () => {
    const database = fakeDatabase()
    database.away = true
    const disk = await openSpill({ path: join(await tempFolder(), 'waiting.jsonl') })
    let appends = 0
    const { writer, add, counts } = await start(database, {
      spill: {
        ...disk,
        get length() {
          return disk.length
        },
        async append(batch) {
          appends++
          database.away = false
          const taken = await disk.append(batch)
          // As many again: the queue is never empty while this goes on.
          if (appends < 1000) add(rows(batch.length, 1000 + 10 * appends))
          return taken
        },
      },
    })
    add(rows(10))
    await waitFor('the first are stored', () => counts.written >= 10)
    expect(appends).toBeLessThan(1000)
    await writer.stop()
  })

  it('does not wait for the database to take a row', async () => {
    const { writer, add } = await start(fakeDatabase(), { insert: () => new Promise(() => undefined) })
    add(rows(1000))
    expect(writer.length).toBe(1000)
  })
})
