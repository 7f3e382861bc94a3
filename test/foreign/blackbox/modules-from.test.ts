import { beforeEach, describe, expect, it } from 'vitest'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { foreignFormats } from '../../../src/foreign/index.ts'
import type { HttpExpectation } from '../../../src/checks/http/settings/expect.ts'
import type { Config } from '../../../src/config/config.ts'
import { loadConfig } from '../../../src/config/load/load.ts'
import { httpCheckOf } from '../../support/http-check.ts'
import { tempFolder } from '../../support/temp-folder.ts'

let folder: string
beforeEach(async () => {
  folder = await tempFolder()
})

const load = async (blackbox: string, targets = 'targets: []'): Promise<Config> => {
  await writeFile(join(folder, 'blackbox.yml'), blackbox)
  await writeFile(join(folder, 'targets.yml'), `modules_from: blackbox.yml\n${targets}\n`)
  return loadConfig(join(folder, 'targets.yml'), { env: {}, foreign: foreignFormats })
}

const plain = `modules:
  http_2xx: { prober: http, timeout: 5s, http: { headers: { X-A: "\${B}" } } }
  banner: { prober: tcp, tcp: { query_response: [{ expect: "^SSH" }] } }
  soa: { prober: dns, dns: { query_name: example.com, query_type: SOA } }
`

