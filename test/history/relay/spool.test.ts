import { appendFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openSpool, type Spool, type SpoolOptions } from '../../../src/history/relay/spool.ts'
import type { ReportedCheck } from '../../../src/history/relay/wire.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { testClock, type TestClock } from '../../support/time/clock.ts'

const start = '2026-11-20T12:00:00Z'

function check(n: number, seconds = 0, message?: string): ReportedCheck {
  return {
    target: `t${n}`,
    labels: {},
    at: new Date(Date.parse(start) + seconds * 1000).toISOString(),
    durationSeconds: 0.1,
    intervalSeconds: 30,
    success: message === undefined,
    ...(message !== undefined && { reason: 'status', message }),
  }
}

interface Opened {
  readonly spool: Spool
  readonly clock: TestClock
  readonly lost: [number, string][]
  readonly kept: string[]
}

async function open(folder: string, options: Partial<SpoolOptions> = {}): Promise<Opened> {
  const clock = testClock(start)
  const lost: [number, string][] = []
  const kept: string[] = []
  const report = {
    kept: () => void kept.push('kept'),
    failed: () => void kept.push('failed'),
    setAside: () => undefined,
  }
  const dropped = (count: number, why: string): void => void lost.push([count, why])
  return { spool: await openSpool({ folder, clock, dropped, report, ...options }), clock, lost, kept }
}

async function names(spool: Spool): Promise<string[] | undefined> {
  return (await spool.oldest())?.checks.map(({ target }) => target)
}

async function takeAll(spool: Spool): Promise<string[]> {
  const taken: string[] = []
  for (let batch = await spool.oldest(); batch; batch = await spool.oldest()) {
    taken.push(...batch.checks.map(({ target }) => target))
    await batch.taken()
  }
  return taken
}

it('gives the oldest first, in batches, again until they are taken', async () => {
  const { spool } = await open(await tempFolder(), { batch: 2 })
  expect(await spool.oldest()).toBeUndefined()
  for (let n = 0; n < 5; n++) spool.add(check(n))
  expect(await names(spool)).toEqual(['t0', 't1'])
  expect(spool.length()).toBe(5)
  spool.add(check(5))
  expect(await names(spool)).toEqual(['t0', 't1'])
  expect(await takeAll(spool)).toEqual(['t0', 't1', 't2', 't3', 't4', 't5'])
  expect(spool.length()).toBe(0)
  await spool.close()
})

it('outlives its process, also one that is killed within a line', async () => {
  const folder = await tempFolder()
  const killed = await open(folder)
  killed.spool.add(check(1))
  killed.spool.add(check(2))
  expect(await names(killed.spool)).toEqual(['t1', 't2'])
  // What a kill leaves: the lock of nobody, and half of a line.
  const [name = ''] = (await readdir(folder)).filter((file) => file.endsWith('.jsonl'))
  await killed.spool.close()
  await appendFile(join(folder, name), '{"target":"t3","la')
  const { spool, lost } = await open(folder)
  expect(spool.length()).toBe(3)
  spool.add(check(4))
  expect(await takeAll(spool)).toEqual(['t1', 't2', 't4'])
  expect(lost).toEqual([[1, 'they cannot be read from the disk']])
  await spool.close()
})

it('drops the oldest where too many wait, and says how many', async () => {
  const { spool, lost } = await open(await tempFolder(), { batch: 10, mostBytes: 3_000 })
  for (let n = 0; n < 40; n++) {
    spool.add(check(n))
    // One write each.
    await names(spool)
  }
  const taken = await takeAll(spool)
  expect(taken.at(-1)).toBe('t39')
  const dropped = lost.reduce((sum, [count]) => sum + count, 0)
  expect(dropped).toBeGreaterThan(0)
  expect(taken).toHaveLength(40 - dropped)
  expect(taken[0]).toBe(`t${dropped}`)
  expect(new Set(lost.map(([, why]) => why))).toEqual(new Set(['too many wait on the disk']))
  await spool.close()
})

it('drops what is too old to be of use', async () => {
  const { spool, clock, lost } = await open(await tempFolder(), { mostMs: 3 * 86_400_000 })
  spool.add(check(1))
  clock.advance(2 * 86_400)
  spool.add(check(2, 2 * 86_400))
  clock.advance(86_401)
  expect(await names(spool)).toEqual(['t2'])
  expect(lost).toEqual([[1, 'older than 3 days']])
  await spool.close()
})

it('makes requests that pass a limit of 1 MB', async () => {
  const { spool } = await open(await tempFolder())
  for (let n = 0; n < 900; n++) spool.add(check(n, 0, 'ü'.repeat(1000)))
  const sizes: number[] = []
  for (let batch = await spool.oldest(); batch; batch = await spool.oldest()) {
    sizes.push(Buffer.byteLength(JSON.stringify(batch.checks)))
    await batch.taken()
  }
  expect(sizes.length).toBeGreaterThan(1)
  expect(Math.max(...sizes)).toBeLessThan(1_000_000)
  await spool.close()
})

it('gives what is in memory while the disk takes none, and writes again later', async () => {
  const folder = await tempFolder()
  const { spool, clock, lost, kept } = await open(folder, { mostInMemory: 3 })
  await rm(folder, { recursive: true })
  await writeFile(folder, 'not a folder')
  for (let n = 0; n < 5; n++) {
    spool.add(check(n))
    await spool.oldest()
  }
  expect(kept.at(-1)).toBe('failed')
  expect(lost).toEqual([
    [1, 'the disk takes none, and too many wait in memory'],
    [1, 'the disk takes none, and too many wait in memory'],
  ])
  expect(spool.length()).toBe(3)
  expect(await takeAll(spool)).toEqual(['t2', 't3', 't4'])
  await rm(folder)
  const { mkdir } = await import('node:fs/promises')
  await mkdir(folder)
  clock.advance(5)
  spool.add(check(6))
  expect(await takeAll(spool)).toEqual(['t6'])
  expect(kept.at(-1)).toBe('kept')
})

it('belongs to one process', async () => {
  const folder = await tempFolder()
  const { spool } = await open(folder)
  await expect(open(folder)).rejects.toMatchObject({ code: 'FOLDER_LOCKED' })
  await spool.close()
})
