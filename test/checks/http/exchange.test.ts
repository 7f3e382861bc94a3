import { describe, expect, it } from 'vitest'
import { once } from 'node:events'
import { connect } from 'node:net'
import { exchange, type ExchangeOptions } from '../../../src/checks/http/exchange/http1.ts'
import type { HttpRequest } from '../../../src/checks/http/exchange/request.ts'
import { startRawPeer } from '../../support/servers/raw-peer.ts'

const options: ExchangeOptions = {
  monotonic: () => 0,
  maxWireBytes: 1000,
  wholeUrl: false,
  note: () => undefined,
}

async function requestOf(given: Partial<HttpRequest>, more: Partial<ExchangeOptions> = {}): Promise<string> {
  const peer = await startRawPeer('HTTP/1.1 204 No Content\r\n\r\n')
  const url = new URL('/a/b?c=d', peer.url)
  const socket = connect(Number(url.port), '127.0.0.1')
  await once(socket, 'connect')
  const request = { url, method: 'GET', headers: {}, withheld: false, ...given }
  await exchange(request, socket, { ...options, ...more })
  socket.destroy()
  return peer.received[0]!.replaceAll(url.host, 'HOST')
}

describe('an exchange of a probe', () => {
  it.each<[string, Partial<HttpRequest>, string]>([
    ['a plain request', {}, 'GET /a/b?c=d HTTP/1.1\r\nhost: HOST\r\nconnection: close\r\n\r\n'],
    [
      'headers, and another host',
      { headers: { 'x-a': 'b', host: 'shop.example' } },
      'GET /a/b?c=d HTTP/1.1\r\nhost: shop.example\r\nconnection: close\r\nx-a: b\r\n\r\n',
    ],
    [
      'a body',
      { method: 'DELETE', body: 'größer' },
      `DELETE /a/b?c=d HTTP/1.1\r\nhost: HOST\r\nconnection: close\r\ncontent-length: 8\r\n\r\n${Buffer.from('größer').toString('latin1')}`,
    ],
    [
      'no body where there should be one',
      { method: 'POST' },
      'POST /a/b?c=d HTTP/1.1\r\nhost: HOST\r\nconnection: close\r\ncontent-length: 0\r\n\r\n',
    ],
    [
      'a target as it is written',
      { target: '/a/%2e%2E/b' },
      'GET /a/%2e%2E/b HTTP/1.1\r\nhost: HOST\r\nconnection: close\r\n\r\n',
    ],
  ])('sends %s', async (_what, request, sent) => {
    expect(await requestOf(request)).toBe(sent)
  })

  it('names its whole URL to a proxy', async () => {
    expect(await requestOf({}, { wholeUrl: true })).toMatch(/^GET http:\/\/HOST\/a\/b\?c=d HTTP\/1\.1\r\n/)
  })

  it.each([
    ['a path with a line break', { target: '/\r\nx-a: b' }],
    ['a header with a line break', { headers: { 'x-a': 'b\r\nx-b: c' } }],
    ['a length of its own', { headers: { 'content-length': '1' } }],
  ])('does not send %s', async (_what, given) => {
    await expect(requestOf(given as Partial<HttpRequest>)).rejects.toMatchObject({ reason: 'internal' })
  })

  it('counts the time until the answer, not until what comes in advance of it', async () => {
    let now = 1
    const peer = await startRawPeer((socket) => {
      socket.write('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n', () => {
        setImmediate(() => {
          now = 700
          socket.end('HTTP/1.1 200 OK\r\n\r\nok')
        })
      })
    })
    const url = new URL(peer.url)
    const socket = connect(Number(url.port), '127.0.0.1')
    await once(socket, 'connect')
    const request = { url, method: 'GET', headers: {}, withheld: false }
    const { firstByteAt } = await exchange(request, socket, { ...options, monotonic: () => now })
    socket.destroy()
    expect(firstByteAt).toBe(700)
  })
})
