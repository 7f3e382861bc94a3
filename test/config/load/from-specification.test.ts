import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { createMatcher } from '../../../src/calls/matcher.ts'
import type { Config } from '../../../src/config/config.ts'
import { loadConfig, parseConfig } from '../../../src/config/load/load.ts'
import { atEnd } from '../../support/at-end.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { startConfigServer } from '../remote/config-server.ts'

const ok = 'responses: { 200: {} }'

const specification = `openapi: 3.1.0
servers: [{ url: https://elsewhere.example.com }]
x-probity: { max_latency: 300ms }
paths:
  /pets/{petId}:
    parameters: [{ $ref: '#/components/parameters/petId' }]
    get: { operationId: showPet, ${ok}, x-probity: { severity: warning } }
    delete: { operationId: deletePet, ${ok} }
  /pets/mine:
    head: { operationId: myPets, ${ok} }
  /pets:
    get:
      operationId: listPets
      ${ok}
      parameters:
        - { name: status, in: query, required: true, schema: { type: array, examples: [[new, 'on sale']] } }
        - { name: limit, in: query, schema: { type: integer, default: 10 } }
        - { name: X-Shop, in: header, required: true, examples: { one: { value: 'shop $\{SECRET}' } } }
        - { name: session, in: cookie, required: true, schema: { default: 'a;b' } }
        - { name: Authorization, in: header, required: true }
    post: { ${ok} }
  /search:
    get: { operationId: search, ${ok}, parameters: [{ name: q, in: query, required: true, schema: { type: string } }] }
  /toys/{toy}.json:
    get: { operationId: showToy, ${ok} }
components:
  parameters:
    petId: { name: petId, in: path, required: true, schema: { type: string }, example: a/7 }
`

async function load(entry: string, text = specification, more = ''): Promise<Config> {
  const folder = await tempFolder()
  await writeFile(join(folder, 'pets.yaml'), text)
  await writeFile(join(folder, 'targets.yml'), `${more}targets_from:\n  - ${entry}\n`)
  return loadConfig(join(folder, 'targets.yml'), { env: { SECRET: 's3cret', SHOP: 'pets' }, origins: true })
}

const entry = (keys = '', base = 'https://pets.example/v1/'): string =>
  `{ openapi: pets.yaml, base_url: "${base}"${keys} }`

/** The requests that are made, and the calls that are judged without one. */
function madeOf({ targets, callTargets }: Config) {
  return {
    requests: targets.map(({ name, check }) =>
      check.kind === 'http' ? `${name}: ${check.method} ${check.url.href}` : name,
    ),
    calls: callTargets.filter(({ probed }) => !probed).map(({ name }) => name),
  }
}

