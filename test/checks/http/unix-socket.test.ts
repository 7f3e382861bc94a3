import { afterEach, describe, expect, it } from 'vitest'
import { join } from 'node:path'
import { createHttpProber } from '../../../src/checks/http/probe.ts'
import { recordProbeLog } from '../../../src/checks/log.ts'
import { runProbe, type RunProbeOptions } from '../../../src/checks/run.ts'
import { renderProbe } from '../../../src/metrics/render.ts'
import { createCertificate } from '../../support/certificates.ts'
import { checkOf } from '../../support/checks.ts'
import { parse, parseTarget } from '../../support/parse-config.ts'
import { startHttpPeer } from '../../support/servers/http-peer.ts'
import { onLines, startTalkServer, upgrade } from '../../support/servers/talk-server.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const authority = createCertificate({ name: 'Test authority', isAuthority: true })
const certificate = createCertificate({ name: 'here', dns: ['app.example'], issuer: authority })
const probeHttp = createHttpProber({ authorities: [authority.cert] })

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
})

/** A server on a socket that answers each request with the same, and says what it was asked. */
async function serve(response: string) {
  const path = join(await tempFolder(), 'app.sock')
  const requests: string[][] = []
  const answer = (socket: Parameters<typeof onLines>[0]): void => {
    const lines: string[] = []
    onLines(socket, (line) => {
      if (line !== '') lines.push(line)
      else {
        requests.push(lines)
        socket.end(response)
      }
    })
  }
  const { stop } = await startTalkServer(
    (socket) => {
      // The first byte of a TLS handshake is 22.
      socket.once('readable', () => {
        const first = socket.read() as Buffer | null
        if (first) socket.unshift(first)
        if (first?.[0] === 22) upgrade('', certificate, answer)(socket)
        else answer(socket)
      })
    },
    { path },
  )
  stops.push(stop)
  return { path, requests }
}

type Keys = Readonly<Record<string, unknown>>

async function probe(keys: Keys, more: Partial<RunProbeOptions> = {}) {
  return runProbe(checkOf('http', keys), {
    timeoutSeconds: 5,
    probers: { http: () => Promise.resolve(probeHttp) },
    ...more,
  })
}

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'

describe('an HTTP check over a Unix domain socket', () => {
  it('asks what the URL says, with its host', async () => {
    const { path, requests } = await serve(ok)
    const log = recordProbeLog(() => 0)
    const keys = {
      url: 'http://app.example:8080/health?a=1',
      unix_socket: path,
      expect: { body: { contains: 'ok' } },
    }
    const result = await probe(keys, { log })
    expect(result.failure).toBeUndefined()
    expect(requests[0]!.slice(0, 2)).toEqual(['GET /health?a=1 HTTP/1.1', 'host: app.example:8080'])
    expect(Object.keys(result.phases!)).toEqual(['connect', 'processing', 'transfer'])
    expect(result.resolve).toBeUndefined()
    expect(log.lines[0]).toMatchObject({ message: 'connecting', fields: { path } })
    const target = parseTarget(`targets: [${JSON.stringify({ name: 'it', ...keys })}]`)
    expect(renderProbe({ target, result, timeoutSeconds: 1 })).toContain('\nprobe_ip_protocol 0\n')
  })

  it('speaks TLS for the name in the URL', async () => {
    const { path } = await serve(ok)
    const right = await probe({ url: 'https://app.example/', unix_socket: path })
    expect(right).toMatchObject({ success: true, tls: { verified: true } })
    const wrong = await probe({ url: 'https://other.example/', unix_socket: path })
    expect(wrong.failure).toMatchObject({ reason: 'certificate' })
  })

  it('follows a redirect to the same origin over the socket, and to another one over the network', async () => {
    const other = await startHttpPeer(() => ({ status: 204 }))
    const { path } = await serve(
      `HTTP/1.1 302 Found\r\nlocation: ${other.url}/there\r\ncontent-length: 0\r\n\r\n`,
    )
    const result = await probe({ url: 'http://app.example/', unix_socket: path })
    expect(result.http).toMatchObject({ statusCode: 204, redirects: 1 })
    expect(other.received).toMatchObject([{ path: '/there' }])
    const circle = await serve('HTTP/1.1 302 Found\r\nlocation: /again\r\ncontent-length: 0\r\n\r\n')
    await probe({ url: 'http://app.example/', unix_socket: circle.path })
    expect(circle.requests.map(([line]) => line)).toEqual([
      'GET / HTTP/1.1',
      ...Array.from({ length: 10 }, () => 'GET /again HTTP/1.1'),
    ])
  })

  it('says that there is no such socket', async () => {
    const path = join(await tempFolder(), 'none.sock')
    const { failure } = await probe({ url: 'http://app.example/', unix_socket: path })
    expect(failure).toEqual({ reason: 'connect', message: `${path}: there is no such socket (ENOENT)` })
  })

  it('is refused where the addresses of this machine are', async () => {
    const { path, requests } = await serve(ok)
    const { failure } = await probe(
      { url: 'http://app.example/', unix_socket: path },
      {
        allowAddress: (address) => {
          throw new Error(`${address} is not allowed`)
        },
      },
    )
    expect(failure).toEqual({
      reason: 'blocked',
      message: `${path} is on this machine, and 127.0.0.1 is not allowed`,
    })
    expect(requests).toEqual([])
  })
})

describe('unix_socket', () => {
  it.each([
    ['a relative path', '{ url: http://a, unix_socket: run/a.sock }', 'is not an absolute path'],
    [
      'a proxy',
      '{ url: http://a, unix_socket: /run/a.sock, proxy: "http://p:1" }',
      'targets[0].unix_socket: has no effect with a proxy',
    ],
    ['another kind', '{ tcp: "a:1", unix_socket: /run/a.sock }', 'has no effect with tcp'],
  ])('is refused with %s', (_name, keys, words) => {
    expect(() => parse(`targets: [${keys.replace('{', '{ name: it,')}]`)).toThrow(words)
  })

  it('is inherited, also by steps, and can be removed', () => {
    const text = `
defaults: { unix_socket: /run/a.sock }
targets:
  - { name: a, url: http://a }
  - { name: b, url: http://a, unix_socket: ~ }
  - { name: c, steps: [{ name: s, url: http://a }] }
`
    const [a, b, c] = parse(text).targets.map(({ check }) => check)
    expect(a).toMatchObject({ unixSocket: '/run/a.sock' })
    expect(b).not.toHaveProperty('unixSocket')
    expect(c).toMatchObject({ steps: [{ check: { unixSocket: '/run/a.sock' } }] })
  })
})
