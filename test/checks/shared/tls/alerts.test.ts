import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCertificate } from '../../../support/certificates.ts'
import { startTalkServer } from '../../../support/servers/talk-server.ts'
import { startTlsServer, type TlsServer } from '../../../support/servers/tls-server.ts'
import { everyTlsKind, probeAs, type TlsKind } from './every-tls-kind.ts'

const authority = createCertificate({ name: 'Test authority', isAuthority: true })
const certificate = createCertificate({ name: 'shop', ip: ['127.0.0.1'], issuer: authority })
const wantsOne = 'the server wants a certificate of the client: write cert: and key: in tls:'

describe('a server that wants a certificate of the client', () => {
  const asking = { requestCert: true, rejectUnauthorized: true, ALPNProtocols: ['h2', 'http/1.1', 'dot'] }
  let server: TlsServer
  beforeAll(async () => {
    server = await startTlsServer({ ...certificate, ...asking })
  })
  afterAll(() => server.stop())

  // The handshake of TLS 1.3 is over for the client before the server has seen that there is no certificate.
  const keysOf: Readonly<Partial<Record<TlsKind, object>>> = {
    'tcp: with use_tls': { dialogue: [{ expect: '^220' }] },
  }
  const readers = everyTlsKind.filter((kind) => kind !== 'certificate:')

  it.each(readers)('says so to %s', async (kind) => {
    const at = `127.0.0.1:${server.port}`
    const result = await probeAs(kind, at, { tls: { ca: authority.cert }, ...keysOf[kind] })
    expect(result).toMatchObject({ failure: { reason: 'tls', message: wantsOne }, tls: { verified: true } })
  })

  it('says so over HTTP/1.1', async () => {
    const at = `127.0.0.1:${server.port}`
    const result = await probeAs('http:', at, { tls: { ca: authority.cert }, http2: false })
    expect(result.failure).toEqual({ reason: 'tls', message: wantsOne })
  })

  it('says so in the handshake of TLS 1.2', async () => {
    const old = await startTlsServer({ ...certificate, ...asking, maxVersion: 'TLSv1.2' })
    const result = await probeAs('certificate:', `127.0.0.1:${old.port}`, { tls: { ca: authority.cert } })
    await old.stop()
    expect(result.failure).toEqual({
      reason: 'tls',
      message: `no TLS handshake with 127.0.0.1: the server accepts nothing of what was offered (handshake failure): it wants other versions or ciphers, or a certificate of the client`,
    })
  })
})

describe('an alert in the handshake', () => {
  it.each([
    [10, 'the server cannot read what it is sent (unexpected message)'],
    [20, 'the server cannot read what it is sent (bad record mac)'],
    [40, 'the server accepts nothing of what was offered (handshake failure)'],
    [42, 'the server refuses the certificate of the client, or wants one and got none (bad certificate)'],
    [43, 'the server does not support a certificate like that of the client'],
    [44, 'the server says that the certificate of the client has been revoked'],
    [45, 'the server says that the certificate of the client has expired'],
    [46, 'the server does not accept the certificate of the client (certificate unknown)'],
    [47, 'the server cannot read what it is sent (illegal parameter)'],
    [48, 'the server does not trust the authority of the certificate of the client (unknown ca)'],
    [49, 'the server denies access to this client'],
    [50, 'the server cannot read what it is sent (decode error)'],
    [51, 'the server cannot read what it is sent (decrypt error)'],
    [70, '127.0.0.1 does not speak TLS 1.2 or newer'],
    [71, 'the server wants stronger ciphers than were offered'],
    [80, 'the server reports an internal error'],
    [86, 'the server speaks a newer version of TLS than was offered'],
    [109, 'the server cannot read what it is sent (missing extension)'],
    [110, 'the server cannot read what it is sent (unsupported extension)'],
    [112, 'the server does not know the name that was asked for (SNI): see server_name: in tls:'],
    [115, 'the server does not know the key that was offered'],
    [116, wantsOne],
    [120, 'the server speaks none of the offered protocols (ALPN)'],
  ])('with the number %d has words', async (number, words) => {
    const fatal = Buffer.from([0x15, 3, 3, 0, 2, 2, number])
    const server = await startTalkServer((socket) => socket.once('data', () => socket.end(fatal)))
    const result = await probeAs('certificate:', server.address, {})
    await server.stop()
    expect(result.failure).toMatchObject({ reason: 'tls', message: expect.stringContaining(words) })
  })
})