describe('the operations of a specification', () => {
  it('become targets where they can be tried, and are judged on calls otherwise', async () => {
    const config = await load(entry())
    expect(madeOf(config)).toEqual({
      requests: [
        'listPets: GET https://pets.example/v1/pets?status=new&status=on%20sale',
        'myPets: HEAD https://pets.example/v1/pets/mine',
        'showPet: GET https://pets.example/v1/pets/a%2F7',
      ],
      calls: ['POST /pets', 'deletePet', 'search', 'showToy'],
    })
    const [list, , show] = config.targets
    expect(list?.check).toMatchObject({
      headers: { 'X-Shop': 'shop ${SECRET}', Cookie: 'session=a%3Bb' },
      expect: { operation: { name: 'pets.yaml#listPets', method: 'GET' } },
    })
    expect(show).toMatchObject({ severity: 'warning', expect: { maxLatency: 0.3 } })
    expect(config.callTargets.every(({ missing }) => missing === 'off')).toBe(true)
    expect(config.callTargets.find(({ name }) => name === 'deletePet')?.expect.maxLatency).toBe(0.3)
  })

  it('know the calls that are about them, by method, host and path', async () => {
    const { callTargets } = await load(entry())
    const match = createMatcher(callTargets)
    const of = (method: string, path: string, host = 'pets.example') =>
      match({ method, host, path, operation: '' })?.name
    expect(of('GET', '/v1/pets')).toBe('listPets')
    expect(of('HEAD', '/v1/pets/mine')).toBe('myPets')
    expect(of('GET', '/v1/pets/mine')).toBe('showPet')
    expect(of('GET', '/v1/pets/7')).toBe('showPet')
    expect(of('GET', '/v1/pets/{petId}')).toBe('showPet')
    expect(of('DELETE', '/v1/pets/7')).toBe('deletePet')
    expect(of('POST', '/v1/pets')).toBe('POST /pets')
    expect(of('GET', '/v1/toys/ball.json')).toBe('showToy')
    expect(of('GET', '/v1/toys/ballxjson')).toBeUndefined()
    expect(of('GET', '/v1/pets/7/photos')).toBeUndefined()
    expect(of('GET', '/pets')).toBeUndefined()
    expect(of('GET', '/v1/pets', 'petsxexample')).toBeUndefined()
    expect(of('PATCH', '/v1/pets/7')).toBeUndefined()
  })

  it('have what the template, a module and the defaults say', async () => {
    const config = await load(
      entry(
        ', skip: [search, showToy, "POST /pets"], template: { name: "shop {operation}", module: fast, interval: 5m, labels: { team: pets }, headers: { X-Shop: mine }, expect: { status: 200, max_latency: 1s } }',
        'http://${SHOP}.example',
      ),
      specification,
      'modules: { fast: { alert_after: 5 } }\ndefaults: { severity: info }\n',
    )
    expect(madeOf(config)).toEqual({
      requests: [
        'shop listPets: GET http://pets.example/pets?status=new&status=on%20sale',
        'shop myPets: HEAD http://pets.example/pets/mine',
        'shop showPet: GET http://pets.example/pets/a%2F7',
      ],
      calls: ['shop deletePet'],
    })
    expect(config.targets[0]).toMatchObject({
      interval: 300,
      severity: 'info',
      labels: { team: 'pets' },
      expect: { maxLatency: 1 },
      check: { headers: { 'X-Shop': 'mine' }, expect: { status: [{ from: 200, to: 200 }] } },
    })
    expect(config.originOf?.('shop listPets', ['expect', 'max_latency'])).toMatch(/targets\.yml:4$/)
  })

  it('come from a specification with a URL, too, and may be what another target depends on', async () => {
    const server = await startConfigServer(specification)
    atEnd(() => server.stop())
    const config = await load(
      `{ openapi: "${server.url}", base_url: https://pets.example }`,
      '',
      'targets: [{ name: shop, url: https://shop.example, depends_on: listPets }]\n',
    )
    expect(madeOf(config).requests).toHaveLength(4)
    expect(config.target('shop')?.dependsOn).toEqual(['listPets'])
    expect(server.requests).toHaveLength(1)
  })

  it.each([
    ['{ openapi: pets.yaml }', 'targets_from[0]: has no base_url: write the URL'],
    [
      '{ openapi: gone.yaml, base_url: https://a.example }',
      'targets_from[0].openapi: the file gone.yaml cannot be read: no such file',
    ],
    [entry('', 'pets.example'), 'targets_from[0].base_url: "pets.example" is not a valid URL'],
    [entry('', 'https://a.example?b'), 'targets_from[0].base_url: the base of all paths has no query'],
    [
      entry(', skip: listPet'),
      'targets_from[0].skip: the specification has no operation listPet (did you mean listPets?)',
    ],
    [entry(', poll: 1m'), 'targets_from[0].poll: has no effect with openapi: remove it'],
    [entry(', skp: a'), 'targets_from[0].skp: unknown key (did you mean skip?)'],
    [entry(', template: 5'), 'targets_from[0].template: expected the keys of a target'],
    [entry(', template: { name: pets }'), 'targets_from[0].template.name: its name needs {operation}'],
    [
      entry(', template: { url: https://b.example }'),
      'targets_from[0].template.url: comes from the specification: remove it',
    ],
    [entry(', template: { interval: soon }'), 'targets_from[0].template.interval: "soon" is not a valid'],
    [entry(', template: { tcp: "a:1" }'), 'has more than one check'],
    ['{ http_sd: https://a.example, skip: b, template: {} }', 'skip: has no effect with http_sd: remove it'],
  ])('are refused with %s', async (written, message) => {
    await expect(load(written)).rejects.toThrow(message)
  })

  it('are read once, however many there are', () => {
    const paths = Array.from({ length: 300 }, (_none, index) => [
      `/${index}`,
      { get: { responses: { 200: {} } } },
    ])
    const text = JSON.stringify({ openapi: '3.1.0', paths: Object.fromEntries(paths) as object })
    const readSecret = vi.fn(() => text)
    const sources = [{ file: 'targets.yml', text: `targets_from:\n  - ${entry()}\n` }]
    const { targets } = parseConfig({ sources, directory: '/', files: [] }, { env: {}, readSecret })
    expect(targets).toHaveLength(300)
    expect(readSecret).toHaveBeenCalledTimes(1)
  })

  it('are refused where a target of that name is listed', async () => {
    await expect(
      load(entry(), specification, 'targets: [{ name: listPets, url: https://a.example }]\n'),
    ).rejects.toThrow('a target of this name is')
  })
})
