import { afterEach, describe, expect, it } from 'vitest'
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createConfigStore, type ConfigStore, type ConfigStoreOptions } from '../../../src/config/store.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { testTime } from '../../support/time/timers.ts'
import { waitFor } from '../../support/time/wait-for.ts'
import { startConfigServer, type ConfigServer } from './config-server.ts'

const running: { stop: () => Promise<void> }[] = []
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop()
})

const a = 'https://a.example.com'
const b = 'https://b.example.com'
const listing = (...urls: string[]): string => `targets: [${urls.join(', ')}]\n`

async function server(text = listing(a), port?: number): Promise<ConfigServer> {
  const made = await startConfigServer(text, port)
  running.push(made)
  return made
}

function storeOf(file: string, options: Partial<ConfigStoreOptions> = {}) {
  const time = testTime('2026-11-20T12:00:00Z')
  const lines: string[] = []
  const log = createLogger({ level: 'info', destination: { write: (line) => lines.push(line) } })
  const { clock, timers } = time
  const store = createConfigStore({ file, env: {}, log, clock, timers, ...options })
  running.push(store)
  return { store, lines, ...time }
}

const names = (store: ConfigStore): string[] => store.current.targets.map(({ name }) => name)
const message = (store: ConfigStore): string => String(store.status.error)

describe('a configuration from a URL', () => {
  it('is in force after the start, and asks again every 10 s whether it has changed', async () => {
    const { url, requests, statuses, serve } = await server()
    const { store, pass } = storeOf(url)
    await store.start()
    expect(names(store)).toEqual([a])
    await pass(9.9)
    expect(requests).toHaveLength(1)
    await pass(0.1)
    await waitFor('304', () => statuses.length === 2)
    expect(statuses).toEqual([200, 304])
    serve(listing(a, b))
    await pass(10)
    await waitFor('b', () => names(store).join() === [a, b].join())
    expect(statuses).toEqual([200, 304, 200])
  })

  it('tells listeners of what has changed, and of nothing else', async () => {
    const { url, statuses, serve } = await server()
    const { store, pass } = storeOf(url)
    await store.start()
    const changes: string[][] = []
    store.onChange(({ targets }) => changes.push(targets.map(({ name }) => name)))
    await pass(10)
    await waitFor('304', () => statuses.includes(304))
    serve(listing(b))
    await pass(10)
    await waitFor('a change', () => changes.length > 0)
    expect(changes).toEqual([[b]])
  })

  it('without an ETag is compared as a text', async () => {
    const made = await server()
    made.answer = (_, response) => void response.end(listing(a))
    const { store, pass, lines } = storeOf(made.url)
    await store.start()
    await pass(10)
    await waitFor('a second request', () => made.requests.length === 2)
    await pass(10)
    await waitFor('a third request', () => made.requests.length === 3)
    expect(lines).toEqual([])
  })

  it('is loaded at once when that is asked for', async () => {
    const { url, serve } = await server()
    const { store, pass } = storeOf(url)
    await store.start()
    serve(listing(b))
    await store.reload()
    expect(names(store)).toEqual([b])
    // Also when it was asked for in the meantime.
    serve(listing(a, b))
    await pass(10)
    await waitFor('a and b', () => names(store).length === 2)
    serve(listing(a))
    await store.reload()
    expect(names(store)).toEqual([a])
  })

  it('is asked for with the token of that moment, which is in no message', async () => {
    const made = await server()
    const tokens = ['first-token', 'second-token']
    const { store, pass, lines } = storeOf(made.url, {
      remote: { token: () => Promise.resolve(tokens.shift()) },
    })
    await store.start()
    made.answer = (_, response) => void response.writeHead(401).end('wrong')
    await pass(10)
    await waitFor('a failure', () => !store.status.successful)
    expect(made.requests.map(({ authorization }) => authorization)).toEqual([
      'Bearer first-token',
      'Bearer second-token',
    ])
    expect(message(store)).toContain(
      `${made.url}: cannot be fetched: the server answered 401: check the token of PROBITY_CONFIG_TOKEN or --config.token-file`,
    )
    expect(lines.join() + message(store)).not.toContain('-token"')
  })
})

