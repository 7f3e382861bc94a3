import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../../../scripts/stack/shipped-files.ts'
import { postmanImporter } from '../../../src/foreign/postman/import.ts'
import { statementsOf } from '../../../src/foreign/postman/statements.ts'
import { answer } from '../../support/servers/faults.ts'
import { startFaultServer, type FaultServer } from '../../support/servers/fault-server.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { importDocument, importFile, probeImported, type Outcome } from '../support.ts'

const fixture = (name: string): string => join(root, 'test/commands/import/fixtures/postman', name)
const unset = { POSTMAN_ARTICLE: 'a', POSTMAN_ORDER_ID: '1', POSTMAN_A: 'a' }
const shop = (flags = {}): Promise<Outcome> => importFile(postmanImporter, fixture('shop.json'), flags, unset)

describe('probity import postman', () => {
  it('makes a target of each request, with its folders in its name', async () => {
    const { config } = await shop()
    expect(config.targets.map(({ name }) => name)).toEqual([
      'Health',
      'Upload',
      'OAuth',
      'Circle',
      'Orders / List',
      'Orders / Create',
      'Orders / Pay',
      'Orders / Deep / Query',
    ])
    expect(config.target('Health')).toMatchObject({
      interval: 300,
      timeout: 0.8,
      check: {
        url: { href: 'https://api.shop.example/v1/health?deep=1' },
        auth: { type: 'bearer', token: 'sesame-token' },
        expect: { status: [{ from: 200, to: 200 }] },
      },
    })
    expect(config.target('Orders / List')?.check).toMatchObject({
      url: { href: 'https://api.shop.example/v1/orders/7?x=1' },
      headers: { 'X-Api-Key': 'sesame-key', Accept: 'application/json' },
      auth: { type: 'basic', password: 'sesame-basic' },
    })
    expect(config.target('Orders / Create')?.check).not.toHaveProperty('auth.type')
    expect(config.target('Orders / Pay')?.check).toMatchObject({ body: 'a%20b=c%26d&id=1' })
    expect(config.target('Orders / Deep / Query')?.check).toMatchObject({
      body: '{"query":"{ me { id } }","variables":{"a":1}}',
    })
    expect(config.target('OAuth')?.check).toMatchObject({ auth: { clientSecret: 'sesame-oauth' } })
  })

  it('makes one target with steps of a folder, where it is asked for', async () => {
    const { config } = await shop({ transactions: true })
    const orders = config.target('Orders')?.check
    expect(orders).toMatchObject({ kind: 'transaction' })
    const { steps } = orders as unknown as { steps: readonly { name: string }[] }
    expect(steps.map(({ name }) => name)).toEqual(['List', 'Create', 'Pay'])
  })

  it('reads values of an environment, which count more than those of the collection', async () => {
    const environment = join(await tempFolder(), 'live.json')
    const values = [
      { key: 'host', value: 'live.shop.example', enabled: true },
      { key: 'article', value: 'x', enabled: false },
    ]
    await writeFile(environment, JSON.stringify({ name: 'live', values }))
    const { config } = await shop({ environment })
    expect(config.target('Health')?.check).toMatchObject({
      url: { href: 'https://live.shop.example/v1/health?deep=1' },
    })
  })

  it('notes what could not be carried over, and shows no secret', async () => {
    const { notes, text } = await shop()
    for (const note of [
      'event: scripts of the collection are not run',
      'item[1].item[1].event: what is captured is not used: import with --transactions, so that the folder is one target',
      'item[1].item[2].event[0].script.exec: a script with branches or loops cannot be said: write expect:',
      'item[1].item[3].item[0].event[0].script.exec[0]: this statement, and 1 more, has no form that is known here: write expect:',
      'item[2].request.auth.type: "awsv4" is not supported: write auth:',
      'item[2].request.body.formdata: files and forms with several parts are not supported: write body:',
      'POSTMAN_ARTICLE is a variable without a value: set it where Probity is started',
      'POSTMAN_A is a variable without a value: set it where Probity is started',
    ])
      expect(notes).toContain(note)
    expect(text + notes.join('\n')).not.toContain('sesame')
  })

  it("reads newman's examples", async () => {
    const { config } = await importFile(postmanImporter, fixture('sample-collection.json'))
    expect(config.targets.map(({ name }) => name)).toEqual([
      'A simple GET request',
      'A simple POST request',
      'A simple POST request with JSON body',
    ])
    const { notes } = await importFile(postmanImporter, fixture('report.json'))
    expect(notes).toContain(
      'item[0].event[0].script.exec[7]: this statement has no form that is known here: write expect:',
    )
  })

  it('refuses what is not a collection', async () => {
    await expect(importDocument(postmanImporter, { item: [] })).rejects.toMatchObject({
      code: 'IMPORT_UNKNOWN',
    })
  })

  it('refuses folders in folders without an end', async () => {
    let item: object = { name: 'r', request: 'https://a.example' }
    for (let depth = 0; depth < 1000; depth++) item = { name: 'f', item: [item] }
    const document = { info: { name: 'a' }, item: [item] }
    await expect(importDocument(postmanImporter, document)).rejects.toThrow('is nested too deeply to be read')
  })

  it.each([
    ['a circle', 'info: { name: a }\nitem: &a\n  - name: f\n    item: *a\n'],
    [
      'a bomb',
      `info: {}\na0: &a0 [x, x]\n${Array.from({ length: 40 }, (_, index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]`).join('\n')}\nitem: *a40\n`,
    ],
  ])('refuses %s of YAML', async (_what, text) => {
    const path = join(await tempFolder(), 'bomb.yml')
    await writeFile(path, text)
    await expect(importFile(postmanImporter, path)).rejects.toMatchObject({ code: 'IMPORT_INVALID' })
  })
})

describe('a target that was a request fails where a test does', () => {
  let server: FaultServer

  beforeAll(async () => {
    server = await startFaultServer({
      routes: {
        '/json': answer('{"state":"UP","n":3,"items":[{"id":"a"}]}', { 'Content-Type': 'application/json' }),
      },
    })
  })
  afterAll(async () => {
    await server.stop()
  })

  it.each([
    ['pm.response.to.have.status(200);', true],
    ['pm.response.to.have.status(201);', false],
    ['pm.test("a", () => { pm.response.to.be.ok })', true],
    ['pm.expect(pm.response.code).to.be.oneOf([201, 202]);', false],
    ['tests["a"] = responseCode.code === 404;', false],
    ['pm.response.to.be.json;', true],
    ['pm.response.to.have.header("X-Gone");', false],
    ["pm.expect(pm.response.text()).to.include('UP');", true],
    ['tests["b"] = responseBody.has("DOWN");', false],
    ['pm.expect(pm.response.json().state).to.eql("UP");', true],
    ['pm.expect(pm.response.json().items[0].id).to.equal("b");', false],
    ['const data = pm.response.json(); pm.expect(data.n).to.be.above(3);', false],
    ['const data = pm.response.json(); pm.expect(data.n).to.be.at.least(3);', true],
    ['const data = pm.response.json(); pm.expect(data).to.have.property("gone");', false],
    ['pm.response.to.have.body("x");', false],
  ])('%s: %p', async (line, success) => {
    const event = [{ listen: 'test', script: { exec: [line] } }]
    const item = [{ name: 'it', request: { method: 'GET', url: `${server.url}/json` }, event }]
    const outcome = await importDocument(postmanImporter, { info: { name: 'a' }, item })
    expect(outcome.notes.filter((note) => note.startsWith('item'))).toEqual([])
    expect((await probeImported(outcome)).success).toBe(success)
  })
})

it.each([
  [['pm.test("a", function () {', '  a.b(1);', '});'], ['a.b(1)']],
  [['pm.test("a; b", () => a.b("if (x)"));'], ['a.b("if (x)")']],
  [
    ['// a', '', 'a(); b(")")'],
    ['a()', 'b(")")'],
  ],
  [['if (a) b()'], undefined],
  [['a ? b : c'], undefined],
  [[`"${'\\"'.repeat(5000)}`], undefined],
])('the statements of %j', (lines, statements) => {
  expect(statementsOf(lines)?.map(({ text }) => text)).toEqual(statements)
})
