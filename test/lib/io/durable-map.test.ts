import { appendFile, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { openDurableMap as open, type DurableMap } from '../../../src/lib/io/durable-map.ts'
import { unwatched } from '../../../src/lib/io/keeping.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { breakable } from '../../support/broken-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'

let path: string
const opened: DurableMap[] = []

async function openDurableMap(options: Parameters<typeof open>[0]): Promise<DurableMap> {
  const map = await open(options)
  opened.push(map)
  return map
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((map) => map.close()))
})

beforeEach(async () => {
  path = join(await tempFolder(), 'state', 'map.jsonl')
})

async function reopened(map: DurableMap): Promise<DurableMap> {
  await map.close()
  return openDurableMap({ path })
}

describe('a durable map', () => {
  it('has what was put, also after it was opened again', async () => {
    let map = await openDurableMap({ path })
    await map.put([
      ['a/1', { n: 1 }],
      ['a/2', [2]],
      ['b/1', null],
    ])
    await map.put([['a/1'], ['a/2', 'two']])
    const check = (): void => {
      expect([map.get('a/1'), map.get('a/2'), map.get('b/1')]).toEqual([undefined, 'two', null])
      expect(map.entries('a/')).toEqual([['a/2', 'two']])
    }
    check()
    map = await reopened(map)
    check()
    await map.close()
  })

  it('is there without having been closed, and survives a torn line', async () => {
    const killed = await openDurableMap({ path })
    await killed.put([['a', 1]])
    await appendFile(path, '[["a",2],["b"')
    const map = await openDurableMap({ path })
    expect(map.get('a')).toBe(1)
    await map.put([['b', 2]])
    expect((await reopened(map)).entries('')).toEqual([
      ['a', 1],
      ['b', 2],
    ])
  })

  const whole = '{"probity":1,"lines":2}\n[["a",1]]\n[["b",2]]\n'
  it.each([
    ['is empty', '', 'is empty', []],
    ['was cut between two lines', '{"probity":1,"lines":2}\n[["a",1]]\n', 'was cut', ['a']],
    ['was cut in its first line', '{"prob', 'is damaged', []],
    ['is bytes of chance', '\u0000\ufffd{\n\u0007', 'is damaged (1 of its 1 lines cannot be read)', []],
    [
      'has a line of another program',
      `${whole}null\n`,
      'is damaged (1 of its 3 lines cannot be read)',
      ['a', 'b'],
    ],
    ['is of a newer version', whole.replace('1', '2'), 'was written by a newer version', []],
  ])('keeps a file aside that %s, and what can be read of it counts', async (_what, text, reason, keys) => {
    await mkdir(dirname(path))
    await writeFile(path, text)
    const said: string[] = []
    const report = { ...unwatched, setAside: (kept: string, why: string) => said.push(kept, why) }
    const map = await openDurableMap({ path, report, now: () => 0 })
    const kept = `${path}.damaged-1970-01-01T00-00-00.000Z`
    expect(said).toEqual([kept, reason])
    expect(map.entries('').map(([key]) => key)).toEqual(keys)
    await map.put([['c', 3]])
    await map.close()
    expect(await readFile(kept, 'utf8')).toBe(text)
    expect((await openDurableMap({ path, report })).entries('').map(([key]) => key)).toEqual([...keys, 'c'])
    expect(said).toHaveLength(2)
  })

  it('is not damaged by a crash, nor by being of a version before the first line', async () => {
    await mkdir(dirname(path))
    const said: string[] = []
    const report = { ...unwatched, setAside: (kept: string) => said.push(kept) }
    for (const text of [`${whole}[["c"`, '[["a",1]]\n[["b",2]]\n', whole.trimEnd()]) {
      await writeFile(path, text)
      const map = await openDurableMap({ path, report })
      expect(map.entries('').map(([key]) => key)).toEqual(['a', 'b'])
      await map.close()
    }
    expect(said).toEqual([])
  })

  it('does not grow with its past, and loses nothing while it shrinks', async () => {
    const map = await openDurableMap({ path, slack: 20 })
    const puts = Array.from({ length: 500 }, (_, index) => map.put([[`k${index % 5}`, index]]))
    await Promise.all(puts)
    await map.put([['last', 1]])
    const lines = (await readFile(path, 'utf8')).split('\n').length
    expect(lines).toBeLessThan(600)
    for (let round = 0; round < 100; round++) await map.put([['k0', round]])
    expect((await readFile(path, 'utf8')).split('\n').length).toBeLessThan(50)
    expect((await reopened(map)).entries('')).toEqual([
      ['k0', 99],
      ['k1', 496],
      ['k2', 497],
      ['k3', 498],
      ['k4', 499],
      ['last', 1],
    ])
  })

  it('has what its disk did not take, and writes all of it by itself once the disk is back', async () => {
    const reports: string[] = []
    const report = {
      kept: () => reports.push('kept'),
      failed: () => reports.push('failed'),
      setAside: () => undefined,
    }
    const map = await openDurableMap({ path, report, retryMs: 20 })
    await map.put([
      ['a', 1],
      ['b', 1],
    ])
    const folder = breakable(dirname(path))
    await folder.lose()
    await expect(map.put([['a', 2]])).rejects.toMatchObject({ code: 'STATE_UNWRITABLE' })
    await expect(map.put([['b'], ['c', 3]])).rejects.toMatchObject({ code: 'STATE_UNWRITABLE' })
    expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([2, undefined, 3])
    await folder.bringBack()
    await waitFor('the file is written', () => reports.at(-1) === 'kept')
    // As a killed process leaves it.
    expect((await openDurableMap({ path })).entries('')).toEqual([
      ['a', 2],
      ['c', 3],
    ])
    await map.put([['d', 4]])
    expect((await reopened(map)).get('d')).toBe(4)
  })

  it('is whole again at once where its file is taken away, and never a part of what it was', async () => {
    const map = await openDurableMap({ path })
    await map.put([['a', 1]])
    await rename(dirname(path), `${dirname(path)}.old`)
    await map.put([['b', 2]])
    expect((await reopened(map)).entries('')).toEqual([
      ['a', 1],
      ['b', 2],
    ])
  })

  it('saves at its end what its disk did not take before', async () => {
    const map = await openDurableMap({ path, retryMs: 2 ** 30 })
    const folder = breakable(dirname(path))
    await folder.lose()
    await expect(map.put([['a', 1]])).rejects.toMatchObject({ code: 'STATE_UNWRITABLE' })
    await folder.bringBack()
    expect((await reopened(map)).get('a')).toBe(1)
  })

  it('closes without an error while the disk is away', async () => {
    const map = await openDurableMap({ path })
    await breakable(dirname(path)).lose()
    await expect(map.put([['a', 1]])).rejects.toMatchObject({ code: 'STATE_UNWRITABLE' })
    await expect(map.close()).resolves.toBeUndefined()
    await expect(map.put([['a', 1]])).rejects.toMatchObject({ code: 'STATE_CLOSED' })
  })

  it('is readable by its owner only', async () => {
    await openDurableMap({ path })
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it('says where it cannot be', async () => {
    const folder = await tempFolder()
    await writeFile(join(folder, 'file'), '')
    await expect(openDurableMap({ path: join(folder, 'file', 'map') })).rejects.toMatchObject({
      code: 'STATE_UNREADABLE',
    })
    await expect(openDurableMap({ path: folder })).rejects.toMatchObject({ code: 'STATE_UNREADABLE' })
  })

  it('is, opened again, what a map in memory would be', async () => {
    const changes = fc.array(
      fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.option(fc.json(), { nil: undefined })), {
        minLength: 1,
        maxLength: 3,
      }),
      { maxLength: 10 },
    )
    await fc.assert(
      fc.asyncProperty(changes, async (puts) => {
        path = join(await tempFolder(), 'map')
        const model = new Map<string, unknown>()
        const map = await openDurableMap({ path, slack: 2 })
        for (const put of puts) {
          await map.put(put)
          for (const [key, value] of put) {
            if (value === undefined) model.delete(key)
            else model.set(key, value)
          }
        }
        const again = await reopened(map)
        expect(new Map(again.entries(''))).toEqual(model)
        await again.close()
      }),
      { numRuns: 30 },
    )
  })
})
