import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HttpCheck } from '../../../src/checks/http/schema.ts'
import { listenHttp } from '../../../src/lib/http/listen.ts'
import { createHttpProber } from '../../../src/checks/http/probe.ts'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'
import { dnsNames } from '../../../src/net/tls/info.ts'
import { createCertificate, fingerprint, type Certificate } from '../../support/certificates.ts'
import { startFaultServer, type FaultServer } from '../../support/servers/fault-server.ts'
import { httpCheck } from '../../support/http-check.ts'
import { ampleSeconds, slackSeconds } from '../../support/time/patience.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const dayMs = 86_400_000
/** Certificates have whole seconds. */
const now = Math.floor(Date.now() / 1000) * 1000
const authority = createCertificate({ name: 'Test authority', isAuthority: true, notAfter: inDays(300) })
const names = { dns: ['localhost', 'shop.example'], ip: ['127.0.0.1'] }

const good = createCertificate({ name: 'shop', ...names, issuer: authority, notAfter: inDays(30) })
const expired = createCertificate({
  name: 'shop',
  ...names,
  issuer: authority,
  notBefore: inDays(-40),
  notAfter: inDays(-10),
})

function inDays(days: number): Date {
  return new Date(now + days * dayMs)
}

function seconds(date: Date): number {
  return date.getTime() / 1000
}

const probeHttp = createHttpProber({ authorities: [authority.cert] })

async function probe(url: string, overrides: Parameters<typeof httpCheck>[1] = {}): Promise<ProbeResult> {
  return run(httpCheck(url, overrides))
}

async function run(check: HttpCheck): Promise<ProbeResult> {
  return runProbe(check, {
    timeoutSeconds: ampleSeconds,
    probers: { http: () => Promise.resolve(probeHttp) },
  })
}

/** Probes a server that has this certificate, and sends these along. */
async function probeWith(
  certificate: Certificate,
  overrides: Parameters<typeof httpCheck>[1] = {},
  intermediates: readonly Certificate[] = [],
): Promise<ProbeResult> {
  const cert = [certificate, ...intermediates].map((one) => one.cert).join('')
  const server = await startFaultServer({ tls: { cert, key: certificate.key } })
  const result = await probe(server.url, overrides)
  await waitFor('the probe to leave no connection behind', () => server.connections() === 0)
  await server.stop()
  return result
}

describe('the HTTP prober, over TLS', () => {
  let server: FaultServer
  beforeAll(async () => {
    server = await startFaultServer({ tls: good })
  })
  afterAll(() => server.stop())

  it('verifies a certificate and tells what it saw', async () => {
    const result = await probe(server.url)
    expect(result).toMatchObject({ success: true, http: { statusCode: 200, ssl: true } })
    expect(Object.keys(result.phases!)).toEqual(['resolve', 'connect', 'tls', 'processing', 'transfer'])
    expect(result.tls).toEqual({
      version: 'TLS 1.3',
      cipher: 'TLS_AES_256_GCM_SHA384',
      chain: [
        {
          subject: 'CN=shop',
          issuer: 'CN=Test authority',
          subjectAlternative: 'localhost,shop.example',
          serialNumber: expect.stringMatching(/^01[0-9a-f]{16}$/),
          fingerprintSha256: fingerprint(good.cert),
          notBefore: expect.any(Number),
          notAfter: seconds(inDays(30)),
        },
      ],
      verified: true,
      earliestExpiry: seconds(inDays(30)),
      lastChainExpiry: seconds(inDays(30)),
    })
  })

  it('verifies a name, too', async () => {
    const result = await probe(`https://localhost:${server.port}/`)
    expect(result).toMatchObject({ success: true, tls: { verified: true } })
  })

  it('asks for the name of a configured Host header, and verifies that', async () => {
    const right = await probe(server.url, { headers: { Host: 'shop.example' } })
    expect(right).toMatchObject({ success: true, tls: { verified: true } })
    const wrong = await probe(server.url, { headers: { Host: 'other.example:8443' } })
    expect(wrong.failure).toEqual({
      reason: 'certificate',
      message: 'the certificate is not for other.example, but for localhost, shop.example',
    })
  })

  it('takes the earliest end of the chain, even if it is that of an intermediate', async () => {
    const intermediate = createCertificate({
      name: 'Short-lived intermediate',
      isAuthority: true,
      issuer: authority,
      notAfter: inDays(5),
    })
    const leaf = createCertificate({ name: 'shop', ...names, issuer: intermediate, notAfter: inDays(30) })
    const result = await probeWith(leaf, {}, [intermediate])
    expect(result.success).toBe(true)
    expect(result.tls!.chain.map(({ subject }) => subject)).toEqual([
      'CN=shop',
      'CN=Short-lived intermediate',
    ])
    expect(result.tls).toMatchObject({
      earliestExpiry: seconds(inDays(5)),
      lastChainExpiry: seconds(inDays(5)),
    })
  })

  it('counts an authority that ends early in the verified chain only', async () => {
    const ending = createCertificate({ name: 'Ending authority', isAuthority: true, notAfter: inDays(2) })
    const leaf = createCertificate({ name: 'shop', ...names, issuer: ending, notAfter: inDays(30) })
    const tls = await startFaultServer({ tls: leaf })
    const trusting = createHttpProber({ authorities: [authority.cert, ending.cert] })
    const result = await runProbe(httpCheck(tls.url), {
      timeoutSeconds: 3,
      probers: { http: () => Promise.resolve(trusting) },
    })
    await tls.stop()
    expect(result.tls).toMatchObject({
      verified: true,
      earliestExpiry: seconds(inDays(30)),
      lastChainExpiry: seconds(inDays(2)),
    })
  })
})

