import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Config } from '../../../src/config/config.ts'
import { loadConfig, parseRemoteConfig } from '../../../src/config/load/load.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const shop = `vendors:
  shop: { url: https://status.shop.example, sla: 99.9% }
targets:
  - name: shop
    url: \${SHOP_URL:-https://api.shop.example}/v1/me
    headers: { X-Api-Key: "\${SHOP_KEY}", Accept: application/json }
    labels: { vendor: shop }
    interval: 5m
    expect: { status: 200, max_latency: 2s, json: { $.active: true } }
`

const desk = `vendors:
  desk: { url: https://status.desk.example }
targets:
  - { name: desk tickets, url: https://desk.example/tickets, labels: { vendor: desk } }
  - https://desk.example/
`

interface Files {
  readonly [name: string]: string
}

const modules: Files = { shop, desk }

async function load(text: string, env: Record<string, string> = { SHOP_KEY: 's3cret-key' }, files = modules) {
  const folder = await tempFolder()
  await mkdir(join(folder, 'library'))
  for (const [name, content] of Object.entries(files))
    await writeFile(join(folder, 'library', `${name}.yml`), content)
  await writeFile(join(folder, 'targets.yml'), text)
  return loadConfig(join(folder, 'targets.yml'), { env, origins: true })
}

const entry = (keys: string): string => `targets_from:\n  - ${keys}\n`

const namesOf = ({ targets }: Config): string[] => targets.map(({ name }) => name)

describe('modules of the library', () => {
  it('become targets, with their vendors', async () => {
    const config = await load(entry('library: [shop, desk]'))
    expect(namesOf(config)).toEqual(['shop', 'desk tickets', 'https://desk.example/'])
    expect(config.target('shop')).toMatchObject({
      interval: 300,
      labels: { vendor: 'shop' },
      instance: 'https://api.shop.example/v1/me',
      expect: { maxLatency: 2 },
    })
    expect([...config.vendors.values()]).toEqual([
      { name: 'shop', url: 'https://status.shop.example', sla: 0.999 },
      { name: 'desk', url: 'https://status.desk.example' },
    ])
    expect(
      config.files.filter((file) => file.includes('library')).map((file) => file.split('/').at(-1)),
    ).toEqual(['shop.yml', 'desk.yml'])
    expect(config.texts).toContain(desk.trimEnd())
  })

  it('are not loaded unless they are named', async () => {
    const config = await load('targets: [https://a.example]\n', {})
    expect(namesOf(config)).toEqual(['https://a.example'])
    expect(config.vendors.size).toBe(0)
  })

  it('are below the template in rank, and above the defaults', async () => {
    const config = await load(
      `defaults: { interval: 1m, timeout: 5s, labels: { team: all }, expect: { max_error_rate: 1% } }
modules: { calm: { alert_after: 10, interval: 2m } }
vendors: { shop: { sla: 99% } }
targets_from:
  - library: shop
    template:
      name: "{name} in Europe"
      module: calm
      url: https://eu.shop.example/v1/me
      headers: { x-api-key: other }
      labels: { team: checkout }
      expect: { max_latency: 1s }
`,
      {},
    )
    expect(config.targets).toMatchObject([
      {
        name: 'shop in Europe',
        interval: 300,
        timeout: 5,
        labels: { team: 'checkout', vendor: 'shop' },
        instance: 'https://eu.shop.example/v1/me',
        expect: { maxLatency: 1, maxErrorRatio: 0.01 },
        check: { headers: { 'x-api-key': 'other', Accept: 'application/json' } },
      },
    ])
    expect(config.vendors.get('shop')).toEqual({
      name: 'shop',
      url: 'https://status.shop.example',
      sla: 0.99,
    })
    const origin = (key: string) => config.originOf?.('shop in Europe', key.split('.'))
    expect(origin('expect.max_latency')).toMatch(/\/targets\.yml:12$/)
    expect(origin('interval')).toMatch(/\/library\/shop\.yml:8$/)
    expect(config.placeOf?.('shop in Europe')).toBeUndefined()
  })

  it('can be used twice, with other keys', async () => {
    const config = await load(
      'targets_from:\n  - library: shop\n  - { library: shop, template: { name: test, headers: { X-Api-Key: "${TEST_KEY}" } } }\n',
      { SHOP_KEY: 'live', TEST_KEY: 'test' },
    )
    expect(namesOf(config)).toEqual(['shop', 'test'])
  })

  it('bring no vendor that no target belongs to', async () => {
    const config = await load(entry('{ library: shop, template: { labels: { vendor: ~ } } }'))
    expect(config.vendors.size).toBe(0)
  })

  it('are those of the installation where the folder of the configuration has none of that name', async () => {
    const config = await load(entry('library: stripe'), { STRIPE_KEY: 'rk_live' })
    expect(config.target('stripe')?.labels).toEqual({ vendor: 'stripe' })
    const found = config.files.filter((file) => file.endsWith('stripe.yml'))
    expect(found).toHaveLength(2)
  })

  it('are only those of the installation in a configuration from a URL, with the variables that are allowed', async () => {
    const directory = await tempFolder()
    await mkdir(join(directory, 'library'))
    await writeFile(join(directory, 'library', 'stripe.yml'), 'targets: [https://own.example]\n')
    const sources = [{ file: 'https://config.example/', text: entry('library: stripe') }]
    const read = (allowEnv: string[]) =>
      parseRemoteConfig(
        { sources, directory, files: [] },
        { env: { STRIPE_KEY: 'rk_live' }, remote: { allowEnv } },
      )
    expect(namesOf(read(['STRIPE_*']))).toEqual(['stripe'])
    expect(() => read([])).toThrow('the environment variable STRIPE_URL is refused')
  })

  it.each([
    [
      'library: shop',
      {},
      /library\/shop\.yml:6:27 targets\[0\]\.headers\.X-Api-Key: the environment variable SHOP_KEY is not set/,
    ],
    [
      'library: [shopp]',
      {},
      /targets\.yml:2:15 targets_from\[0\]\.library\[0\]: the library has no module "shopp" \(did you mean shop\?\): docs\/library\.md lists them/,
    ],
    [
      'library: ../targets',
      {},
      /"\.\.\/targets" is not a valid name of a module: expected one such as stripe/,
    ],
    [
      '{ library: shop, poll: 1m }',
      { SHOP_KEY: 'a' },
      /targets_from\[0\]\.poll: has no effect with library: remove it/,
    ],
    [
      '{ library: shop, template: [] }',
      { SHOP_KEY: 'a' },
      /targets_from\[0\]\.template: expected the keys of a target/,
    ],
    [
      '{ library: desk, template: { name: mine } }',
      {},
      /targets_from\[0\]\.template\.name: its name needs \{name\}/,
    ],
    [
      '{ library: shop, template: { intervall: 5m } }',
      { SHOP_KEY: 'a' },
      /targets\.yml:2:34 targets_from\[0\]\.template\.intervall: unknown key/,
    ],
    [
      '{ library: shop, template: { timeout: 10m } }',
      { SHOP_KEY: 'a' },
      /template\.timeout: timeout 10m must be shorter than interval 5m/,
    ],
    [
      '{ library: shop, template: { tcp: "a:1" } }',
      { SHOP_KEY: 'a' },
      /has more than one check: keep one of url, tcp/,
    ],
    [
      '{ library: bad }',
      {},
      /library\/bad\.yml:1:1 defaults: does not belong in a module of the library, which has only vendors: and targets:/,
    ],
    ['{ library: broken }', {}, /library\/broken\.yml:1:\d+/],
  ] as const)('are refused with %s', async (written, env, message) => {
    const files = { ...modules, bad: 'defaults: {}\ntargets: [https://a.example]\n', broken: 'targets: [\n' }
    await expect(load(entry(written), env, files)).rejects.toThrow(message)
  })

  it('are refused where a target of that name is listed', async () => {
    const text = `targets: [{ name: shop, url: https://a.example }]\n${entry('library: shop')}`
    await expect(load(text)).rejects.toThrow('a target of this name is')
  })
})

it('a module may expect an answer of GraphQL', async () => {
  const folder = await tempFolder()
  await mkdir(join(folder, 'library'))
  await writeFile(join(folder, 'shop.graphql'), 'type Query { name: String! }')
  const target = { name: 'shop', url: 'https://shop.example', method: 'POST', body: '{"query": "{ name }"}' }
  const expecting = { ...target, expect: { graphql: { schema: 'shop.graphql' } } }
  await writeFile(join(folder, 'library', 'shop.yml'), JSON.stringify({ targets: [expecting] }))
  await writeFile(join(folder, 'targets.yml'), entry('library: shop'))
  // The library for it is loaded once in a process: what this worker has loaded before must not count.
  const script = `import { loadConfig } from ${JSON.stringify(join(import.meta.dirname, '../../../src/config/load/load.ts'))}
    const { targets } = await loadConfig('targets.yml', { env: {} })
    console.log(targets.map(({ name }) => name).join())`
  const tsx = join(import.meta.dirname, '../../../node_modules/tsx/dist/esm/index.mjs')
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', tsx, '--input-type=module', '--eval', script],
    { cwd: folder },
  )
  expect(stdout).toBe('shop\n')
})
