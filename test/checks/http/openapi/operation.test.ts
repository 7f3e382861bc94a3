import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { httpKind } from '../../../../src/checks/http/index.ts'
import { readOperation } from '../../../../src/checks/http/openapi/operation.ts'
import { runProbe } from '../../../../src/checks/run.ts'
import { loadConfig } from '../../../../src/config/load/load.ts'
import type { Config } from '../../../../src/config/config.ts'
import type { ProbeResult } from '../../../../src/checks/result.ts'
import { respond } from '../../../support/servers/faults.ts'
import { startFaultServer, type FaultServer } from '../../../support/servers/fault-server.ts'
import { tempFolder } from '../../../support/temp-folder.ts'
import { more, petstore } from './petstore.ts'

interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

const json = { 'content-type': 'application/json; charset=utf-8', 'x-total': '1' }
const rex = { id: 1, name: 'Rex' }

let answer: Answer = {}
let server: FaultServer
beforeAll(async () => {
  server = await startFaultServer({
    routes: {
      '/': (socket) => {
        const { status = 200, headers = json, body = [rex] } = answer
        respond(socket, status, headers, typeof body === 'string' ? body : JSON.stringify(body))
      },
    },
  })
})
afterAll(() => server.stop())

async function load(text: string, spec = petstore('3.0.3')): Promise<Config> {
  const folder = join(await tempFolder(), 'config')
  await mkdir(folder)
  await writeFile(join(folder, 'petstore.yaml'), spec)
  await writeFile(join(folder, 'more.json'), more)
  await writeFile(join(folder, 'targets.yml'), text)
  return loadConfig(join(folder, 'targets.yml'), { env: {} })
}

const target = (operation: string, keys = ''): string =>
  `targets:\n  - { name: pets, url: "${server.url}/", expect: { openapi: "petstore.yaml#${operation}", status: 200-599 }${keys} }\n`

async function probe(operation: string, next: Answer, spec?: string): Promise<ProbeResult> {
  answer = next
  const { targets } = await load(target(operation), spec)
  return runProbe(targets[0]!.check, { timeoutSeconds: 250 })
}

const list = 'petstore.yaml#listPets'
const one = 'petstore.yaml#GET /pets/{petId}'

/** An answer that is not as the petstore says, and what is said of it. */
const bad: readonly (readonly [
  what: string,
  operation: string,
  answer: Answer,
  reason: string,
  message: string,
])[] = [
  [
    'a status',
    'listPets',
    { status: 201 },
    'status',
    `expected a status that ${list} has (200, 4XX), got 201`,
  ],
  [
    'no header that is required',
    'listPets',
    { headers: { 'content-type': 'application/json' } },
    'header',
    `expected the header x-total (${list}), got none`,
  ],
  [
    'a header of another type',
    'listPets',
    { headers: { ...json, 'x-total': 'many' } },
    'header',
    `expected the header x-total to be a whole number (${list}), got text`,
  ],
  [
    'a header out of bounds',
    'listPets',
    { headers: { ...json, 'x-total': '-1' } },
    'header',
    `expected the header x-total to be at least 0 (${list}), got another number`,
  ],
  [
    'a header in another format',
    'listPets',
    { headers: { ...json, 'x-next': 'not a link' } },
    'header',
    `expected the header x-next to be a valid uri (${list}), got other text`,
  ],
  [
    'another content type',
    'listPets',
    { headers: { ...json, 'content-type': 'text/html' }, body: '<p>' },
    'header',
    `expected the content type application/json (${list}), got text/html`,
  ],
  [
    'no content type',
    'photo',
    { headers: {}, body: 'png' },
    'header',
    'expected the content type image/png or text/html (petstore.yaml#photo), got none',
  ],
  ['no JSON', 'listPets', { body: 'hello' }, 'body', 'expected the body to be JSON, got something else'],
  ['no array', 'listPets', { body: rex }, 'body', `expected $ to be an array (${list}), got an object`],
  [
    'too many',
    'listPets',
    { body: [rex, rex, rex] },
    'body',
    `expected $ to have at most 2 items (${list}), got an array of length 3`,
  ],
  [
    'a missing property',
    'listPets',
    { body: [{ id: 1 }] },
    'body',
    `expected $[0] to have the property "name" (${list}), got an object`,
  ],
  [
    'a property of another type',
    'listPets',
    { body: [rex, { ...rex, id: '2' }] },
    'body',
    `expected $[1].id to be a whole number (${list}), got text`,
  ],
  [
    'a pattern',
    'listPets',
    { body: [{ ...rex, name: 'rex' }] },
    'body',
    `expected $[0].name to match "^[A-Z]" (${list}), got other text`,
  ],
  [
    'another value',
    'listPets',
    { body: [{ ...rex, tag: 'cow' }] },
    'body',
    `expected $[0].tag to be one of ["cat","dog",null] (${list}), got other text`,
  ],
  [
    'a bound',
    'listPets',
    { body: [{ ...rex, weight: 0 }] },
    'body',
    `expected $[0].weight to be more than 0 (${list}), got another number`,
  ],
  [
    'a schema that refers to itself',
    'GET /pets/{petId}',
    { body: { ...rex, default: { ...rex, id: null } } },
    'body',
    `expected $.default.id to be a whole number (${one}), got null`,
  ],
  [
    'a schema in another file',
    'GET /pets/{petId}',
    { body: { ...rex, parent: { id: 'x' } } },
    'body',
    `expected $.parent.id to be a whole number (${one}), got text`,
  ],
  [
    'an error without its title',
    'listPets',
    { status: 404, headers: { 'content-type': 'application/problem+json' }, body: {} },
    'body',
    `expected $ to have the property "title" (${list}), got an object`,
  ],
]

