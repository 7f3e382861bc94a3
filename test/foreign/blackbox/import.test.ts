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
    expect(config.target('https://example.com')).toMatchObject({
      job: 'mine',
      labels: { team: 'web', env_name: 'prod' },
    })
    expect(config.target('example.org')).toMatchObject({ job: 'websites', labels: {} })
  })

  it('does what relabel_configs do', async () => {
    const path = join(await tempFolder(), 'prometheus.yml')
    const relabelling = [
      { source_labels: ['__address__'], target_label: '__param_target' },
      { source_labels: ['__param_target'], regex: 'https://([^.]+).*', target_label: 'instance' },
      { source_labels: ['__param_target'], regex: '.*internal.*', action: 'drop' },
      { source_labels: ['module'], target_label: '__param_module' },
      { target_label: 'job', replacement: 'shop' },
      { target_label: 'team', replacement: 'web' },
      { source_labels: ['a'], action: 'hashmod' },
      { target_label: '__address__', replacement: '127.0.0.1:9115' },
    ]
    const job = {
      job_name: 'websites',
      metrics_path: '/probe',
      static_configs: [
        {
          targets: ['https://shop.example.com/health', 'https://internal.example.com/'],
          labels: { module: 'http_everything' },
        },
      ],
      relabel_configs: relabelling,
      metric_relabel_configs: [{ regex: 'a', action: 'labeldrop' }],
    }
    await writeFile(path, JSON.stringify({ scrape_configs: [job] }))
    const { config, notes } = await importFile(blackboxImporter, join(fixtures, 'blackbox.yml'), {
      targets: path,
    })
    expect(config.targets).toMatchObject([
      { name: 'shop', instance: 'https://shop.example.com/health', job: 'shop', labels: { team: 'web' } },
    ])
    expect(config.targets[0]?.check).toMatchObject({ method: 'POST' })
    const at = `${path}: scrape_configs[0].`
    expect(notes.filter((note) => note.startsWith(path))).toEqual([
      `${at}metric_relabel_configs: was not read: copy it to the job of Prometheus that reads /sd`,
      `${at}relabel_configs[6]: the action "hashmod" is not supported here`,
      `${at}static_configs[0].targets: "https://internal.example.com/" is left out: relabel_configs drop it`,
    ])
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
    expect(notes.find((note) => note.includes('file_sd_configs'))).toMatch(/was not read/)
    expect(notes.find((note) => note.includes('"nowhere"'))).toMatch(/no module "none"/)
    expect(text).toContain('  # note: http.enable_http3: HTTP/3 is not supported here\n')
    expect(text).not.toContain('is for another prober: it has no effect\n  # note: http.no')
  })

  it('says bytes in hex', async () => {
    const { text } = await importFixture()
    expect(text).toMatch(/expect_bytes: "?53"?/)
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
