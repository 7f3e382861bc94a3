import { describe, expect, it } from 'vitest'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../../../scripts/stack/shipped-files.ts'
import { blackboxImporter } from '../../../src/foreign/blackbox/import.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { importFile } from '../support.ts'

const fixtures = join(root, 'test/commands/import/fixtures')
const importFixture = () =>
  importFile(blackboxImporter, join(fixtures, 'blackbox.yml'), { targets: join(fixtures, 'prometheus.yml') })

describe('probity import blackbox', () => {
  it('makes a valid file of every documented key, with every module and every target', async () => {
    const { config } = await importFixture()
    expect(config.moduleNames).toHaveLength(14)
    expect(
      config.targets.map(({ name, check, interval, timeout }) => [name, check.kind, interval, timeout]),
    ).toEqual([
      ['https://example.com', 'http', 30, 9.5],
      ['https://shop.example/health', 'http', 30, 9.5],
      ['example.org', 'http', 30, 9.5],
      ['192.0.2.1', 'dns', 120, 19.5],
      ['mail.example:25', 'tcp', 30, 5],
      ['https://example.com (http_everything)', 'http', 30, 5],
    ])
  })

  it('carries over what a module says', async () => {
    const { config } = await importFixture()
    const check = config.target('https://example.com (http_everything)')?.check
    expect(check).toMatchObject({
      method: 'POST',
      headers: { 'X-Shop': 'a ${b}', 'Content-Type': 'application/json', 'X-Key': 'from-a-file' },
      body: '{"a": 1}',
      auth: { type: 'basic', username: 'me', password: 'from-a-file' },
      followRedirects: false,
      http2: false,
      ipProtocol: 'ip4',
      ipProtocolFallback: false,
      tls: { verify: false, serverName: 'shop.example', minVersion: 'TLS12' },
      expect: {
        status: [
          { from: 200, to: 200 },
          { from: 204, to: 204 },
        ],
        maxBody: 2048,
        headers: [{ name: 'x-answer', pattern: { source: '^yes' } }],
        headersIfPresent: [{ name: 'x-cache', pattern: { source: '^hit' } }],
        notHeaders: [{ name: 'x-error', pattern: { source: '.' } }],
        versions: [1, 1.1],
        ssl: true,
      },
    })
    expect(config.target('192.0.2.1')?.check).toMatchObject({
      name: 'example.com',
      type: 'SOA',
      transport: 'dot',
      recursion: false,
      server: { host: '192.0.2.1', port: 853 },
      expect: { rcode: ['NOERROR', 'NXDOMAIN'] },
    })
    expect(config.target('mail.example:25')?.check).toMatchObject({
      ipProtocol: 'ip6',
      dialogue: { length: 6 },
    })
    expect(config.target('https://example.com')?.labels).toEqual({
      team: 'web',
      env_name: 'prod',
      own_job: 'mine',
    })
  })

  it('notes everything that could not be carried over, where it was', async () => {
    const { text, notes } = await importFixture()
    const expected = [
      'modules.http_lost.http.enable_http3: HTTP/3 is not supported here',
      'modules.http_lost.http.valid_http_versions: none of these versions is supported here',
      'modules.http_lost.http.no_such_key: is not supported here',
      'modules.http_lost.tcp: is for another prober: it has no effect',
      'modules.dns_chaos.dns.query_class: queries always use the class IN',
      'modules.icmp_ttl.icmp.source_ip_address: the system chooses the address that is connected from',
      'modules.strange.prober: the prober "carrier-pigeon" is not supported here',
    ]
    for (const note of expected) expect(notes).toContain(note)
    expect(notes.find((note) => note.includes('expect_bytes'))).toMatch(/bytes cannot be expected/)
    expect(notes.find((note) => note.includes('file_sd_configs'))).toMatch(/was not read/)
    expect(notes.find((note) => note.includes('"nowhere"'))).toMatch(/no module "none"/)
    expect(text).toContain('  # note: http.enable_http3: HTTP/3 is not supported here\n')
    expect(text).not.toContain('is for another prober: it has no effect\n  # note: http.no')
  })

  it('reads a file of file_sd_configs', async () => {
    const targets = join(await tempFolder(), 'targets.json')
    await writeFile(targets, JSON.stringify([{ targets: ['shop.example'], labels: { team: 'web' } }]))
    const { config, notes } = await importFile(blackboxImporter, join(fixtures, 'blackbox.yml'), { targets })
    expect(config.targets.map(({ name, labels }) => [name, labels])).toEqual([
      ['shop.example', { team: 'web' }],
    ])
    expect(notes.filter((note) => note.startsWith(targets))).toEqual([])
  })

  it('refuses what is not a blackbox.yml', async () => {
    const path = join(fixtures, 'prometheus.yml')
    await expect(importFile(blackboxImporter, path)).rejects.toMatchObject({
      code: 'IMPORT_UNKNOWN',
      message: `${path} is not a blackbox.yml: it has no mapping of modules`,
    })
  })

  it('says where a file is not YAML', async () => {
    const path = join(await tempFolder(), 'blackbox.yml')
    await writeFile(path, 'modules:\n  a: [\n')
    await expect(importFile(blackboxImporter, path)).rejects.toMatchObject({ code: 'IMPORT_INVALID' })
  })
})