const good: readonly (readonly [what: string, operation: string, answer: Answer])[] = [
  ['all that is required', 'listPets', {}],
  ['null where it may be', 'listPets', { body: [{ ...rex, tag: null }] }],
  [
    'an error',
    'listPets',
    { status: 404, headers: { 'content-type': 'application/problem+json' }, body: { title: 'no' } },
  ],
  [
    'a type that stands for many',
    'GET /pets/{petId}',
    { headers: { 'content-type': 'application/vnd.pet+json' }, body: rex },
  ],
  ['a body that is not JSON', 'photo', { headers: { 'content-type': 'image/png' }, body: 'png' }],
]

describe.each(['3.0.3', '3.1.0'] as const)('an operation of OpenAPI %s', (version) => {
  it.each(bad)('refuses %s', async (_what, operation, next, reason, message) => {
    const { success, failure } = await probe(operation, next, petstore(version))
    expect({ success, failure }).toEqual({ success: false, failure: { reason, message } })
  })

  it.each(good)('accepts %s', async (_what, operation, next) => {
    expect((await probe(operation, next, petstore(version))).failure).toBeUndefined()
  })
})

describe('a field that the specification does not know', () => {
  it('is no failure, but is shown, and counted', async () => {
    const body = [
      { ...rex, colour: 'red', example: { any: 1 } },
      { ...rex, id: 2, colour: 'blue' },
    ]
    const result = await probe('listPets', { body })
    expect(result).toMatchObject({ success: true, unknownFields: ['$[*].colour'] })
    expect(httpKind.facts(result)).toContainEqual({ label: 'not specified', value: '$[*].colour' })
    const metric = httpKind.metrics.find(({ name }) => name === 'probe_http_unknown_fields')
    expect(metric?.samples({ result, timeoutSeconds: 1 })).toEqual([1])
    expect((await probe('listPets', {})).unknownFields).toEqual([])
    expect((await probe('listPets', { status: 201 })).unknownFields).toBeUndefined()
    expect(
      (await probe('photo', { headers: { 'content-type': 'image/png' }, body: 'png' })).unknownFields,
    ).toBeUndefined()
  })

  it('is found in every step of a transaction', async () => {
    const step = (name: string, operation: string): string =>
      `{ name: ${name}, url: "${server.url}/", expect: { openapi: "petstore.yaml#${operation}" } }`
    const { targets } = await load(
      `targets: [{ name: a, steps: [${step('one', 'listPets')}, ${step('two', 'listPets')}] }]`,
    )
    answer = { body: [{ ...rex, colour: 'red' }] }
    const result = await runProbe(targets[0]!.check, { timeoutSeconds: 250 })
    expect(result).toMatchObject({ success: true, unknownFields: ['$[*].colour'] })
  })
})

