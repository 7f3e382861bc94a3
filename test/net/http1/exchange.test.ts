import { describe, expect, it } from 'vitest'
import { once } from 'node:events'
import { createServer, type TLSSocket } from 'node:tls'
import type { AddressInfo } from 'node:net'
import { dial } from '../../../src/net/http1/dial.ts'
import { exchange, type HttpAnswer } from '../../../src/net/http1/exchange.ts'
import { createCertificate } from '../../support/certificates.ts'
import { resetAfter, stall, startRawPeer } from '../../support/servers/raw-peer.ts'

const { signal } = new AbortController()
const everything = { signal, wantsBody: () => true, maxBodyBytes: 100 }

const post = (url: URL, headers: Readonly<Record<string, string>> = {}): Parameters<typeof exchange>[1] => ({
  url,
  method: 'POST',
  headers,
  body: 'größer',
})

describe('an exchange over its own connection', () => {
  it('sends the request as it is, and reads the answer', async () => {
    const peer = await startRawPeer('HTTP/1.1 200 OK\nX-A: b\n\nthanks')
    const url = new URL('/hook?a=ü', peer.url)
    const answer = await exchange(dial(url), post(url, { 'x-key': 'k3y' }), everything)
    expect(answer).toMatchObject({ status: 200, headers: [['x-a', 'b']], breaksOff: false })
    expect(answer.body.toString()).toBe('thanks')
    expect(peer.received).toEqual([
      [
        'POST /hook?a=%C3%BC HTTP/1.1',
        `host: ${url.host}`,
        'connection: close',
        'x-key: k3y',
        'content-length: 8',
        '',
        Buffer.from('größer').toString('latin1'),
      ].join('\r\n'),
    ])
  })

  it('sends no length where there is no body', async () => {
    const peer = await startRawPeer('HTTP/1.1 204 No Content\r\n\r\n')
    const url = new URL(peer.url)
    await exchange(dial(url), { url, method: 'GET', headers: {} }, everything)
    expect(peer.received).toEqual([`GET / HTTP/1.1\r\nhost: ${url.host}\r\nconnection: close\r\n\r\n`])
  })

  it.each([
    ['name', { 'x a': 'b' }],
    ['value', { 'x-a': 'b\r\nx-b: c' }],
    ['value that is not of bytes', { 'x-a': '€' }],
  ])('sends nothing that has a header with a wrong %s', async (_what, headers) => {
    const peer = await startRawPeer('HTTP/1.1 200 OK\r\n\r\n')
    const url = new URL(peer.url)
    await expect(
      exchange(dial(url), post(url, headers as Record<string, string>), everything),
    ).rejects.toThrow(TypeError)
    expect(peer.received).toEqual([])
  })

  it('takes in a bounded part of a body, and does not wait for the rest', async () => {
    const peer = await startRawPeer(stall(`HTTP/1.1 500 Oh\r\n\r\n${'x'.repeat(500)}`))
    const url = new URL(peer.url)
    const answer = await exchange(dial(url), post(url), everything)
    expect([answer.body.length, answer.breaksOff]).toEqual([100, false])
  })

  it.each([
    ['a reset', resetAfter('HTTP/1.1 500 Oh\r\nContent-Length: 9\r\n\r\nno')],
    ['an early end', 'HTTP/1.1 500 Oh\r\nContent-Length: 9\r\n\r\nno'],
  ])('has what there was before %s', async (_what, given) => {
    const peer = await startRawPeer(given)
    const url = new URL(peer.url)
    const answer = await exchange(dial(url), post(url), everything)
    expect([answer.status, answer.body.toString(), answer.breaksOff]).toEqual([500, 'no', true])
  })

  it('ends with its signal: with the status where that was there, else with the reason', async () => {
    const stopping = new AbortController()
    const silent = await startRawPeer(() => {
      stopping.abort(new Error('stopping'))
    })
    const url = new URL(silent.url)
    await expect(exchange(dial(url), post(url), { ...everything, signal: stopping.signal })).rejects.toThrow(
      'stopping',
    )
    await expect(exchange(dial(url), post(url), { ...everything, signal: stopping.signal })).rejects.toThrow(
      'stopping',
    )
    expect(silent.received).toHaveLength(1)
    const late = new AbortController()
    const peer = await startRawPeer(stall('HTTP/1.1 200 OK\r\nX-A: b\r\n'))
    const there = new URL(peer.url)
    const socket = dial(there)
    const pending = exchange(socket, post(there), { ...everything, signal: late.signal })
    await once(socket, 'data')
    late.abort()
    expect(await pending).toMatchObject({ status: 200, headers: [['x-a', 'b']], breaksOff: true })
  })

  it('speaks to http and https only', () => {
    expect(() => dial(new URL('ftp://127.0.0.1/'))).toThrow('the URL is neither http nor https')
  })
})

describe('an exchange over TLS', () => {
  const { cert, key } = createCertificate({ name: 'localhost', dns: ['localhost'] })

  /** @returns What the server was sent, and what the exchange came to. */
  async function talk(
    host: string,
    ca?: string,
  ): Promise<{ sent: string; names: unknown[]; answer: Promise<HttpAnswer> }> {
    const seen = { sent: '', names: [] as unknown[] }
    const server = createServer({ cert, key, ALPNProtocols: ['h2', 'http/1.1'] }, (socket: TLSSocket) => {
      const { servername, alpnProtocol } = socket as TLSSocket & { servername: unknown }
      seen.names.push(servername, alpnProtocol)
      socket.on('error', () => undefined)
      socket.on('data', (chunk: Buffer) => {
        seen.sent += chunk.toString()
        socket.end('HTTP/1.1 200 OK\n\n')
      })
    }).listen(0, '127.0.0.1')
    server.on('tlsClientError', () => undefined)
    await once(server, 'listening')
    const url = new URL(`https://${host}:${(server.address() as AddressInfo).port}/`)
    const answer = exchange(dial(url, ca === undefined ? {} : { ca }), post(url), everything)
    await answer.catch(() => undefined)
    server.close()
    await once(server, 'close')
    return { ...seen, answer }
  }

  it('asks for the name of the host and for HTTP/1.1', async () => {
    const { sent, names, answer } = await talk('localhost', cert)
    expect(await answer).toMatchObject({ status: 200 })
    expect(sent).toMatch(/^POST \/ HTTP\/1\.1\r\n/)
    expect(names).toEqual(['localhost', 'http/1.1'])
  })

  it('sends nothing to a server that nobody vouches for', async () => {
    const { sent, answer } = await talk('localhost')
    await expect(answer).rejects.toThrow('self-signed certificate')
    expect(sent).toBe('')
  })

  it('sends nothing to a server that is another one', async () => {
    const { sent, answer } = await talk('127.0.0.1', cert)
    await expect(answer).rejects.toThrow(/IP: 127\.0\.0\.1 is not in the cert's list/)
    expect(sent).toBe('')
  })
})
