import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { proveAll } from '../support/proof.ts'
import { startCollector, type Collector } from './support/collector.ts'
import { installedClient, runNode, typecheck, type Ended } from './support/package.ts'
import { startVendor } from './support/vendor.ts'

let folder: string
let collector: Collector

beforeAll(async () => {
  folder = await installedClient()
})
beforeEach(async () => {
  collector = await startCollector()
})
afterEach(async () => {
  await collector.stop()
})

/** Runs a program that reports to the collector. */
async function program(
  name: string,
  source: string,
  { args = [], env = {} }: { args?: string[]; env?: Record<string, string> } = {},
): Promise<Ended> {
  await writeFile(join(folder, name), source)
  return runNode(folder, [...args, name], { PROBITY_CALLS_ADDRESS: collector.address, ...env })
}

const charge = { operation: 'charge', caller: 'shop', version: '1.2.3', error: '' }
const fine = { code: 0, stderr: '' }

/** No resolver asks another one for it: the first label is too long. */
const unknownName = `${'x'.repeat(64)}.invalid:1`

/** Beginnings of a program, by the extension of its file. */
const imports = {
  mjs: "import { monitor } from 'probity-client';",
  cjs: "const { monitor } = require('probity-client');",
}

describe.each(Object.entries(imports))('a program in .%s', (extension, start) => {
  const file = `app.${extension}`

  it('reports its calls and ends by itself', async () => {
    const source = `${start} const it = monitor(); it.instrument(); it.wrap('charge', async () => 1)().then(console.log)`
    expect(await program(file, source)).toMatchObject({ ...fine, stdout: '1\n' })
    expect(await collector.received(1)).toMatchObject([charge])
  })

  it('reports the calls before process.exit', async () => {
    const source = `${start} monitor().time('charge', () => 1); process.exit(3)`
    expect(await program(file, source)).toMatchObject({ code: 3, stderr: '' })
    expect(await collector.received(1)).toMatchObject([charge])
  })

  it('has the wire format', async () => {
    const wire = start.replace('monitor', 'encodeCall').replace('probity-client', 'probity-client/wire')
    const source = `${wire} process.stdout.write(encodeCall({ operation: 'charge', durationSeconds: 1 }))`
    expect(await program(file, source)).toMatchObject({
      ...fine,
      stdout: '2\t\t\t1000.000\t\tcharge\t\t\t\n',
    })
  })
})

describe('a program', () => {
  const start = imports.mjs

  it('reports the call that ended it', async () => {
    const source = `${start} monitor().time('charge', () => { throw new TypeError('the end') })`
    const ended = await program('app.mjs', source)
    expect(ended.code).toBe(1)
    expect(ended.stderr).toContain('the end')
    expect(await collector.received(1)).toMatchObject([{ ...charge, error: 'TypeError' }])
  })

  it('still ends with a rejection that nobody handles, and not with one that somebody does', async () => {
    const source = (handler: string): string =>
      `${start} monitor().wrap('charge', async () => { throw new TypeError('rejected') })()${handler}`
    const unhandled = await program('app.mjs', source(''))
    expect(unhandled.code).toBe(1)
    expect(unhandled.stderr).toContain('TypeError: rejected')
    expect(await program('app.mjs', source('.catch(() => undefined)'))).toMatchObject(fine)
    await collector.received(2)
  })

  it('runs as ever when nobody listens, or when the name of the collector is unknown', async () => {
    const source = `${start} const it = monitor(); for (let i = 0; i < 9999; i++) it.time('charge', () => i); console.log(it.dropped)`
    const closed = await startCollector()
    await closed.stop()
    for (const address of [closed.address, unknownName]) {
      const ended = await program('app.mjs', source, { env: { PROBITY_CALLS_ADDRESS: address } })
      expect(ended).toMatchObject(fine)
      expect(Number(ended.stdout)).toBeGreaterThan(1000)
    }
  })

  it('is notified when the address is not valid', async () => {
    const source = `${start} monitor().time('charge', () => 1)`
    const ended = await program('app.mjs', source, { env: { PROBITY_CALLS_ADDRESS: 'udp://collector' } })
    expect(ended.code).toBe(0)
    expect(ended.stderr).toContain(
      '[PROBITY_ADDRESS_INVALID] Warning: "udp://collector" is not a valid collector address',
    )
    expect(ended.stderr).toContain('Correct PROBITY_CALLS_ADDRESS')
  })

  it('is not held up by its clock being replaced', async () => {
    const source = `${start} globalThis.setTimeout = () => ({ unref() {} }); performance.now = () => NaN
      const it = monitor(); it.time('charge', () => 1); await it.close()`
    expect(await program('app.mjs', source)).toMatchObject(fine)
    expect((await collector.received(1))[0]!.durationSeconds).toBeLessThan(1)
  })
})

describe('probity-client/auto', () => {
  it.each([
    { how: '--import', args: ['--import', 'probity-client/auto'], file: 'app.mjs' },
    { how: '--require', args: ['--require', 'probity-client/auto'], file: 'app.cjs' },
  ])('reports the requests of a program that knows nothing of it, by $how', async ({ args, file }) => {
    const vendor = await startVendor()
    try {
      const source = `
        const url = '${vendor.url}/ok?key=secret'
        fetch(url).then((response) => response.text()).then(async () => {
          const { get } = await import('node:http')
          get(url, (response) => response.resume())
        })`
      const env = { PROBITY_CALLER: 'from-env' }
      expect(await program(file, source, { args, env })).toEqual({ ...fine, stdout: '' })
      const call = {
        method: 'GET',
        host: '127.0.0.1',
        path: '/ok',
        status: 200,
        caller: 'from-env',
        version: '1.2.3',
      }
      expect(await collector.received(2)).toMatchObject([call, call])
      expect(collector.datagrams.join('')).not.toContain('secret')
    } finally {
      await vendor.stop()
    }
  })
})

describe('the package', () => {
  it('has the types of what is wrapped, for both module systems', async () => {
    const good = `
      const it = monitor({ caller: 'shop' })
      const add: (a: number, b: number) => Promise<number> = it.wrap('add', async (a: number, b: number) => a + b)
      class Client { constructor(readonly key: string) {} }
      const client: Client = new (it.wrap('Client', Client))('key')
      const list: string[] = it.wrapAll('list', { all: () => ['a'] }).all()
      const three: number = it.time('three', () => 3)
      const call: Call | undefined = decodeDatagram(new Uint8Array()).calls[0]
      export { add, client, list, three, call }`
    const start =
      "import { monitor } from 'probity-client'\nimport { decodeDatagram, type Call } from 'probity-client/wire'"
    expect(await typecheck(folder, { 'good.mts': start + good, 'good.cts': start + good })).toBe('')
    const others = [
      { module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0' },
      { module: 'esnext', moduleResolution: 'bundler' },
    ]
    for (const options of proveAll ? others : []) {
      expect(await typecheck(folder, { 'good.ts': start + good }, options)).toBe('')
    }
    const bad = "import { monitor } from 'probity-client'\nmonitor().wrap('no', 5)"
    expect(await typecheck(folder, { 'bad.mts': bad })).toContain("'number' is not assignable")
  })

  it('has no dependencies', async () => {
    const manifest = JSON.parse(
      await readFile(join(folder, 'node_modules/probity-client/package.json'), 'utf8'),
    ) as object
    expect(Object.keys(manifest).filter((key) => /dependencies/i.test(key))).toEqual([])
  })
})