describe('an outage of its server', () => {
  const outages: Record<string, (made: ConfigServer) => void> = {
    'the server answered 500': (made) => (made.answer = (_, response) => void response.writeHead(500).end()),
    'the server answered 404': (made) => (made.answer = (_, response) => void response.writeHead(404).end()),
    'no answer within 0.2s': (made) => (made.answer = () => undefined),
    'other side closed': (made) => (made.answer = (request) => request.socket.destroy()),
    'it is larger than 10 MiB': (made) => {
      made.answer = (_, response) => void response.end(Buffer.alloc(10 * 1024 * 1024 + 1, '#'))
    },
    'it is not UTF-8 text': (made) => (made.answer = (_, response) => void response.end(Buffer.from([0xff]))),
    'the answer is compressed': (made) => {
      made.answer = (_, response) => void response.setHeader('content-encoding', 'gzip').end('x')
    },
    'more than 5 redirects': (made) => {
      made.answer = (_, response) => void response.writeHead(302, { location: made.url }).end()
    },
    'which is not private': (made) => {
      made.answer = (_, response) => void response.writeHead(302, { location: 'http://example.com/' }).end()
    },
  }

  it.each(Object.keys(outages))('leaves the last good one in force: %s', async (what) => {
    const made = await server()
    const timeoutMs = what.includes('0.2s') ? 200 : 5000
    const { store, pass, lines } = storeOf(made.url, { remote: { timeoutMs } })
    await store.start()
    outages[what]!(made)
    await pass(10)
    await waitFor('a failure', () => !store.status.successful)
    expect(names(store)).toEqual([a])
    expect(message(store)).toContain(what)
    expect(lines).toHaveLength(1)
    const asked = made.requests.length
    await pass(10)
    await waitFor('the next request', () => made.requests.length > asked)
    made.serve(listing(a))
    // The request before may still be under way.
    await waitFor('an end of it', async () => {
      await pass(10)
      return store.status.successful
    })
    expect(names(store)).toEqual([a])
    // An outage is reported when it begins and when it ends.
    expect(lines).toHaveLength(2)
  })

  it('that is slow byte by byte ends with the time of the request', async () => {
    const made = await server()
    const { store, pass } = storeOf(made.url, { remote: { timeoutMs: 300 } })
    await store.start()
    made.answer = (_, response) => {
      const timer = setInterval(() => response.write('#'), 20)
      response.on('close', () => {
        clearInterval(timer)
      })
    }
    await pass(10)
    await waitFor('a failure', () => !store.status.successful)
    expect(message(store)).toContain('no answer within 0.3s')
  })
})

describe('what is wrong in it', () => {
  it('is reported with its place, once, and leaves the last good one in force', async () => {
    const { url, serve, requests } = await server()
    const { store, pass, lines } = storeOf(url)
    await store.start()
    serve('targets:\n  - https://a.example.com\n  - shop\n')
    await pass(10)
    await waitFor('a failure', () => !store.status.successful)
    expect(message(store)).toContain(`${url}:3:5 targets[1]: "shop" is not a URL`)
    await pass(10)
    await waitFor('the next request', () => requests.length === 3)
    expect(names(store)).toEqual([a])
    expect(lines).toHaveLength(1)
    expect(store.status.successful).toBe(false)
    serve(listing(b))
    await pass(10)
    await waitFor('b', () => names(store).join() === b)
    expect(store.status.successful).toBe(true)
  })

  it('also where it is not YAML at all', async () => {
    const { url } = await server('<html><body>Please: log in: {')
    await expect(storeOf(url).store.start()).rejects.toThrow(`${url}:1:`)
  })
})

