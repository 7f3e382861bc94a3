import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../../../src/config/load/load.ts'
import { createConfigStore, type ConfigStore } from '../../../src/config/store.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { testTime } from '../../support/time/timers.ts'
import { waitFor } from '../../support/time/wait-for.ts'
import { startConfigServer, type ConfigServer } from './config-server.ts'

const running: { stop: () => Promise<void> }[] = []
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop()
})

/** A specification with one operation, which answers with this status. */
const specification = (status: number, more: object = {}): string =>
  JSON.stringify({
    openapi: '3.1.0',
    paths: { '/a': { get: { operationId: 'readA', responses: { [status]: more } } } },
  })

async function server(text = specification(200)): Promise<ConfigServer> {
  const made = await startConfigServer(text)
  running.push(made)
  return made
}

async function targetsFile(reference: string, folder?: string): Promise<string> {
  const file = join(folder ?? (await tempFolder()), 'targets.yml')
  await writeFile(
    file,
    `targets: [{ name: a, url: https://a.example/, expect: { openapi: "${reference}" } }]`,
  )
  return file
}

function storeOf(file: string, storagePath?: string) {
  const time = testTime('2026-11-20T12:00:00Z')
  const lines: string[] = []
  const log = createLogger({ level: 'info', destination: { write: (line) => lines.push(line) } })
  const { clock, timers } = time
  const store = createConfigStore({
    ...{ file, env: {}, log, clock, timers },
    ...(storagePath !== undefined && { storagePath }),
  })
  running.push(store)
  return { store, lines, ...time }
}

/** The statuses that the operation of the only target has. */
function statuses({ current }: Pick<ConfigStore, 'current'>): string | undefined {
  const check = current.targets[0]?.check
  const operation = check?.kind === 'http' ? check.expect.operation : undefined
  return operation?.responses.map(({ status }) => status).join()
}

describe('a specification from a URL', () => {
  it('is fetched when the configuration is loaded, and asked for again every minute', async () => {
    const spec = await server()
    const { store, pass, lines } = storeOf(await targetsFile(`${spec.url}#readA`))
    await store.start()
    expect(statuses(store)).toBe('200')
    expect(spec.statuses).toEqual([200])
    await pass(60)
    await waitFor('304', () => spec.statuses.length === 2)
    expect(spec.statuses).toEqual([200, 304])
    spec.serve(specification(404))
    await pass(60)
    await waitFor('the change', () => statuses(store) === '404')
    await store.reload()
    expect(spec.statuses).toEqual([200, 304, 200])
    expect(lines).toEqual([])
  })

  it('stays as it was while it cannot be fetched, or is no longer valid', async () => {
    const spec = await server()
    const { store, pass, lines } = storeOf(await targetsFile(`${spec.url}#readA`))
    await store.start()
    spec.answer = (_, response) => void response.writeHead(403).end()
    for (let times = 2; times < 5; times++) {
      await pass(60)
      await waitFor('a failure', () => spec.statuses.length === times)
    }
    await waitFor('a warning', () => lines.length > 0)
    expect(statuses(store)).toBe('200')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('the document cannot be fetched: what it said last stays in force')
    expect(lines[0]).toContain('no credentials are sent; put a copy into the folder of the configuration')
    spec.serve('{"openapi":"3.1.0"}')
    await pass(60)
    await waitFor('an error', () => lines.length > 2)
    expect(lines.join('')).toContain('configuration cannot be made again, the old one stays in force')
    expect(lines.join('')).toContain('has no operation readA')
    expect(statuses(store)).toBe('200')
    spec.serve(specification(201))
    await pass(60)
    await waitFor('the change', () => statuses(store) === '201')
  })

  it('is what it was last, at a start at which it cannot be fetched', async () => {
    const spec = await server()
    const folder = await tempFolder()
    const file = await targetsFile(`${spec.url}#readA`)
    const first = storeOf(file, folder)
    await first.store.start()
    await first.store.stop()
    const kept = await readFile(join(folder, 'specifications.json'), 'utf8')
    expect(kept).not.toContain('targets.yml')
    spec.answer = (_, response) => void response.writeHead(500).end()
    const second = storeOf(file, folder)
    await second.store.start()
    expect(statuses(second.store)).toBe('200')
    expect(second.lines.join('')).toContain('the server answered 500')
    const third = storeOf(file, await tempFolder())
    await expect(third.store.start()).rejects.toThrow(
      `targets[0].expect.openapi: ${spec.url} cannot be fetched: the server answered 500`,
    )
  })

  it('is asked for by commands, once', async () => {
    const spec = await server()
    const current = await loadConfig(await targetsFile(`${spec.url}?key=s3cret#readA`), { env: {} })
    expect(statuses({ current })).toBe('200')
    expect(spec.requests).toHaveLength(1)
    expect(JSON.stringify(current.targets[0]?.check)).not.toContain('s3cret')
  })

  it.each<[string, string, string]>([
    ['nothing that it has', specification(200), '#write'],
    ['no specification', '[]', '#readA'],
    ['no YAML', 'a: [', '#readA'],
  ])('is refused with %s, and the message has no query', async (_what, text, operation) => {
    const spec = await server(text)
    const loading = loadConfig(await targetsFile(`${spec.url}?key=s3cret${operation}`), { env: {} })
    await expect(loading).rejects.toThrow(`${spec.url}?...`)
    await expect(loading).rejects.not.toThrow('s3cret')
  })

  it.each(['https://example.com/b.json', 'b.json', './b.json#/a', '//example.com/b'])(
    'is refused if it refers to %s',
    async (reference) => {
      const schema = { content: { 'application/json': { schema: { $ref: reference } } } }
      const spec = await server(specification(200, schema))
      await expect(loadConfig(await targetsFile(`${spec.url}#readA`), { env: {} })).rejects.toThrow(
        `targets[0].expect.openapi: refers to ${reference}: a specification from a URL must be one file`,
      )
      expect(spec.requests).toHaveLength(1)
    },
  )

  it.each([
    ['http://specs.example.com/a.json#readA', 'http://specs.example.com/a.json is not private'],
    [
      'https://ada:s3cret@specs.example.com/a.json#readA',
      'https://specs.example.com/a.json contains credentials',
    ],
    ['ftp://specs.example.com/a.json#readA', 'ftp://specs.example.com/a.json is not private'],
    [
      'https://[/a.json#readA',
      'is not a valid URL: expected one such as https://example.com/openapi.yaml#listPets',
    ],
  ])('is not asked for at %s', async (reference, message) => {
    await expect(loadConfig(await targetsFile(reference), { env: {} })).rejects.toThrow(
      `targets[0].expect.openapi: ${message}`,
    )
  })

  it('is not asked for by a configuration that comes from a URL itself', async () => {
    const spec = await server()
    const config = await server(
      `targets: [{ name: a, url: https://a.example/, expect: { openapi: "${spec.url}#readA" } }]`,
    )
    await expect(loadConfig(config.url, { env: {} })).rejects.toThrow(
      'expect.openapi: is refused in a configuration from a URL',
    )
    expect(spec.requests).toHaveLength(0)
  })
})
