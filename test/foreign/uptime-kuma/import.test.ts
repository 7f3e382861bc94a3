import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { join } from 'node:path'
import { root } from '../../../scripts/stack/shipped-files.ts'
import { uptimeKumaImporter } from '../../../src/foreign/uptime-kuma/import.ts'
import { answerTo, askedFor, data, startDnsServer, type DnsServer } from '../../support/servers/dns-server.ts'
import { answer } from '../../support/servers/faults.ts'
import { startFaultServer, type FaultServer } from '../../support/servers/fault-server.ts'
import { importDocument, importFile, probeImported } from '../support.ts'

const fixture = join(root, 'test/commands/import/fixtures/uptime-kuma/backup.json')

describe('probity import uptime-kuma', () => {
  it('makes a valid file of every type of monitor that there is a check for', async () => {
    const { config } = await importFile(uptimeKumaImporter, fixture)
    expect(config.targets.map(({ name, check }) => [name, check.kind])).toEqual([
      ['Website', 'http'],
      ['Website (keyword)', 'http'],
      ['No errors', 'http'],
      ['API', 'http'],
      ['API sum', 'http'],
      ['Database', 'tcp'],
      ['Host', 'icmp'],
      ['Name', 'dns'],
      ['Backup', 'heartbeat'],
      ['Call', 'grpc'],
      ['Token', 'http'],
      ['Windows', 'http'],
      ['Queue', 'mqtt'],
    ])
  })

  it('carries over what a monitor says', async () => {
    const { config } = await importFile(uptimeKumaImporter, fixture)
    const website = config.target('Website')
    expect(website).toMatchObject({
      interval: 120,
      timeout: 20,
      alertAfter: 2.5 * 120,
      labels: { group: 'Shop', team: 'web', Kind_of_thing: 'true', own_job: 'x' },
      expect: { minCertificate: -Infinity },
      check: {
        method: 'POST',
        headers: { 'X-Test': 'a ${b}', Host: 'www.shop.example', 'Content-Type': 'application/json' },
        body: '{"a": 1}',
        auth: { type: 'basic', username: 'me', password: 'sesame' },
        followRedirects: false,
        tls: { verify: false },
        expect: {
          status: [
            { from: 200, to: 299 },
            { from: 401, to: 401 },
          ],
        },
      },
    })
    expect(website?.check).toHaveProperty('proxy.url.port', '3128')
    expect(config.target('Backup')?.check).toMatchObject({ rhythm: 86_400, token: 'abcDEF123' })
    expect(config.target('Name')?.check).toMatchObject({
      type: 'MX',
      server: { host: '192.0.2.53', port: 53 },
    })
    expect(config.target('Token')?.check).toMatchObject({
      auth: { style: 'body', scopes: ['read', 'write'] },
    })
  })

  it('keeps what is paused, and keeps it paused', async () => {
    const { config, notes } = await importFile(uptimeKumaImporter, fixture)
    expect(config.targets.map(({ name }) => name)).not.toContain('Paused')
    expect(config.target('Paused')).toMatchObject({ paused: true })
    expect(notes.filter((note) => note.startsWith('monitorList[15]'))).toEqual([])
  })

  it('notes everything that could not be carried over', async () => {
    const { notes } = await importFile(uptimeKumaImporter, fixture)
    const expected = [
      'monitorList[1].retryInterval: a check that failed is repeated after the interval',
      'monitorList[1].notificationIDList: notified Slack of the team: write the channel in notify.yml, and notify: here',
      'monitorList[2].timeout: a timeout is shorter than its interval: it is 18s here',
      'monitorList[5].jsonPath: only one value, by its path, can be compared',
      'monitorList[10].grpcMethod: only the health service is queried: the keyword is ignored',
      'monitorList[12].authMethod: NTLM is not supported here',
      'monitorList[14]: "Closed" is left out: it is upside down: a failure cannot be expected',
    ]
    for (const note of expected) expect(notes).toContain(note)
    expect(notes.find((note) => note.startsWith('monitorList[13]'))).toMatch(/write a target with docker: NAME/)
  })

  it('refuses what is not a backup', async () => {
    await expect(importDocument(uptimeKumaImporter, { monitors: [] })).rejects.toMatchObject({
      code: 'IMPORT_UNKNOWN',
    })
  })
})

