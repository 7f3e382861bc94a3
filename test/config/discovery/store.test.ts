import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createConfigStore, type ConfigStore } from '../../../src/config/store.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { testTime } from '../../support/time/timers.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const running: { stop: () => Promise<void> }[] = []
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop()
})

/** An inventory that lists these addresses; nothing: it fails. */
async function startInventory(listed: readonly string[] | undefined) {
  const state = { listed, asked: 0 }
  const server = createServer((_, response) => {
    state.asked++
    if (state.listed) response.end(JSON.stringify([{ targets: state.listed }]))
    else response.writeHead(503).end()
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  running.push({
    stop: () => {
      server.closeAllConnections()
      return new Promise((resolve) =>
        server.close(() => {
          resolve()
        }),
      )
    },
  })
  return Object.assign(state, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` })
}

const configOf = (url: string, rest = ''): string => `
targets:
  - https://listed.example.com
targets_from:
  - http_sd: ${url}
    name: inventory
    poll: 30s
    ${rest}
    template: { name: '{__address__}', url: 'https://{__address__}/' }
`

async function start(text: string, folder?: string) {
  const own = folder ?? (await tempFolder())
  const file = join(own, 'targets.yml')
  await writeFile(file, text)
  const time = testTime('2026-11-20T12:00:00Z')
  const { clock, timers } = time
  const lines: string[] = []
  const log = createLogger({ level: 'info', destination: { write: (line) => lines.push(line) } })
  const store = createConfigStore({ file, env: {}, log, clock, timers, storagePath: join(own, 'state') })
  running.push(store)
  const changes: number[] = []
  store.onChange(({ targets }) => changes.push(targets.length))
  await store.start()
  return { store, file, lines, changes, folder: own, ...time }
}

const names = (store: ConfigStore): string[] => store.current.targets.map(({ name }) => name)
const listed = 'https://listed.example.com'
const health = (store: ConfigStore) => {
  const [{ problem, lastSuccess } = {}] = store.sources()
  return { ...(lastSuccess && { lastSuccess }), ...(problem !== undefined && { problem }) }
}

describe('a configuration whose targets are discovered', () => {
  it('has them from the start, and follows them', async () => {
    const inventory = await startInventory(['b', 'a'])
    const { store, changes, pass } = await start(configOf(inventory.url))
    expect(names(store)).toEqual([listed, 'a', 'b'])
    expect(inventory.asked).toBe(1)
    await pass(29.9)
    expect(inventory.asked).toBe(1)
    inventory.listed = ['a', 'c']
    await pass(0.1)
    await waitFor('c', () => names(store).includes('c'))
    expect(names(store)).toEqual([listed, 'a', 'c'])
    await pass(30)
    await waitFor('a third request', () => inventory.asked === 3)
    // Nobody is told of what is as it was.
    expect(changes).toEqual([3, 3])
  })

  it('keeps the last good answer while a source fails, and says so once', async () => {
    const inventory = await startInventory(['a'])
    const { store, lines, pass } = await start(configOf(inventory.url))
    inventory.listed = undefined
    for (const count of [2, 3]) {
      await pass(30)
      await waitFor('a request', () => inventory.asked === count)
    }
    await waitFor('a problem', () => health(store).problem)
    expect(names(store)).toEqual([listed, 'a'])
    expect(health(store)).toEqual({
      lastSuccess: new Date('2026-11-20T12:00:00Z'),
      problem: 'the server answered 503',
    })
    inventory.listed = []
    await pass(30)
    await waitFor('an empty answer', () => names(store).length === 1)
    expect(health(store)).toEqual({ lastSuccess: new Date('2026-11-20T12:01:30Z') })
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      'the source of targets cannot be used: the targets that it listed last stay',
      'the source of targets answers again',
    ])
  })

  it('has them after a restart at which the source fails', async () => {
    const inventory = await startInventory(['a'])
    const text = configOf(inventory.url)
    const first = await start(text)
    const kept = join(first.folder, 'state', 'discovered.json')
    await waitFor('the copy', async () => (await stat(kept)).mode & 0o777)
    expect((await stat(kept)).mode & 0o777).toBe(0o600)
    await first.store.stop()
    inventory.listed = undefined
    const second = await start(text, first.folder)
    expect(names(second.store)).toEqual([listed, 'a'])
    expect(health(second.store).problem).toBe('the server answered 503')
    // Another source has not listed them.
    const third = await start(configOf(`${inventory.url}other`), first.folder)
    expect(names(third.store)).toEqual([listed])
  })

  it('follows them also while the file is not valid', async () => {
    const inventory = await startInventory(['a'])
    const { store, file, pass } = await start(configOf(inventory.url))
    await writeFile(file, 'targets: [')
    await expect(store.reload()).rejects.toThrow()
    inventory.listed = ['b']
    await pass(30)
    await waitFor('b', () => names(store).includes('b'))
    expect(store.status.successful).toBe(false)
  })

  it('asks a source that is new in the file at once, and one that is gone never again', async () => {
    const [inventory, other] = [await startInventory(['a']), await startInventory(['b'])]
    const { store, file, pass } = await start(configOf(inventory.url))
    await writeFile(file, configOf(other.url))
    await store.reload()
    expect(names(store)).toEqual([listed, 'b'])
    await pass(120)
    expect(inventory.asked).toBe(1)
    await waitFor('polls', () => other.asked > 1)
  })
})
