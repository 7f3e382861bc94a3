import { afterEach, describe, expect, it } from 'vitest'
import { appendFile, mkdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError } from '../../src/settings/errors.ts'
import { createConfigStore, type ConfigStore, type ConfigStoreOptions } from '../../src/config/store.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { testClock } from '../support/time/clock.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'

const stores: ConfigStore[] = []

afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.stop()))
})

interface Watched {
  readonly store: ConfigStore
  readonly lines: string[]
  /** The names of the targets, each time they changed. */
  readonly changes: string[][]
  /** Waits until these are the targets. */
  readonly targets: (...names: string[]) => Promise<void>
}

const names = (store: ConfigStore): string[] => store.current.targets.map(({ name }) => name)

async function started(file: string, options: Partial<ConfigStoreOptions> = {}): Promise<Watched> {
  const lines: string[] = []
  const log = createLogger({ level: 'info', destination: { write: (line) => lines.push(line) } })
  const store = createConfigStore({ file, env: {}, log, pollMs: 50, settleMs: 10, ...options })
  stores.push(store)
  await store.start()
  const changes: string[][] = []
  store.onChange((config) => changes.push(config.targets.map(({ name }) => name)))
  const targets = async (...wanted: string[]): Promise<void> => {
    await waitFor(`targets ${wanted.join(', ')}`, () => names(store).join() === wanted.join())
  }
  return { store, lines, changes, targets }
}

const listing = (...urls: string[]): string => `targets: [${urls.join(', ')}]\n`
const a = 'https://a.example.com'
const b = 'https://b.example.com'

/** A folder with a targets.yml that lists one target. */
async function withFile(text = listing(a)): Promise<string> {
  const file = join(await tempFolder(), 'targets.yml')
  await writeFile(file, text)
  return file
}

const failed = (store: ConfigStore) => waitFor('a failed reload', () => !store.status.successful)

describe('the library of vendors', () => {
  it('is followed where a module is named: an edit of it, and one in the folder of the configuration that comes later', async () => {
    const file = await withFile('targets_from: [{ library: [shop, auth0] }]\n')
    const folder = join(file, '../library')
    await mkdir(folder)
    await writeFile(join(folder, 'shop.yml'), listing(a))
    const { store, targets } = await started(file, { env: { AUTH0_URL: 'https://tenant.example' } })
    await targets(a, 'auth0')
    await writeFile(join(folder, 'shop.yml'), listing(a, b))
    await targets(a, b, 'auth0')
    await writeFile(join(folder, 'auth0.yml'), listing('https://own.example'))
    await targets(a, b, 'https://own.example')
    await rm(join(folder, 'shop.yml'))
    await failed(store)
    await targets(a, b, 'https://own.example')
  })
})

describe('start', () => {
  it('throws what is wrong, and reads nothing before', async () => {
    const file = await withFile('targets: [shop]\n')
    const store = createConfigStore({ file, env: {}, log: createLogger({ level: 'error' }) })
    stores.push(store)
    expect(() => store.current).toThrow('the configuration store is not started')
    await expect(store.start()).rejects.toThrow(ConfigError)
    await expect(store.start()).rejects.toThrow(`${file}:1:11 targets[0]: "shop" is not a URL`)
  })

  it('can be made up for once the file is mended', async () => {
    const file = await withFile('targets: [shop]\n')
    const store = createConfigStore({ file, env: {}, log: createLogger({ level: 'error' }) })
    stores.push(store)
    await expect(store.start()).rejects.toThrow(ConfigError)
    await writeFile(file, listing(a))
    await store.start()
    expect(names(store)).toEqual([a])
  })
})