describe('modules_from', () => {
  it('makes modules that URLs and addresses are probed with', async () => {
    const config = await load(plain)
    expect(config.moduleNames).toEqual(['http_2xx', 'banner', 'soa'])
    expect(config.adHoc('shop.example', 'http_2xx')).toMatchObject({
      name: 'shop.example',
      timeout: 5,
      check: { kind: 'http', headers: { 'X-A': '${B}' }, ipProtocol: 'ip6' },
    })
    expect(config.adHoc('host.example:22', 'banner').check).toMatchObject({
      kind: 'tcp',
      address: { host: 'host.example', port: 22 },
      dialogue: [{ expect: { source: '^SSH' } }],
    })
    expect(config.adHoc('192.0.2.53', 'soa').check).toMatchObject({
      kind: 'dns',
      name: 'example.com',
      type: 'SOA',
      server: { host: '192.0.2.53', port: 53 },
    })
  })

  it('follows the file', async () => {
    const config = await load(plain)
    expect(config.files).toContain(join(folder, 'blackbox.yml'))
  })

  it('gives such a module its own timeout, or what the scrape leaves, and none of the defaults', async () => {
    const config = await load(plain, 'defaults: { timeout: 3s, headers: { X-Default: a } }\ntargets: []')
    const target = config.adHoc('host.example:22', 'banner')
    expect(target.timeout).toBe(120)
    expect(config.adHoc('shop.example', 'http_2xx').check).toMatchObject({ headers: { 'X-A': '${B}' } })
  })

  it('lets a target name one', async () => {
    const config = await load(plain, 'targets: [{ name: ssh, tcp: "host.example:22", module: banner }]')
    expect(config.target('ssh')?.check).toMatchObject({ dialogue: [{ expect: { source: '^SSH' } }] })
  })

  it('expands nothing that a stranger asks for', async () => {
    const config = await load(plain)
    const { check } = config.adHoc('http://shop.example/${HOME}', 'http_2xx')
    expect(check).toMatchObject({ url: { pathname: expect.stringContaining('HOME') } })
    expect(() => config.adHoc('http://me:pw@shop.example/', 'http_2xx')).toThrow('cannot carry credentials')
    expect(() => config.adHoc('no port', 'banner')).toThrow(
      /the target of module "banner": .* is not a valid address/,
    )
  })

  it('holds the rules for headers, versions and TLS against answers as blackbox_exporter does', async () => {
    const config = await load(`modules:
  rules:
    prober: http
    http:
      fail_if_not_ssl: true
      fail_if_ssl: false
      valid_http_versions: [HTTP/1.1, HTTP/2.0, HTTP/3.0]
      fail_if_header_matches:
        - { header: X-Old, regexp: a }
        - { header: X-Old, regexp: b, allow_missing: true }
        - { header: X-Odd, regexp: c, allow_missing: true }
      fail_if_header_not_matches:
        - { header: X-New, regexp: "d\${e}" }
        - { header: x-new, regexp: f }
        - { header: X-Some, regexp: g, allow_missing: true }
`)
    const { expect: rules } = httpCheckOf(config.adHoc('https://shop.example', 'rules'))
    const written = (list: HttpExpectation['headers']): string[] =>
      list.map(({ name, pattern }) => `${name} ${pattern.source}`)
    expect(written(rules.headers)).toEqual(['x-old .*', 'x-new d${e}', 'x-new f'])
    expect(written(rules.headersIfPresent)).toEqual(['x-some g'])
    expect(written(rules.notHeaders)).toEqual(['x-old a', 'x-old b', 'x-odd c'])
    expect(rules).toMatchObject({ versions: [1.1, 2], ssl: true })
  })

  it.each([
    ['fail_if_ssl: yes please', 'fail_if_ssl: is neither true nor false'],
    ['fail_if_ssl: true, fail_if_not_ssl: true', 'fail_if_not_ssl: contradicts fail_if_ssl'],
    [
      'valid_http_versions: [HTTP/3.0, HTTP/2, constructor]',
      'valid_http_versions: none of these versions is supported here',
    ],
    ['fail_if_header_matches: [{ header: x }]', 'fail_if_header_matches[0]: has no regexp'],
    [
      'fail_if_header_matches: [{ header: x, regexp: a }, { header: x, regexp: ( }]',
      'fail_if_header_matches: "(" is not a valid RE2 regex: missing closing )',
    ],
    [
      'enable_http2: false, valid_http_versions: [HTTP/2.0]',
      'valid_http_versions: HTTP/2 is not offered: write http2: true',
    ],
  ])('cannot use a module with %s', async (line, message) => {
    const config = await load(`modules: { m: { prober: http, http: { ${line} } } }`)
    expect(config.unusableModules?.get('m')).toContain(`modules.m.http.${message}`)
  })

  const unusable = `modules:
  http_2xx: { prober: http }
  http3:
    prober: http
    http:
      enable_http3: true
  wrong:
    prober: tcp
    tcp: { query_response: [{ expect: "(" }] }
`

  it('never runs a module that asks for what is not there, and says where', async () => {
    const config = await load(unusable)
    expect([...(config.unusableModules ?? [])].map(([name]) => name)).toEqual(['http3', 'wrong'])
    expect(() => config.adHoc('shop.example', 'http3')).toThrow(
      'module "http3" cannot be used: blackbox.yml:6:7 modules.http3.http.enable_http3: HTTP/3 is not supported here',
    )
    expect(config.unusableModules?.get('wrong')).toMatch(
      /^blackbox\.yml:9:39 modules\.wrong\.tcp\.query_response\[0\]\.expect: "\(" is no/,
    )
    expect(config.adHoc('shop.example', 'http_2xx').check.kind).toBe('http')
  })

  it('reads which versions of TLS are offered', async () => {
    const config = await load(`modules:
  old: { prober: tcp, tcp: { tls: true, tls_config: { min_version: TLS10, max_version: TLS11 } } }
`)
    expect(config.adHoc('host.example:22', 'old').check).toMatchObject({
      tls: { minVersion: 'TLS10', maxVersion: 'TLS11' },
    })
  })

  it('reads bytes, after which blackbox_exporter sends a line feed too', async () => {
    const config = await load(`modules:
  bytes: { prober: tcp, tcp: { query_response: [{ send: !!binary AAAACATSFi8= }, { expect_bytes: S }, { send: "\\x00é" }] } }
  found: { prober: tcp, tcp: { query_response: [{ expect: "(a)", send: !!binary JDEA }] } }
`)
    expect(config.adHoc('host.example:22', 'bytes').check).toMatchObject({
      dialogue: [
        { sendBytes: Buffer.from('0000000804d2162f0a', 'hex') },
        { expectBytes: Buffer.from('S') },
        { sendBytes: Buffer.from('\0é\n') },
      ],
    })
    expect(config.unusableModules?.get('found')).toMatch(
      /bytes cannot contain what groups of expect have found/,
    )
  })

  it('refuses a target that names such a module', async () => {
    await expect(
      load(unusable, 'targets: [{ name: a, url: "http://a.example", module: http3 }]'),
    ).rejects.toThrow(
      /targets\.yml:2:55 targets\[0\]\.module: module "http3" cannot be used: blackbox\.yml:6:7/,
    )
  })

  it.each([
    ['a file that is not there', 'modules_from: none.yml', /none\.yml cannot be read: no such file/],
    ['a device', 'modules_from: /dev/zero', /zero cannot be read: it is not a regular file/],
    [
      'a file that is none',
      'modules_from: targets.yml',
      /targets\.yml is not a blackbox\.yml: it has no mapping of modules/,
    ],
    ['no text', 'modules_from: 3', /modules_from: expected text/],
  ])('refuses %s', async (_what, line, message) => {
    await writeFile(join(folder, 'targets.yml'), `${line}\ntargets: []\n`)
    await expect(
      loadConfig(join(folder, 'targets.yml'), { env: {}, foreign: foreignFormats }),
    ).rejects.toThrow(message)
  })

  it('refuses a file that is not YAML, with its place', async () => {
    await expect(load('modules:\n  a: [\n')).rejects.toThrow(/modules_from: blackbox\.yml:\d+:\d+: /)
  })

  it('refuses two modules of one name', async () => {
    await expect(load(plain, 'modules: { banner: {} }\ntargets: []')).rejects.toThrow(
      'module "banner" at blackbox.yml:3:11 is already there: in modules:',
    )
  })
})
