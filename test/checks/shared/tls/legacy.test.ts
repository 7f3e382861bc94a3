import { afterEach, describe, expect, it } from 'vitest'
import type { SecureVersion } from 'node:tls'
import type { ProbeResult } from '../../../../src/checks/result.ts'
import { createCertificate } from '../../../support/certificates.ts'
import { helloWithoutExtensions } from '../../../support/servers/old-hello.ts'
import { startTalkServer } from '../../../support/servers/talk-server.ts'
import { startTlsServer } from '../../../support/servers/tls-server.ts'
import { probeAs } from './every-tls-kind.ts'

const authority = createCertificate({ name: 'Test authority', isAuthority: true })
const names = { name: 'shop', ip: ['127.0.0.1'], issuer: authority }
const good = createCertificate(names)

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
})

type Tls = Readonly<Record<string, unknown>>

/** A server that speaks everything that OpenSSL can, and a check of it. */
async function probe(tls: Tls, certificate = good, ...versions: SecureVersion[]): Promise<ProbeResult> {
  const [minVersion = 'TLSv1', maxVersion = 'TLSv1.3'] = versions
  const options = { cert: certificate.cert, key: certificate.key, minVersion, maxVersion }
  const server = await startTlsServer({ ...options, ciphers: 'DEFAULT@SECLEVEL=0' })
  stops.push(server.stop)
  return probeAs('certificate:', `127.0.0.1:${server.port}`, { tls: { ca: authority.cert, ...tls } })
}

describe('tls.legacy', () => {
  it('accepts TLS 1.0, and is named where it is not set', async () => {
    const { failure } = await probe({}, good, 'TLSv1', 'TLSv1')
    expect(failure?.message).toBe(
      '127.0.0.1 does not speak TLS 1.2 or newer: tls.legacy: true accepts older versions',
    )
    const result = await probe({ legacy: true }, good, 'TLSv1', 'TLSv1')
    expect(result).toMatchObject({ success: true, tls: { version: 'TLS 1.0', verified: true } })
  })

  it('leaves the oldest version that is written', async () => {
    const { failure } = await probe({ legacy: true, min_version: 'TLS12' }, good, 'TLSv1', 'TLSv1.1')
    expect(failure?.message).toBe('127.0.0.1 does not speak TLS 1.2 or newer')
  })

  it.each([
    ['a signature with SHA-1', createCertificate({ ...names, hash: 'sha1' }), 'is signed with SHA-1'],
    ['a short key', createCertificate({ ...names, rsaBits: 512 }), 'has a key of 512 bits'],
  ])('accepts %s, and is named where it is not set', async (_name, certificate, problem) => {
    const { failure } = await probe({}, certificate, 'TLSv1', 'TLSv1.2')
    expect(failure).toEqual({
      reason: 'certificate',
      message: `the certificate "CN=shop" ${problem}, which is too weak: tls.legacy: true accepts it`,
    })
    const result = await probe({ legacy: true }, certificate, 'TLSv1', 'TLSv1.2')
    expect(result).toMatchObject({ success: true, tls: { verified: true } })
  })

  it('still verifies', async () => {
    const stranger = createCertificate({ name: 'shop', ip: ['127.0.0.1'] })
    const { failure } = await probe({ legacy: true }, stranger)
    expect(failure?.message).toBe('the certificate of 127.0.0.1 is self-signed')
  })

  const problem = 'the server does not support secure renegotiation (RFC 5746): tls.legacy: true accepts it'
  it.each([
    [{}, problem],
    [{ legacy: false, min_version: 'TLS10' }, problem],
    [{ legacy: true }, 'the connection was closed in the middle of it'],
    [{ min_version: 'TLS10' }, 'the connection was closed in the middle of it'],
  ])('goes on with a server that cannot renegotiate safely: %j', async (tls, words) => {
    const server = await startTalkServer(helloWithoutExtensions)
    stops.push(server.stop)
    const { failure } = await probeAs('certificate:', server.address, { tls })
    expect(failure).toEqual({ reason: 'tls', message: `no TLS handshake with 127.0.0.1: ${words}` })
  })
})

describe('tls.max_version', () => {
  it.each([
    [{ max_version: 'TLS12' }, 'TLS 1.2'],
    [{ max_version: 'TLS11' }, 'TLS 1.1'],
    [{ min_version: 'TLS10', max_version: 'TLS10' }, 'TLS 1.0'],
  ])('is the newest that is offered: %j', async (tls, version) => {
    expect(await probe(tls)).toMatchObject({ success: true, tls: { version, verified: true } })
  })

  it.each([
    [{ max_version: 'TLS11' }, 'TLS 1.0 to 1.1'],
    [{ min_version: 'TLS11', max_version: 'TLS11' }, 'TLS 1.1'],
    [{ max_version: 'TLS10' }, 'TLS 1.0'],
  ])('says that the server does not speak it: %j', async (tls, versions) => {
    const { failure } = await probe(tls, good, 'TLSv1.2', 'TLSv1.3')
    expect(failure).toEqual({ reason: 'tls', message: `127.0.0.1 does not speak ${versions}` })
  })
})