describe('a change on disk', () => {
  it('written in place', async () => {
    const file = await withFile()
    const { targets, changes } = await started(file)
    await writeFile(file, listing(a, b))
    await targets(a, b)
    expect(changes).toEqual([[a, b]])
  })

  it('by renaming another file over it', async () => {
    const file = await withFile()
    const { targets } = await started(file)
    await writeFile(`${file}.new`, listing(b))
    await rename(`${file}.new`, file)
    await targets(b)
  })

  it('by an event alone, long before the next look', async () => {
    const file = await withFile()
    const { targets } = await started(file, { pollMs: 3_600_000 })
    await writeFile(file, listing(b))
    await targets(b)
  })

  it('without any event, by polling alone, also of the same size and time', async () => {
    const folder = await tempFolder()
    await mkdir(join(folder, 'far'))
    const file = join(folder, 'targets.yml')
    // fs.watch sees the folder of the link, not the one where the change happens.
    await symlink(join(folder, 'far', 'real.yml'), file)
    await writeFile(join(folder, 'far', 'real.yml'), listing(a))
    await utimes(join(folder, 'far', 'real.yml'), 1, 1)
    const { targets } = await started(file)
    await writeFile(join(folder, 'far', 'real.yml'), listing(b))
    await utimes(join(folder, 'far', 'real.yml'), 1, 1)
    await targets(b)
  })

  it('by swapping a symlink, as Kubernetes does', async () => {
    const folder = await tempFolder()
    for (const [version, text] of Object.entries({ '..1': listing(a), '..2': listing(a, b) })) {
      await mkdir(join(folder, version))
      await writeFile(join(folder, version, 'targets.yml'), text)
    }
    await symlink('..1', join(folder, '..data'))
    await symlink(join('..data', 'targets.yml'), join(folder, 'targets.yml'))
    const file = await started(join(folder, 'targets.yml'))
    const directory = await started(folder)
    expect(names(directory.store)).toEqual([a])
    await symlink('..2', join(folder, '..data_tmp'))
    await rename(join(folder, '..data_tmp'), join(folder, '..data'))
    await file.targets(a, b)
    await directory.targets(a, b)
  })

  it('of a directory: a file more, a file less', async () => {
    const file = await withFile()
    const folder = join(file, '..')
    const { targets } = await started(folder)
    await writeFile(join(folder, 'more.yaml'), listing(b))
    await targets(b, a)
    await rm(file)
    await targets(b)
  })

  it('of a secret file that the configuration refers to', async () => {
    const folder = await tempFolder()
    const file = join(folder, 'targets.yml')
    await mkdir(join(folder, 'secrets'))
    await writeFile(join(folder, 'secrets', 'token'), 'one\n')
    await writeFile(file, `targets: [{ name: a, url: "${a}", auth: { bearer: "\${file:secrets/token}" } }]\n`)
    const { store } = await started(file)
    expect(store.current.files).toEqual([file, join(folder, 'secrets', 'token')])
    await writeFile(join(folder, 'secrets', 'token'), 'two\n')
    await waitFor('the new token', () => store.current.targets[0]?.secrets.includes('two'))
  })

  it('of a secret file that was missing', async () => {
    const file = await withFile()
    const { store } = await started(file)
    await writeFile(file, `targets: [{ name: a, url: "${a}", auth: { bearer: "\${file:token}" } }]\n`)
    await failed(store)
    await writeFile(join(file, '..', 'token'), 'sesame')
    await waitFor('the token', () => store.current.targets[0]?.secrets.includes('sesame'))
    expect(store.status.successful).toBe(true)
  })
})

