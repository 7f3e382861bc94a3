import type { FailureReason } from '../../../src/net/failure.ts'
import { afterEach, describe, expect, it } from 'vitest'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { renderProbe } from '../../../src/metrics/render.ts'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'
import { createCertificateProber } from '../../../src/checks/certificate/probe.ts'
import { createCertificate, fingerprint, type Certificate } from '../../support/certificates.ts'
import { checkOf } from '../../support/checks.ts'
import { script, startTalkServer, upgrade } from '../../support/servers/talk-server.ts'
import { aTarget } from '../../support/target.ts'

const dayMs = 86_400_000
const now = Math.floor(Date.now() / 1000) * 1000
const inDays = (days: number): Date => new Date(now + days * dayMs)
const day = (date: Date): string => date.toISOString().slice(0, 10)

const authority = createCertificate({ name: 'Test authority', isAuthority: true, notAfter: inDays(300) })
const intermediate = createCertificate({
  name: 'Between',
  isAuthority: true,
  issuer: authority,
  notAfter: inDays(200),
})
const names = { dns: ['localhost', 'shop.example'], ip: ['127.0.0.1'] }
const good = createCertificate({ name: 'shop', ...names, issuer: authority, notAfter: inDays(30) })
const probeCertificate = createCertificateProber({ authorities: [authority.cert] })

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
})

