import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { join } from 'node:path'
import { runProbe } from '../../../../src/checks/run.ts'
import { createCertificate } from '../../../support/certificates.ts'
import { checkOf } from '../../../support/checks.ts'
import { startProxy } from '../../../support/servers/proxy.ts'
import { script, startTalkServer, upgrade } from '../../../support/servers/talk-server.ts'
import { startTlsServer, type TlsServer } from '../../../support/servers/tls-server.ts'
import { tempFolder } from '../../../support/temp-folder.ts'
import { ampleSeconds } from '../../../support/time/patience.ts'
import { everyTlsKind, probeAs } from './every-tls-kind.ts'

const authority = createCertificate({ name: 'Test authority', isAuthority: true })
const only = (name: string, ip: readonly string[] = []) => createCertificate({ name, ip, issuer: authority })
const tls = { ca: authority.cert }

const failure = (host: string) => ({
  reason: 'certificate',
  message: `the certificate names ${host} only as its common name, which clients ignore: subjectAltName must have it`,
})

describe('a certificate that names its host only as its common name', () => {
  let named: TlsServer
  let addressed: TlsServer
  beforeAll(async () => {
    named = await startTlsServer(only('localhost'))
    addressed = await startTlsServer(only('127.0.0.1'))
  })
  afterAll(async () => {
    await named.stop()
    await addressed.stop()
  })

  it.each(everyTlsKind)('fails %s by the name', async (kind) => {
    const result = await probeAs(kind, `localhost:${named.port}`, { tls })
    expect(result).toMatchObject({ failure: failure('localhost'), tls: { verified: false } })
  })

  it.each(everyTlsKind)('fails %s by the address', async (kind) => {
    const result = await probeAs(kind, `127.0.0.1:${addressed.port}`, { tls })
    expect(result).toMatchObject({ failure: failure('127.0.0.1'), tls: { verified: false } })
  })

  it('is seen where the name to verify is configured', async () => {
    const result = await probeAs('certificate:', `127.0.0.1:${named.port}`, {
      tls: { ...tls, server_name: 'localhost' },
    })
    expect(result.failure).toEqual(failure('localhost'))
  })

  it('is seen through a proxy', async () => {
    const proxy = await startProxy()
    const result = await probeAs('http:', `localhost:${named.port}`, {
      tls,
      proxy: `http://127.0.0.1:${proxy.port}`,
    })
    await proxy.stop()
    expect(result.failure).toEqual(failure('localhost'))
  })

  it('does not matter where nothing is to be verified', async () => {
    const result = await probeAs('certificate:', `localhost:${named.port}`, { tls: { verify: false } })
    expect(result).toMatchObject({ success: true, tls: { verified: false } })
  })

  it('is seen after STARTTLS', async () => {
    const begin = upgrade('a1 OK\r\n', only('127.0.0.1'))
    const server = await startTalkServer(script('* OK\r\n', { 'a1 STARTTLS': begin }))
    const check = checkOf('tcp', { tcp: server.address, starttls: 'imap', tls })
    const result = await runProbe(check, { timeoutSeconds: ampleSeconds })
    await server.stop()
    expect(result.failure).toEqual(failure('127.0.0.1'))
  })

  it('is seen over a Unix domain socket', async () => {
    const path = join(await tempFolder(), 'tls.sock')
    const begin = upgrade('', only('shop.example'))
    const server = await startTalkServer(begin, { path })
    const keys = { unix: path, use_tls: true, tls: { ...tls, server_name: 'shop.example' } }
    const result = await runProbe(checkOf('unix', keys), { timeoutSeconds: ampleSeconds })
    await server.stop()
    expect(result.failure).toEqual(failure('shop.example'))
  })
})

describe('a certificate whose subjectAltName has only addresses', () => {
  it.each(['localhost', 'other.example'])('is not for a name, with the common name %s', async (name) => {
    const server = await startTlsServer(only(name, ['127.0.0.1']))
    const result = await probeAs('certificate:', `localhost:${server.port}`, { tls })
    await server.stop()
    expect(result.failure).toEqual(
      name === 'localhost'
        ? failure('localhost')
        : { reason: 'certificate', message: 'the certificate is not for localhost, but for 127.0.0.1' },
    )
  })

  it('is for these addresses', async () => {
    const server = await startTlsServer(only('localhost', ['127.0.0.1']))
    const result = await probeAs('certificate:', `127.0.0.1:${server.port}`, { tls })
    await server.stop()
    expect(result).toMatchObject({ success: true, tls: { verified: true } })
  })
})