describe('a bad edit', () => {
  it('changes nothing, says where, and is forgotten once mended', async () => {
    const file = await withFile()
    const clock = testClock()
    const { store, lines, changes } = await started(file, { clock })
    const before = store.current
    const at = new Date(clock.now())
    clock.advance(60)
    await writeFile(file, 'targets:\n  - name: b\n    tmieout: 3s\n')
    await failed(store)
    expect(store.current).toBe(before)
    expect(store.status).toEqual({ successful: false, lastSuccess: at, error: expect.any(ConfigError) })
    const line = await waitFor('a log line', () => lines.find((text) => text.includes('rejected')))
    expect(JSON.parse(line)).toMatchObject({
      level: 'error',
      code: 'CONFIG_INVALID',
      errors: [
        `${file}:2:5 targets[0]: has no check: expected a key that says what is checked, such as url:`,
        `${file}:3:5 targets[0].tmieout: unknown key (did you mean timeout?)`,
      ],
    })
    await writeFile(file, listing(a))
    await waitFor('the return', () => store.status.successful)
    expect(store.status).toEqual({ successful: true, lastSuccess: new Date(clock.now()) })
    expect(store.current).toBe(before)
    expect(changes).toEqual([])
    await waitFor('a log line', () => lines.some((text) => text.includes('configuration loaded')))
  })

  it('that deletes the file keeps the old configuration until it is back', async () => {
    const file = await withFile()
    const { store, targets } = await started(file)
    await rm(file)
    await failed(store)
    expect(names(store)).toEqual([a])
    expect(store.status.error).toHaveProperty(
      'message',
      `${file}: cannot be read: no such file: probity init writes a first one, and --config.file names another`,
    )
    await writeFile(file, listing(b))
    await targets(b)
    expect(store.status.successful).toBe(true)
  })

  it('that deletes the folder is survived too', async () => {
    const folder = join(await tempFolder(), 'config')
    await mkdir(folder)
    await writeFile(join(folder, 'targets.yml'), listing(a))
    const { store, targets } = await started(folder)
    await rm(folder, { recursive: true })
    await failed(store)
    await mkdir(folder)
    await writeFile(join(folder, 'targets.yml'), listing(b))
    await targets(b)
  })

  it('that is still being written is not taken for the whole', async () => {
    const file = await withFile('- targets: []\n')
    const { store, targets, changes } = await started(file, { settleMs: 400 })
    const written: string[] = []
    // Longer than it takes to settle, and without a pause that would look like the end.
    for (const end = performance.now() + 1200; performance.now() < end;) {
      const url = `https://a${written.length}.example.com`
      await appendFile(file, `- targets: [${url}]\n`)
      written.push(url)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await targets(...written)
    expect(changes).toEqual([written])
    expect(store.status.successful).toBe(true)
  })
})

describe('what is not a change', () => {
  it('is not announced', async () => {
    const file = await withFile()
    const { store, changes } = await started(file)
    const before = store.current
    const { status } = store
    await writeFile(file, await readFile(file))
    await store.reload()
    await utimes(file, 5, 5)
    await waitFor('a load', () => store.status !== status)
    expect(store.current).toBe(before)
    expect(changes).toEqual([])
  })
})

describe('reload', () => {
  it('loads at once, without waiting for the watcher', async () => {
    const file = await withFile()
    const { store } = await started(file, { pollMs: 3_600_000, settleMs: 3_600_000 })
    await writeFile(file, listing(b))
    await store.reload()
    expect(names(store)).toEqual([b])
  })

  it('throws what is wrong and keeps the old configuration', async () => {
    const file = await withFile()
    const { store } = await started(file, { pollMs: 3_600_000, settleMs: 3_600_000 })
    await writeFile(file, 'targets: [')
    await expect(store.reload()).rejects.toThrow(ConfigError)
    expect(names(store)).toEqual([a])
    expect(store.status.successful).toBe(false)
  })

  it('runs one load at a time, and the last one wins', async () => {
    const file = await withFile()
    const { store, changes } = await started(file, { pollMs: 3_600_000, settleMs: 3_600_000 })
    const reloads = [store.reload()]
    await writeFile(file, listing(b))
    reloads.push(store.reload(), store.reload())
    await Promise.all(reloads)
    expect(names(store)).toEqual([b])
    expect(changes).toEqual([[b]])
  })

  it('goes on after a listener that throws', async () => {
    const file = await withFile()
    const { store, lines, changes } = await started(file, { pollMs: 3_600_000, settleMs: 3_600_000 })
    const stopListening = store.onChange(() => {
      throw new Error('a bug')
    })
    await writeFile(file, listing(b))
    await store.reload()
    expect(store.status.successful).toBe(true)
    expect(lines.join('')).toContain('a listener of the configuration failed')
    stopListening()
    await writeFile(file, listing(a))
    await store.reload()
    expect(changes).toEqual([[b], [a]])
    expect(lines.join('').match(/a listener/g)).toHaveLength(1)
  })
})

describe('stop', () => {
  it('ends the watching, twice if need be', async () => {
    const file = await withFile()
    const { store } = await started(file)
    await store.stop()
    await store.stop()
    await writeFile(file, listing(b))
    const other = await started(file)
    await other.targets(b)
    expect(names(store)).toEqual([a])
  })
})