async function serve(options: TlsOptions): Promise<string> {
  const server = createTlsServer(options, (socket) => {
    socket.on('error', () => undefined)
    socket.resume()
  })
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  stops.push(async () => {
    const closed = once(server, 'close')
    server.close()
    await closed
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

type Keys = Readonly<Record<string, unknown>>

async function probe(keys: Keys): Promise<ProbeResult> {
  return runProbe(checkOf('tls', keys), {
    timeoutSeconds: 1,
    probers: { tls: () => Promise.resolve(probeCertificate) },
  })
}

async function probeWith(options: TlsOptions, keys: Keys = {}): Promise<ProbeResult> {
  return probe({ certificate: await serve(options), ...keys })
}

describe('the certificate prober', () => {
  it('verifies a certificate and tells what it saw', async () => {
    const result = await probeWith(good)
    expect(result).toMatchObject({
      success: true,
      tls: { verified: true, version: 'TLS 1.3', earliestExpiry: inDays(30).getTime() / 1000 },
    })
    expect(result.tls!.chain[0]!.fingerprintSha256).toBe(fingerprint(good.cert))
    expect(Object.keys(result.phases!)).toEqual(['resolve', 'connect', 'tls'])
    const target = aTarget({ check: checkOf('tls', { certificate: '127.0.0.1' }) })
    const text = renderProbe({ target, result, timeoutSeconds: 1 })
    for (const name of [
      'probe_ssl_earliest_cert_expiry',
      'probe_ssl_last_chain_info',
      'probe_tls_version_info',
    ]) {
      expect(text).toContain(`\n${name}`)
    }
  })

  it('verifies a chain, and the name that it is told to', async () => {
    const leaf = createCertificate({ name: 'vault', dns: ['vault.example'], issuer: intermediate })
    const options = { cert: leaf.cert + intermediate.cert, key: leaf.key }
    const result = await probeWith(options, { tls: { server_name: 'vault.example', min_version: 'TLS13' } })
    expect(result).toMatchObject({ success: true, tls: { verified: true } })
    expect(result.tls!.chain).toHaveLength(2)
  })

  it('verifies a host by its name', async () => {
    const address = await serve(good)
    const result = await probe({ certificate: address.replace('127.0.0.1', 'localhost') })
    expect(result).toMatchObject({ success: true, resolve: { address: '127.0.0.1' } })
  })

  it('asks for TLS in the words of a protocol', async () => {
    const server = await startTalkServer(script('* OK\r\n', { 'a1 STARTTLS': upgrade('a1 OK\r\n', good) }))
    stops.push(server.stop)
    const result = await probe({ certificate: server.address, starttls: 'imap' })
    expect(result).toMatchObject({ success: true, tls: { verified: true } })
  })

  const from = (certificate: Certificate, ...more: readonly Certificate[]): TlsOptions => ({
    cert: [certificate, ...more].map(({ cert }) => cert).join(''),
    key: certificate.key,
  })
  const stranger = createCertificate({ name: 'Stranger', isAuthority: true })

  const invalid: Readonly<Record<string, readonly [TlsOptions, RegExp]>> = {
    'has expired': [
      from(
        createCertificate({
          name: 'shop',
          ...names,
          issuer: authority,
          notBefore: inDays(-40),
          notAfter: inDays(-10),
        }),
      ),
      new RegExp(`^the certificate of 127\\.0\\.0\\.1 expired on ${day(inDays(-10))}T[\\d:]+Z, 10 days ago$`),
    ],
    'is not valid yet': [
      from(
        createCertificate({
          name: 'shop',
          ...names,
          issuer: authority,
          notBefore: inDays(3),
          notAfter: inDays(9),
        }),
      ),
      new RegExp(`is valid only from ${day(inDays(3))}T[\\d:]+Z, in 3 days$`),
    ],
    'is for others': [
      from(
        createCertificate({
          name: 'x',
          dns: ['a.example', '*.b.example', 'c.example', 'd.example'],
          issuer: authority,
        }),
      ),
      /^the certificate is not for 127\.0\.0\.1, but for a\.example, \*\.b\.example, c\.example and 1 more$/,
    ],
    'is self-signed': [from(createCertificate({ name: 'shop', ...names })), /is self-signed$/],
    'lacks an intermediate': [
      from(createCertificate({ name: 'shop', ...names, issuer: intermediate })),
      /^the certificate of 127\.0\.0\.1 is signed by "CN=Between", which is not trusted, and the server sent no certificate for it: an intermediate is missing,/,
    ],
    'leads to somebody else': [
      from(createCertificate({ name: 'shop', ...names, issuer: stranger }), stranger),
      /^the certificates of 127\.0\.0\.1 lead to "CN=Stranger", which is not trusted$/,
    ],
  }

  it.each(Object.entries(invalid))('tells that it %s, and its facts', async (_name, [options, message]) => {
    const result = await probeWith(options)
    expect(result).toMatchObject({
      success: false,
      failure: { reason: 'certificate', message: expect.stringMatching(message) },
      tls: { verified: false, version: 'TLS 1.3' },
    })
    expect(result.tls!.chain.length).toBeGreaterThan(0)
    expect(result.tls!.earliestExpiry).toBe(Math.min(...result.tls!.chain.map(({ notAfter }) => notAfter)))
  })

  it('takes it as it is where it is not to be verified', async () => {
    const options = from(createCertificate({ name: 'shop', ...names }))
    const result = await probeWith(options, { tls: { verify: false } })
    expect(result).toMatchObject({ success: true, tls: { verified: false, chain: [{ subject: 'CN=shop' }] } })
  })

  const old = { ...good, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const
  const veryOld = {
    ...good,
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  } as const

  it('takes an old version unless it is told not to', async () => {
    expect(await probeWith(old)).toMatchObject({ success: true, tls: { version: 'TLS 1.2' } })
    const { failure } = await probeWith(old, { tls: { min_version: 'TLS13' } })
    expect(failure).toEqual({ reason: 'tls', message: '127.0.0.1 does not speak TLS 1.3 or newer' })
  })

  it('takes a very old version only where it is told to', async () => {
    const { failure } = await probeWith(veryOld)
    expect(failure).toEqual({ reason: 'tls', message: '127.0.0.1 does not speak TLS 1.2 or newer' })
    const result = await probeWith(veryOld, { tls: { min_version: 'TLS10' } })
    expect(result).toMatchObject({ success: true, tls: { version: 'TLS 1.1', verified: true } })
  })

  const without: Readonly<
    Record<string, readonly [Parameters<typeof startTalkServer>[0], FailureReason, RegExp]>
  > = {
    'speaks no TLS': [script('220 hi\r\n'), 'tls', /the port does not speak TLS$/],
    'goes at once': [(socket) => socket.end(), 'tls', /the connection was closed in the middle of it$/],
    'says nothing': [(socket) => socket.resume(), 'timeout', /while in the TLS handshake with 127\.0\.0\.1$/],
    'sends an alert': [
      (socket) => socket.once('data', () => socket.write(Buffer.from([0x15, 3, 3, 0, 2, 2, 40]))),
      'tls',
      /handshake failure/,
    ],
    'sends nonsense in a record': [
      (socket) => socket.once('data', () => socket.write(Buffer.from([0x16, 3, 3, 0, 4, 9, 9, 9, 9]))),
      'tls',
      /^no TLS handshake with 127\.0\.0\.1: /,
    ],
  }

  it.each(Object.entries(without))('tells a server that %s', async (_name, [behave, reason, message]) => {
    const server = await startTalkServer(behave)
    stops.push(server.stop)
    const result = await probe({ certificate: server.address })
    expect(result).toMatchObject({
      success: false,
      failure: { reason, message: expect.stringMatching(message) },
    })
    expect(result).not.toHaveProperty('tls')
  })
})