describe('the HTTP prober, with a certificate that does not verify', () => {
  const day = (date: Date): string => date.toISOString().slice(0, 10)
  const cases: Readonly<Record<string, [Certificate, RegExp, Certificate[]?]>> = {
    'has expired': [
      expired,
      new RegExp(`^the certificate of 127\\.0\\.0\\.1 expired on ${day(inDays(-10))}T[\\d:]+Z, 10 days ago$`),
    ],
    'is not valid yet': [
      createCertificate({
        name: 'shop',
        ...names,
        issuer: authority,
        notBefore: inDays(3),
        notAfter: inDays(30),
      }),
      new RegExp(
        `^the certificate of 127\\.0\\.0\\.1 is valid only from ${day(inDays(3))}T[\\d:]+Z, in 3 days$`,
      ),
    ],
    'is self-signed': [
      createCertificate({ name: 'shop', ...names }),
      /^the certificate of 127\.0\.0\.1 is self-signed$/,
    ],
    'is for another host': [
      createCertificate({ name: 'shop', dns: ['other.example'], issuer: authority }),
      /^the certificate is not for 127\.0\.0\.1, but for other\.example$/,
    ],
    'is signed by nobody we trust': [
      createCertificate({
        name: 'shop',
        ...names,
        issuer: createCertificate({ name: 'Stranger', isAuthority: true }),
      }),
      /^the certificate of 127\.0\.0\.1 is signed by "CN=Stranger", which is not trusted/,
    ],
  }

  it.each(Object.entries(cases))('tells that it %s, and its facts', async (_name, [certificate, message]) => {
    const result = await probeWith(certificate)
    expect(result).toMatchObject({
      success: false,
      failure: { reason: 'certificate', message: expect.stringMatching(message) },
      http: { statusCode: 0, ssl: false },
      tls: { verified: false, version: 'TLS 1.3' },
    })
    expect(result.tls!.chain[0]!.fingerprintSha256).toBe(fingerprint(certificate.cert))
    expect(result.tls!.earliestExpiry).toBe(result.tls!.chain[0]!.notAfter)
    expect(result.tls).not.toHaveProperty('lastChainExpiry')
    expect(Object.keys(result.phases!)).toEqual(['resolve'])
    expect(result.durationSeconds).toBeLessThan(slackSeconds)
  })

  it('names the authority in the chain that has expired', async () => {
    const intermediate = createCertificate({
      name: 'Old intermediate',
      isAuthority: true,
      issuer: authority,
      notBefore: inDays(-40),
      notAfter: inDays(-10),
    })
    const leaf = createCertificate({ name: 'shop', ...names, issuer: intermediate })
    const result = await probeWith(leaf, {}, [intermediate])
    expect(result.failure!.message).toMatch(
      /^the certificate of the authority "CN=Old intermediate", which 127\.0\.0\.1 depends on, expired on /,
    )
    expect(result.tls!.earliestExpiry).toBe(seconds(inDays(-10)))
  })

  it('goes on all the same where it is not to be verified', async () => {
    const result = await probeWith(expired, { tls: { verify: false } })
    expect(result).toMatchObject({
      success: true,
      http: { statusCode: 200, ssl: true },
      tls: { verified: false, earliestExpiry: seconds(inDays(-10)) },
    })
  })

  it('sends nothing to a server that it cannot trust', async () => {
    const server = await startFaultServer({ tls: expired })
    await probe(server.url, { auth: { type: 'bearer', token: 'secret' } })
    expect(server.requests).toEqual([])
    await server.stop()
  })
})

