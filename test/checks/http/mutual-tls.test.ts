import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { once } from 'node:events'
import { rename, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createServer, type TlsOptions, type TLSSocket } from 'node:tls'
import type { TlsSettings } from '../../../src/net/tls/settings.ts'
import { createHttpProber } from '../../../src/checks/http/probe.ts'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'
import { createTrustStore } from '../../../src/net/tls/trust-store.ts'
import { createCertificate } from '../../support/certificates.ts'
import { startFaultServer } from '../../support/servers/fault-server.ts'
import { redirectTo } from '../../support/servers/faults.ts'
import { httpCheck } from '../../support/http-check.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const authority = createCertificate({ name: 'Test authority', isAuthority: true })
const served = createCertificate({
  name: 'shop',
  dns: ['shop.example'],
  ip: ['127.0.0.1'],
  issuer: authority,
})
const clients = createCertificate({ name: 'Authority of clients', isAuthority: true })
const ada = createCertificate({ name: 'ada', issuer: clients })
const grace = createCertificate({ name: 'grace', issuer: clients })
const stranger = createCertificate({ name: 'stranger' })

const ca = { text: authority.cert }
const asAda = { cert: { text: ada.cert }, key: { text: ada.key } }

interface Seen {
  readonly client: string | undefined
  readonly serverName: string | false | undefined
}

/** A server that says who asked it, and for which name. */
async function startServer(options: TlsOptions = {}) {
  const seen: Seen[] = []
  const sockets = new Set<TLSSocket>()
  const server = createServer({ cert: served.cert, key: served.key, ...options }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    const { servername } = socket as TLSSocket & { servername?: string | false }
    const client = (socket.getPeerCertificate() as { subject?: { CN: string } } | undefined)?.subject?.CN
    seen.push({ client, serverName: servername })
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'))
  })
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `https://127.0.0.1:${port}/`,
    port,
    seen,
    async stop() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

const probeHttp = createHttpProber()

async function probe(url: string, tls: Partial<TlsSettings>): Promise<ProbeResult> {
  const check = httpCheck(url, { tls: { verify: true, ...tls } })
  return runProbe(check, { timeoutSeconds: 3, probers: { http: () => Promise.resolve(probeHttp) } })
}

describe('a server that wants a certificate of its client', () => {
  let server: Awaited<ReturnType<typeof startServer>>
  beforeAll(async () => {
    server = await startServer({ requestCert: true, rejectUnauthorized: true, ca: clients.cert })
  })
  afterAll(() => server.stop())

  it('gets it', async () => {
    const result = await probe(server.url, { ca, ...asAda })
    expect(result).toMatchObject({ success: true, tls: { verified: true } })
    expect(server.seen.at(-1)!.client).toBe('ada')
  })

  it.each([
    ['none', {}],
    ['that of another authority', { cert: { text: stranger.cert }, key: { text: stranger.key } }],
  ])('refuses %s', async (_name, own) => {
    const result = await probe(server.url, { ca, ...own })
    expect(result.success).toBe(false)
    expect(['tls', 'connect']).toContain(result.failure!.reason)
  })

  it('gets the one that its file has now, and the old one while the new one is only half there', async () => {
    const folder = await tempFolder()
    const [cert, key] = [join(folder, 'client.pem'), join(folder, 'client.key')]
    const put = async (path: string, text: string): Promise<void> => {
      await writeFile(`${path}.new`, text)
      await rename(`${path}.new`, path)
    }
    await put(cert, ada.cert)
    await put(key, ada.key)
    const files = { ca, cert: { file: cert }, key: { file: key } }
    const client = async (): Promise<string | undefined> => {
      expect(await probe(server.url, files)).toMatchObject({ success: true })
      return server.seen.at(-1)!.client
    }
    expect(await client()).toBe('ada')
    await put(cert, grace.cert)
    expect(await client()).toBe('ada')
    await put(key, grace.key)
    expect(await client()).toBe('grace')
  })

  it('is not shown it after a redirect from elsewhere', async () => {
    const start = await startFaultServer({
      tls: served,
      routes: { '/': redirectTo(server.url) },
    })
    const result = await probe(start.url, { ca, ...asAda })
    await start.stop()
    expect(result.success).toBe(false)
    expect(['tls', 'connect']).toContain(result.failure!.reason)
  })
})

describe('its own authority', () => {
  let server: Awaited<ReturnType<typeof startServer>>
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())

  it('is trusted, and only by the target that has it', async () => {
    expect(await probe(server.url, { ca })).toMatchObject({ success: true, tls: { verified: true } })
    expect((await probe(server.url, {})).failure).toMatchObject({ reason: 'certificate' })
    expect((await probe(server.url, { ca: { text: clients.cert } })).failure).toMatchObject({
      reason: 'certificate',
    })
  })

  it('asks for another name than that of the host, and verifies it', async () => {
    expect(await probe(server.url, { ca, serverName: 'shop.example' })).toMatchObject({ success: true })
    expect(server.seen.at(-1)!.serverName).toBe('shop.example')
    expect((await probe(server.url, { ca, serverName: 'bank.example' })).failure).toEqual({
      reason: 'certificate',
      message: 'the certificate is not for bank.example, but for shop.example',
    })
  })

  it('fails as internal where its file was never there: nothing was learnt about the target', async () => {
    const result = await probe(server.url, { ca: { file: '/nowhere/ca.pem' } })
    expect(result.failure).toEqual({
      reason: 'internal',
      message: 'the files of tls: cannot be used: no such file',
    })
  })
})

describe('the oldest version of TLS', () => {
  it('is not gone below', async () => {
    const old = await startServer({ maxVersion: 'TLSv1.2' })
    expect(await probe(old.url, { ca })).toMatchObject({ success: true, tls: { version: 'TLS 1.2' } })
    const result = await probe(old.url, { ca, minVersion: 'TLS13' })
    expect(result.failure).toMatchObject({ reason: 'tls' })
    await old.stop()
  })

  it('can be older than what Node.js has by itself', async () => {
    const ancient = await startServer({
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    })
    expect(await probe(ancient.url, { ca, minVersion: 'TLS10' })).toMatchObject({
      success: true,
      tls: { version: 'TLS 1.0' },
    })
    expect((await probe(ancient.url, { ca })).failure).toMatchObject({ reason: 'tls' })
    await ancient.stop()
  })
})

describe('a store of trusts', () => {
  it('makes one per configuration', () => {
    const trust = createTrustStore()
    expect(trust({ ca })).toBe(trust({ ca: { text: authority.cert } }))
    expect(trust({ ca })).not.toBe(trust({ ca, minVersion: 'TLS13' }))
    expect(trust({ ca })).not.toBe(trust({ ca, ...asAda }))
  })
})