describe('a target that was a monitor of Uptime Kuma fails where that did', () => {
  let server: FaultServer
  let names: DnsServer

  beforeAll(async () => {
    server = await startFaultServer({
      routes: {
        '/json': answer('{"state":"open","data":{"items":[{"n":3}]}}'),
        '/plain': answer('since 1999'),
      },
    })
    const known = { answer: [{ type: 1, data: data.a('192.0.2.1') }] }
    names = await startDnsServer({
      udp: (query) => [answerTo(query, askedFor(query).name === 'shop.example' ? known : {})],
    })
  })
  afterAll(async () => {
    await server.stop()
    await names.stop()
  })

  const http = { accepted_statuscodes: ['200-299'] }
  it.each([
    ['state', '==', 'open', true],
    ['state', '!=', 'closed', true],
    ['state', '!=', 'open', false],
    ['state', 'contains', 'pe', true],
    ['state', 'contains', 'x', false],
    ['data.items[0].n', '<', '4', true],
    ['data.items[0].n', '<=', '2', false],
    ['data.items[0].n', '>', '3', false],
    ['data.items[0].n', '>=', '3', true],
  ])('where %s must be %s %s', async (jsonPath, jsonPathOperator, expectedValue, success) => {
    const monitor = { type: 'json-query', jsonPath, jsonPathOperator, expectedValue, ...http }
    const outcome = await importDocument(uptimeKumaImporter, {
      monitorList: [{ id: 1, name: 'it', interval: 60, url: `${server.url}/json`, ...monitor }],
    })
    expect((await probeImported(outcome)).success).toBe(success)
  })

  it.each([
    ['/plain', { type: 'http', ...http }, true],
    ['/unavailable', { type: 'http', ...http }, false],
    ['/unavailable', { type: 'http', accepted_statuscodes: ['200-299', '503'] }, true],
    ['/plain', { type: 'keyword', keyword: '1999', ...http }, true],
    ['/plain', { type: 'keyword', keyword: '2000', ...http }, false],
    ['/plain', { type: 'keyword', keyword: '1999', invertKeyword: true, ...http }, false],
    ['/json', { type: 'json-query', jsonPath: 'state', expectedValue: 'open', ...http }, true],
    ['/json', { type: 'json-query', jsonPath: '$.state', expectedValue: 'closed', ...http }, false],
    ['/json', { type: 'json-query', jsonPath: 'data.items[0].n', expectedValue: '3', ...http }, true],
    ['/silent', { type: 'http', timeout: 0.3, ...http }, false],
  ])('%s, %j: %p', async (path, keys, success) => {
    const monitor = { id: 1, name: 'it', url: server.url + path, interval: 60, ...keys }
    const outcome = await importDocument(uptimeKumaImporter, { monitorList: [monitor] })
    expect((await probeImported(outcome)).success).toBe(success)
  })

  it.each([
    ['a port', () => ({ type: 'port', hostname: '127.0.0.1', port: server.port }), true],
    ['a closed port', () => ({ type: 'port', hostname: '127.0.0.1', port: 1 }), false],
    ['a name', () => ({ type: 'dns', hostname: 'shop.example', dns_resolve_server: names.address }), true],
    [
      'a name without records',
      () => ({ type: 'dns', hostname: 'gone.example', dns_resolve_server: names.address }),
      false,
    ],
  ])('%s', async (_what, keys, success) => {
    const outcome = await importDocument(uptimeKumaImporter, {
      monitorList: [{ name: 'it', interval: 60, ...keys() }],
    })
    expect((await probeImported(outcome)).success).toBe(success)
  })
})