describe('expect.openapi', () => {
  it('judges no body of an answer without one', async () => {
    const { targets } = await load(target('createPet', ', method: POST'))
    answer = { status: 201, headers: {}, body: '' }
    expect((await runProbe(targets[0]!.check, { timeoutSeconds: 250 })).failure).toBeUndefined()
  })

  it.each([
    ['listPet', `petstore.yaml has no operation listPet (did you mean listPets?)`],
    [
      'nothing',
      'petstore.yaml has no operation nothing: it has listPets, createPet, GET /pets/{petId}, photo',
    ],
    ['createPet', 'is about POST, and the method of this target is GET: write method: POST'],
  ])('refuses %s', async (operation, message) => {
    await expect(load(target(operation))).rejects.toThrow(`targets[0].expect.openapi: ${message}`)
  })

  it.each([
    [
      '{ "swagger": "2.0" }',
      'petstore.yaml is not an OpenAPI specification of version 3.0 or 3.1: it is Swagger 2',
    ],
    ['[]', 'petstore.yaml is not an OpenAPI specification of version 3.0 or 3.1'],
    ['a: [', 'petstore.yaml:1: '],
    [
      petstore('3.0.3').replace("'#/components/schemas/Pets'", "'https://example.com/pets.json'"),
      "refers to https://example.com/pets.json: only files of the configuration's folder are read",
    ],
    [
      petstore('3.0.3').replace("'#/components/schemas/Pets'", "'../pets.json'"),
      "../pets.json is not in the configuration's folder",
    ],
    [
      petstore('3.0.3').replace("'#/components/schemas/Pets'", "'#/components/schemas/Cats'"),
      'refers to #/components/schemas/Cats, which is not there',
    ],
    [
      petstore('3.0.3').replace('^[A-Z]', '^(?=A)'),
      'a schema of petstore.yaml#listPets is not valid: the pattern "^(?=A)"',
    ],
    [
      petstore('3.0.3').replace('^[A-Z]', 'a'.repeat(2 * 2 ** 20)),
      'a schema of petstore.yaml#listPets has more than 2 MiB, with all that it refers to',
    ],
  ])(
    'refuses a specification that is none, or refers to what is not there: case %#',
    async (spec, message) => {
      await expect(load(target('listPets'), spec)).rejects.toThrow(message)
    },
  )

  it('reads a specification that is as large as that of GitHub, and none that is larger than 20 MiB', async () => {
    const spec = JSON.stringify({
      openapi: '3.1.0',
      paths: { '/': { get: { operationId: 'a', responses: { 200: {} } } } },
    })
    const { targets } = await load(target('a'), spec.padEnd(13_002_000))
    expect(targets).toHaveLength(1)
    await expect(load(target('a'), spec.padEnd(20 * 2 ** 20 + 1))).rejects.toThrow(
      'the file petstore.yaml cannot be read: it is larger than 20 MiB',
    )
  })

  it('refuses references in a circle, and never follows one without an end', () => {
    const spec = (schema: object): string =>
      JSON.stringify({
        openapi: '3.1.0',
        paths: {
          '/': { get: { operationId: 'a', responses: { 200: { $ref: '#/components/responses/A' } } } },
        },
        components: { responses: { A: { $ref: '#/components/responses/B' }, B: schema } },
      })
    const read = (schema: object) => readOperation('a.json#a', () => spec(schema))
    expect(() => read({ $ref: '#/components/responses/A' })).toThrow(
      'refers in a circle: #/components/responses/',
    )
    expect(read({ content: {} }).responses).toEqual([{ status: '200', headers: [], content: [] }])
  })
})