describe('the HTTP prober, where TLS does not come about', () => {
  it('tells TLS on a plain port', async () => {
    const plain = await listenHttp((_request, response) => response.end(), { host: '127.0.0.1', port: 0 })
    const result = await probe(plain.url.replace('http:', 'https:'))
    await plain.stop()
    expect(result).toMatchObject({
      success: false,
      failure: { reason: 'tls', message: 'no TLS handshake with 127.0.0.1: the port does not speak TLS' },
      http: { statusCode: 0, ssl: false },
    })
    expect(Object.keys(result.phases!)).toEqual(['resolve'])
    expect(result.durationSeconds).toBeLessThan(slackSeconds)
  })

  it('tells TLS on a port that speaks something else', async () => {
    const ssh = await startFaultServer({ onConnection: (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n') })
    const result = await probe(`https://127.0.0.1:${ssh.port}/`)
    await ssh.stop()
    expect(result.failure).toEqual({
      reason: 'tls',
      message: 'no TLS handshake with 127.0.0.1: the port does not speak TLS',
    })
  })

  it('tells plain HTTP on a TLS port', async () => {
    const server = await startFaultServer({ tls: good })
    const result = await probe(`http://127.0.0.1:${server.port}/`)
    await server.stop()
    expect(result).toMatchObject({
      success: false,
      failure: { reason: 'connect', message: 'the server closed the connection before it answered' },
      http: { statusCode: 0, ssl: false },
    })
    expect(Object.keys(result.phases!)).toEqual(['resolve', 'connect'])
    expect(result.durationSeconds).toBeLessThan(slackSeconds)
  })

  it('tells plain HTTP on a port that answers with a TLS alert', async () => {
    const alert = Buffer.from([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46])
    const server = await startFaultServer({ routes: { '/': (socket) => socket.end(alert) } })
    const result = await probe(server.url)
    await server.stop()
    expect(result.failure).toEqual({
      reason: 'protocol',
      message: 'the answer is not valid HTTP: the port speaks TLS',
    })
  })

  it('tells a handshake that is cut off', async () => {
    const closing = await startFaultServer({ onConnection: (socket) => socket.end() })
    const result = await probe(`https://127.0.0.1:${closing.port}/`)
    await closing.stop()
    expect(result.failure).toEqual({
      reason: 'tls',
      message: 'no TLS handshake with 127.0.0.1: the connection was closed in the middle of it',
    })
  })

  it('names the oldest version that it speaks, in the words of every kind of check', async () => {
    const server = await startFaultServer({
      tls: {
        cert: good.cert + authority.cert,
        key: good.key,
        minVersion: 'TLSv1',
        maxVersion: 'TLSv1.1',
        ciphers: 'DEFAULT@SECLEVEL=0',
      },
    })
    const { failure } = await probe(server.url)
    await server.stop()
    expect(failure).toEqual({
      reason: 'tls',
      message: '127.0.0.1 does not speak TLS 1.2 or newer: tls.legacy: true accepts older versions',
    })
  })

  it('tells a handshake that never ends', async () => {
    const silent = await startFaultServer({ onConnection: () => undefined })
    const check = httpCheck(`https://127.0.0.1:${silent.port}/`)
    const result = await runProbe(check, { timeoutSeconds: 1 })
    await silent.stop()
    expect(result.failure).toEqual({
      reason: 'timeout',
      message: 'no answer within 1s while in the TLS handshake with 127.0.0.1',
    })
    expect(Object.keys(result.phases!)).toEqual(['resolve'])
  })
})

describe('dnsNames', () => {
  it.each([
    [undefined, []],
    ['DNS:a.example, DNS:*.b.example, IP Address:127.0.0.1', ['a.example', '*.b.example']],
    ['URI:"http://x, DNS:not-a-name", DNS:c.example', ['c.example']],
    ['email:someone@example.com', []],
  ])('reads %s', (text, names) => {
    expect(dnsNames(text)).toEqual(names)
  })
})