describe('at the start', () => {
  async function deadUrl(): Promise<string> {
    const made = await startConfigServer()
    await made.stop()
    return made.url
  }

  it('a server that is away is an error where nothing was kept', async () => {
    const url = await deadUrl()
    const storagePath = await tempFolder()
    await expect(storeOf(url).store.start()).rejects.toThrow(
      /targets\.yml: cannot be fetched: .*connect ECONNREFUSED/,
    )
    await expect(storeOf(url, { storagePath }).store.start()).rejects.toThrow('cannot be fetched')
  })

  async function kept(text = listing(a)): Promise<{ url: string; port: number; storagePath: string }> {
    const made = await startConfigServer(text)
    const storagePath = await tempFolder()
    const { store } = storeOf(made.url, { storagePath })
    await store.start()
    await waitFor('a copy', async () => (await readdir(storagePath)).includes('remote-config.json'))
    await store.stop()
    await made.stop()
    return { url: made.url, port: Number(new URL(made.url).port), storagePath }
  }

  it('a server that is away leaves what was good before the restart', async () => {
    const { url, port, storagePath } = await kept()
    const { store, pass, lines } = storeOf(url, { storagePath })
    await store.start()
    expect(names(store)).toEqual([a])
    expect(store.status).toMatchObject({ successful: false, lastSuccess: new Date('2026-11-20T12:00:00Z') })
    expect(lines.join()).toContain('the last good one is in force')
    await server(listing(a), port)
    await pass(10)
    await waitFor('success', () => store.status.successful)
    expect(names(store)).toEqual([a])
  })

  it('also where the server has garbage', async () => {
    const { url, port, storagePath } = await kept()
    await server('targets: [shop]', port)
    const { store } = storeOf(url, { storagePath })
    await store.start()
    expect(names(store)).toEqual([a])
    expect(message(store)).toContain('"shop" is not a URL')
  })

  it('what was kept of another URL is not used', async () => {
    const { url, storagePath } = await kept()
    await expect(storeOf(`${url}?team=b`, { storagePath }).store.start()).rejects.toThrow('cannot be fetched')
  })

  it('what was kept is not used where it is no longer valid, or damaged', async () => {
    const { url, storagePath } = await kept()
    const file = join(storagePath, 'remote-config.json')
    const state = JSON.parse(await readFile(file, 'utf8')) as object
    for (const text of [JSON.stringify({ ...state, text: 'targets: [shop]' }), '{"url":', '[]', '']) {
      await writeFile(file, text)
      await expect(storeOf(url, { storagePath }).store.start()).rejects.toThrow('cannot be fetched')
    }
  })

  it('what is kept can be read by its owner only', async () => {
    const { storagePath } = await kept()
    expect((await stat(join(storagePath, 'remote-config.json'))).mode & 0o777).toBe(0o600)
  })

  it('a folder that cannot be written to is not a reason not to start', async () => {
    const { url } = await server()
    const folder = await tempFolder()
    await writeFile(join(folder, 'file'), '')
    await chmod(folder, 0o500)
    const { store, lines } = storeOf(url, { storagePath: join(folder, 'file', 'data') })
    await store.start()
    await waitFor('a warning', () => lines.join().includes('cannot be kept for a restart'))
    expect(store.status.successful).toBe(true)
    await chmod(folder, 0o700)
  })
})

describe('a redirect', () => {
  it('to another host does not take the token there', async () => {
    const elsewhere = await server(listing(b))
    const made = await server()
    made.answer = (_, response) => void response.writeHead(307, { location: elsewhere.url }).end()
    const { store } = storeOf(made.url, { remote: { token: () => Promise.resolve('a-token') } })
    await store.start()
    expect(names(store)).toEqual([b])
    expect(made.requests[0]?.authorization).toBe('Bearer a-token')
    expect(elsewhere.requests[0]?.authorization).toBeUndefined()
  })

  it('within the host takes it along', async () => {
    const made = await server()
    made.answer = (request, response) => {
      if (request.url === '/targets.yml') response.writeHead(302, { location: '/v2/targets.yml' }).end()
      else response.end(listing(a))
    }
    const { store } = storeOf(made.url, { remote: { token: () => Promise.resolve('a-token') } })
    await store.start()
    expect(made.requests.map(({ authorization }) => authorization)).toEqual([
      'Bearer a-token',
      'Bearer a-token',
    ])
  })
})

describe('a URL', () => {
  it.each([
    ['http://config.example.com/t.yml', 'http://config.example.com/t.yml is not private: expected https://'],
    ['http://127.0.0.1.example.com/t.yml', 'is not private'],
    ['ftp://config.example.com/t.yml', 'is not private'],
    ['https://me:pw-of-mine@config.example.com/', 'https://config.example.com/ contains credentials'],
    ['https://', 'cannot be read'],
  ])('%s is refused', (url, words) => {
    expect(() => storeOf(url)).toThrow(words)
  })

  it('is shown without its query', async () => {
    const made = await startConfigServer()
    await made.stop()
    const starting = storeOf(`${made.url}?signature=abcdef`).store.start()
    await expect(starting).rejects.toThrow(`${made.url}?...: cannot be fetched`)
  })
})
