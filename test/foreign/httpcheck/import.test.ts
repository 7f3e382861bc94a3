import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { join } from 'node:path'
import { root } from '../../../scripts/stack/shipped-files.ts'
import { httpcheckImporter } from '../../../src/foreign/httpcheck/import.ts'
import { answer } from '../../support/servers/faults.ts'
import { startFaultServer, type FaultServer } from '../../support/servers/fault-server.ts'
import { importDocument, importFile, probeImported } from '../support.ts'

const fixture = (name: string): string => join(root, 'test/commands/import/fixtures/httpcheck', name)

describe('probity import httpcheck', () => {
  it('reads the example of the receiver', async () => {
    const { config, notes } = await importFile(httpcheckImporter, fixture('example_config.yaml'))
    expect(config.targets.map(({ name }) => name)).toEqual([
      'http://example.com/health',
      'https://example.com',
      'https://internal-service.local',
      'https://api.example.com',
      'https://www.example.com',
    ])
    expect(config.target('https://api.example.com')).toMatchObject({
      interval: 60,
      check: { headers: { 'User-Agent': 'OpenTelemetry-Collector' } },
    })
    expect(notes).toEqual([])
  })

  it('carries over what a target says', async () => {
    const { config, text, notes } = await importFile(httpcheckImporter, fixture('every-key.yaml'))
    expect(config.target('https://api.shop.example/orders')).toMatchObject({
      interval: 15,
      timeout: 13.5,
      labels: { group: 'shop' },
      check: {
        method: 'POST',
        body: '{"price": "$5"}',
        headers: { 'X-Api-Key': 'sesame-header', 'X-Trace': '1', 'Content-Type': 'application/json' },
        tls: { verify: false, minVersion: 'TLS13', serverName: 'shop.example' },
      },
    })
    expect(config.target('https://a.shop.example')?.check).toMatchObject({
      auth: { password: 'sesame-basic' },
    })
    expect(config.target('https://a.shop.example (GET)')?.check).toMatchObject({ auth: { token: 'token' } })
    expect(config.target('https://a.shop.example (HEAD)')?.check).toMatchObject({
      auth: { clientSecret: 'sesame-oauth', scopes: ['read'] },
    })
    expect(text + notes.join('\n')).not.toContain('sesame')
  })

  it('notes what could not be carried over', async () => {
    const { notes } = await importFile(httpcheckImporter, fixture('every-key.yaml'))
    const at = 'receivers["httpcheck/shop"].targets'
    for (const note of [
      `${at}[0].validations[4].json_path: only names and indexes with dots between them can be expected: write expect.json`,
      `${at}[0].validations[6].min_size: that a body is not too small cannot be expected`,
      `${at}[0].cookies: is not supported here`,
      `${at}[4].auth.authenticator: "sigv4auth" is not supported: write auth:`,
      `${at}[5]: is left out: it has no endpoint`,
    ])
      expect(notes).toContain(note)
  })

  it('refuses what has no such receiver', async () => {
    await expect(importDocument(httpcheckImporter, { receivers: { otlp: {} } })).rejects.toMatchObject({
      code: 'IMPORT_UNKNOWN',
    })
  })
})

describe('a target that was one of httpcheck fails where a validation does', () => {
  let server: FaultServer

  beforeAll(async () => {
    server = await startFaultServer({ routes: { '/json': answer('{"state":"UP","items":[{"n":3}]}') } })
  })
  afterAll(async () => {
    await server.stop()
  })

  it.each([
    [{ contains: 'UP' }, true],
    [{ contains: 'DOWN' }, false],
    [{ not_contains: 'UP' }, false],
    [{ regex: '"n":\\d' }, true],
    [{ json_path: 'items.0.n', equals: '3' }, true],
    [{ json_path: 'items.0.n', equals: '4' }, false],
    [{ json_path: 'state', equals: 'UP' }, true],
    [{ json_path: 'items.1' }, false],
    [{ max_size: 5 }, false],
  ])('%j: %p', async (validation, success) => {
    const target = { endpoint: `${server.url}/json`, validations: [validation] }
    const outcome = await importDocument(httpcheckImporter, {
      receivers: { httpcheck: { targets: [target] } },
    })
    expect((await probeImported(outcome)).success).toBe(success)
  })
})
