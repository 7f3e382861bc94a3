import { once } from 'node:events'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { listenHttp, parseListenAddress } from '../../../src/lib/http/listen.ts'
import { waitFor } from '../../support/time/wait-for.ts'

describe('parseListenAddress', () => {
  it.each([
    ['127.0.0.1:9740', { host: '127.0.0.1', port: 9740 }],
    [':9740', { host: '', port: 9740 }],
    ['[::1]:0', { host: '::1', port: 0 }],
    ['localhost:65535', { host: 'localhost', port: 65_535 }],
  ])('reads %s', (text, expected) => {
    expect(parseListenAddress(text)).toEqual(expected)
  })

  it.each(['', '9740', 'a:b', 'a:65536', '::1:80', 'a:'])('refuses "%s"', (text) => {
    expect(() => parseListenAddress(text)).toThrow(
      `"${text}" is not a valid listen address: expected host:port or :port, such as 127.0.0.1:9740`,
    )
  })
})

describe('listenHttp', () => {
  const local = { host: '127.0.0.1', port: 0 }

  it('finishes requests in flight when it is stopped, also on kept-alive connections', async () => {
    let finish = (): void => undefined
    let arrived = (): void => undefined
    const inFlight = new Promise<void>((resolve) => (arrived = resolve))
    const server = await listenHttp((_request, response) => {
      finish = () => response.end('done')
      arrived()
    }, local)
    const answer = new Promise<string>((resolve, reject) => {
      request(server.url, { headers: { connection: 'keep-alive' } }, (response) => {
        response.setEncoding('utf8').on('data', resolve)
      })
        .on('error', reject)
        .end()
    })
    await inFlight
    const stopped = Promise.all([server.stop(), server.stop()])
    finish()
    expect(await answer).toBe('done')
    await stopped
    await expect(fetch(server.url)).rejects.toThrow()
  })

  it('cuts what does not end within the time it is given', async () => {
    let arrived = (): void => undefined
    const inFlight = new Promise<void>((resolve) => (arrived = resolve))
    const server = await listenHttp(
      () => {
        arrived()
      },
      local,
      20,
    )
    const cut = expect(fetch(server.url)).rejects.toThrow()
    await inFlight
    await server.stop()
    await cut
  })

  it.each([
    ['nothing', ''],
    ['half of its headers', 'GET / HTTP/1.1\r\nHost: a'],
    ['half of its body', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc'],
  ])('does not wait for a client that has sent %s', async (_what, bytes) => {
    const server = await listenHttp(() => undefined, local, 60_000)
    const client = connect(Number(new URL(server.url).port), '127.0.0.1').on('error', () => undefined)
    await once(client, 'connect')
    client.write(bytes)
    const closed = once(client, 'close')
    const before = performance.now()
    await server.stop()
    await closed
    expect(performance.now() - before).toBeLessThan(50_000)
  })

  it('says which address it could not have', async () => {
    const first = await listenHttp(() => undefined, local)
    const port = Number(new URL(first.url).port)
    const second = listenHttp(() => undefined, { ...local, port })
    await expect(second).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port}: another program is listening there: stop it, or choose another port`,
    )
    await expect(second).rejects.toHaveProperty('code', 'LISTEN_FAILED')
    await first.stop()
  })
})

it('leaves connections for other addresses, and turns away what is too much', async () => {
  const limits = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 5_000 }
  const server = await listenHttp(
    (_request, response) => response.end('ok'),
    { host: '127.0.0.1', port: 0 },
    0,
    { ...limits, maxConnections: 8 },
  )
  const { port } = new URL(server.url)
  const from = (localAddress: string): Socket =>
    connect({ port: Number(port), host: '127.0.0.1', localAddress }).on('error', () => undefined)
  const greedy = Array.from({ length: 20 }, () => from('127.0.0.1'))
  try {
    await waitFor('those that are turned away', () => greedy.filter(({ closed }) => closed).length === 16)
    const other = from('127.0.0.2')
    other.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    expect((await text(other)).endsWith('ok')).toBe(true)
    // They are not a matter of one address: a second greedy one gets half of the rest.
    greedy.push(...Array.from({ length: 20 }, () => from('127.0.0.3')))
    await waitFor('those of the second', () => greedy.filter(({ closed }) => closed).length === 34)
    const third = from('127.0.0.4')
    third.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    expect((await text(third)).endsWith('ok')).toBe(true)
  } finally {
    for (const socket of greedy) socket.destroy()
    await server.stop()
  }
})

describe('a connection', () => {
  const limits = { headersTimeout: 200, requestTimeout: 200, connectionsCheckingInterval: 20 }
  const serve = (silenceTimeout: number): ReturnType<typeof listenHttp> =>
    listenHttp((_request, response) => response.end('ok'), { host: '127.0.0.1', port: 0 }, 0, {
      ...limits,
      silenceTimeout,
    })
  const open = async (url: string): Promise<Socket> => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined)
    await once(socket, 'connect')
    return socket
  }

  it('on which nothing is said is closed without an answer', async () => {
    const server = await serve(100)
    expect(await text(await open(server.url))).toBe('')
    await server.stop()
  })

  it('may begin late, has from then on the time of a request, and may go on', async () => {
    const server = await serve(60_000)
    const late = await open(server.url)
    const slow = await open(server.url)
    slow.write('GET / HTTP/1.1\r\nHost: a')
    // Longer than the headers may take.
    expect(await text(slow)).toMatch(/^HTTP\/1\.1 408 /)
    late.write('GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    expect((await text(late)).match(/ok/g)).toHaveLength(2)
    await server.stop()
  })

  it.each(['end', 'resetAndDestroy'] as const)('that says nothing may go: %s', async (how) => {
    const server = await serve(60_000)
    const silent = await open(server.url)
    silent[how]()
    if (how === 'end') expect(await text(silent)).toBe('')
    expect(await (await fetch(server.url)).text()).toBe('ok')
    await server.stop()
  })

  it('that says nothing does not hold up the end', async () => {
    const server = await serve(60_000)
    const silent = await open(server.url)
    await server.stop()
    expect(await text(silent)).toBe('')
  })
})
