import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCertificate, type Certificate } from '../support/certificates.ts'
import { describeWithTool } from '../support/programs/tools.ts'
import { waitFor } from '../support/time/wait-for.ts'
import { startService, users, type ServiceName, type TestService } from './support/services.ts'

const authority = createCertificate({ name: 'authority', isAuthority: true })
const stranger = createCertificate({ name: 'stranger', isAuthority: true })
const server = createCertificate({ name: 'server', ip: ['127.0.0.1'], issuer: authority })
const renewed = createCertificate({ name: 'renewed', ip: ['127.0.0.1'], issuer: authority })
const prometheus = createCertificate({ name: 'prometheus', dns: ['prometheus.example'], issuer: authority })
const other = createCertificate({ name: 'other', dns: ['other.example'], issuer: authority })
const forged = createCertificate({ name: 'prometheus', dns: ['prometheus.example'], issuer: stranger })

const files = { 'server.pem': server.cert, 'server.key': server.key, 'ca.pem': authority.cert }
const tls = (more = ''): string =>
  `tls_server_config: { cert_file: server.pem, key_file: server.key${more === '' ? '' : `, ${more}`} }\n`
const verified = (type: string, more = ''): string =>
  tls(`client_ca_file: ca.pem, client_auth_type: ${type}${more}`)

/** What a server answers, or why it does not. */
function ask(url: string, client?: Certificate, path = '/metrics'): Promise<number | string> {
  return new Promise((resolve) => {
    request(`${url}${path}`, {
      agent: false,
      ca: authority.cert,
      ...(client && { cert: client.cert, key: client.key }),
    })
      .on('response', (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      })
      .on('error', () => {
        resolve('no answer')
      })
      .end()
  })
}

/** What `openssl s_client` says of a handshake. */
function handshake({ url }: TestService, ...flags: string[]): Promise<string> {
  return new Promise((resolve) => {
    const child = execFile(
      'openssl',
      ['s_client', '-connect', new URL(url).host, ...flags],
      { timeout: 60_000 },
      (_error, stdout, stderr) => {
        resolve(stdout + stderr)
      },
    )
    child.stdin?.end('Q\n')
  })
}

const services: readonly ServiceName[] = ['exporter', 'solo', 'notifier']

describeWithTool(['openssl'], 'TLS', () => {
  describe.each(services)('of %s', tlsOf)
})

function tlsOf(name: ServiceName): void {
  let service: TestService
  beforeAll(async () => {
    const suites = '[TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]'
    service = await startService(name, { web: tls(`cipher_suites: ${suites}`) + users, files })
  })
  afterAll(() => service.stop())

  it.each([
    ['-tls1_3', /Protocol *: TLSv1\.3|New, TLSv1\.3/],
    ['-tls1_2', /Cipher is ECDHE-ECDSA-AES256-GCM-SHA384/],
    ['-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256', /handshake failure|Cipher is \(NONE\)/],
    ['-tls1_1 -cipher ALL:@SECLEVEL=0', /Cipher is \(NONE\)/],
    ['-tls1 -cipher ALL:@SECLEVEL=0', /Cipher is \(NONE\)/],
  ])('openssl s_client %s', async (flags, expected) => {
    expect(await handshake(service, ...flags.split(' '))).toMatch(expected)
  })

  it('speaks no version below min_version', async () => {
    const strict = await startService(name, { web: tls('min_version: TLS13'), files })
    expect(await handshake(strict, '-tls1_2')).toMatch(/Cipher is \(NONE\)/)
    expect(await handshake(strict, '-tls1_3')).toMatch(/New, TLSv1\.3/)
    await strict.stop()
  })

  it('says https, closes what is not TLS, and takes a renewed certificate without a restart', async () => {
    expect(service.url).toMatch(/^https:/)
    expect([await ask(service.url), await ask(service.url, undefined, '/-/healthy')]).toEqual([401, 200])
    const plain = connect(Number(new URL(service.url).port), '127.0.0.1')
    plain.end('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    expect(await text(plain)).not.toContain('HTTP/1.1 200')
    await writeFile(join(service.folder, 'server.key'), renewed.key)
    await waitFor('the complaint about a key of another certificate', () =>
      /web\.yml:1:\d+ tls_server_config\.cert_file: the certificate and the key cannot be used/.test(
        service.log(),
      ),
    )
    expect(await handshake(service)).toMatch(/CN ?= ?server/)
    await writeFile(join(service.folder, 'server.pem'), renewed.cert)
    await waitFor('the renewed certificate', async () => /CN ?= ?renewed/.test(await handshake(service)))
    expect(service.log()).not.toContain('PRIVATE KEY')
  })
}

describe('certificates of clients', () => {
  const clients = { none: undefined, prometheus, other, forged }

  it.each([
    ['NoClientCert', tls() + users, { none: 401, prometheus: 401, other: 401, forged: 401 }],
    [
      'RequestClientCert',
      tls('client_auth_type: RequestClientCert'),
      { none: 200, prometheus: 200, other: 200, forged: 200 },
    ],
    [
      'RequireAnyClientCert',
      tls('client_auth_type: RequireAnyClientCert'),
      { none: 'no answer', prometheus: 200, other: 200, forged: 200 },
    ],
    [
      'VerifyClientCertIfGiven',
      verified('VerifyClientCertIfGiven'),
      { none: 401, prometheus: 200, other: 200, forged: 'no answer' },
    ],
    [
      'RequireAndVerifyClientCert',
      verified('RequireAndVerifyClientCert'),
      { none: 'no answer', prometheus: 200, other: 200, forged: 'no answer' },
    ],
    [
      'names',
      verified('RequireAndVerifyClientCert', ', client_allowed_sans: [prometheus.example]'),
      { none: 'no answer', prometheus: 200, other: 'no answer', forged: 'no answer' },
    ],
    [
      'and users',
      verified('RequireAndVerifyClientCert') + users,
      { none: 'no answer', prometheus: 401, other: 401, forged: 'no answer' },
    ],
  ])('%s', async (_what, web, expected) => {
    const service = await startService('exporter', { web, files })
    try {
      const answers: Record<string, number | string> = {}
      for (const [who, client] of Object.entries(clients)) answers[who] = await ask(service.url, client)
      expect(answers).toEqual(expected)
    } finally {
      await service.stop()
    }
  })
})
