import { afterEach, describe, expect, it } from 'vitest'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type TLSSocket } from 'node:tls'
import { tlsResult } from '../../../src/net/tls/info.ts'
import { identityOf, peerOf } from '../../../src/net/tls/peer.ts'
import { createTrust } from '../../../src/net/tls/trust.ts'
import { createCertificate } from '../../support/certificates.ts'

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

/** Speaks TLS with a server that has this certificate, and whatever comes after it. */
async function meet(cert: string, key: string): Promise<TLSSocket> {
  const server = createServer({ cert, key }, (socket) => socket.on('error', () => undefined))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
  ends.push(() => {
    socket.destroy()
    server.close()
  })
  await once(socket, 'secureConnect')
  return socket
}

const root = createCertificate({ name: 'root', isAuthority: true })
const shop = createCertificate({ name: 'shop', dns: ['shop.example'], issuer: root })
const renewed = createCertificate({ name: 'shop', dns: ['new.example'], issuer: root })

describe('the certificates of a peer', () => {
  it('are decoded once, as long as they are the same', async () => {
    const trust = createTrust()
    const [first, second] = [await meet(shop.cert, shop.key), await meet(shop.cert, shop.key)]
    expect(tlsResult(second, trust).chain).toBe(tlsResult(first, trust).chain)
    expect(identityOf(second)).toBe(identityOf(first))
    const third = await meet(renewed.cert, renewed.key)
    expect(tlsResult(third, trust).chain).toMatchObject([{ subjectAlternative: 'new.example' }])
    expect(identityOf(third).subjectaltname).toBe('DNS:new.example')
  })

  it('are looked at again by someone who trusts others', async () => {
    const both = shop.cert + root.cert
    const socket = await meet(both, shop.key)
    const trusting = createTrust({}, [root.cert])
    expect(tlsResult(socket, createTrust()).chain).toHaveLength(2)
    expect(tlsResult(socket, trusting).chain).toHaveLength(1)
    expect(tlsResult(await meet(both, shop.key), trusting).chain).toHaveLength(1)
    expect(tlsResult(await meet(shop.cert, shop.key), createTrust()).chain).toHaveLength(1)
  })

  it('can be asked for as often as one likes', async () => {
    const socket = await meet(shop.cert, shop.key)
    expect(peerOf(socket)).toBe(peerOf(socket))
    expect(peerOf(socket).sent).toHaveLength(1)
  })

  it('are not remembered where they are large', async () => {
    const names = Array.from({ length: 1000 }, (_, index) => `a-long-name-${index}.shop.example`)
    const large = createCertificate({ name: 'large', dns: names })
    const [first, second] = [await meet(large.cert, large.key), await meet(large.cert, large.key)]
    expect(peerOf(second).known).not.toBe(peerOf(first).known)
    expect(tlsResult(second, createTrust()).chain).toHaveLength(1)
  })
})
