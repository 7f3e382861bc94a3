import type { FailureReason } from '../../../src/net/failure.ts'
import { describe, expect, it } from 'vitest'
import { constants } from 'node:http2'
import type { TlsOptions, TLSSocket } from 'node:tls'
import { createHttpProber } from '../../../src/checks/http/probe.ts'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'
import { createCertificate } from '../../support/certificates.ts'
import { httpCheck } from '../../support/http-check.ts'
import { partOf } from '../../support/proof.ts'
import { ampleSeconds, slackSeconds } from '../../support/time/patience.ts'
import {
  endHeaders,
  endStream,
  flood,
  frame,
  header,
  ok,
  startRawHttp2Server,
  uint32,
} from '../../support/servers/http2-server.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const authority = createCertificate({ name: 'Test authority', isAuthority: true })
const certificate = createCertificate({ name: 'shop', ip: ['127.0.0.1'], issuer: authority })
const probeHttp = createHttpProber({ authorities: [authority.cert] })
const timeoutSeconds = 1

type Overrides = Parameters<typeof httpCheck>[1]

async function probe(url: string, overrides: Overrides = {}, seconds = ampleSeconds): Promise<ProbeResult> {
  return runProbe(httpCheck(url, overrides), {
    timeoutSeconds: seconds,
    probers: { http: () => Promise.resolve(probeHttp) },
  })
}

const settings = frame('settings')
const head = frame('headers', endHeaders, 1, ok)
const hello = frame('data', 0, 1, Buffer.from('hello'))
const last = frame('data', endStream, 1, Buffer.from('hello'))
const reset = (code: number): Buffer => frame('rstStream', 0, 1, uint32(code))
const goaway = (lastStream: number, code: number): Buffer =>
  frame('goaway', 0, 0, Buffer.concat([uint32(lastStream), uint32(code)]))
const hints = frame('headers', endHeaders, 1, header(':status', '103'))
const times = (count: number, chunk: Buffer): Buffer =>
  Buffer.concat(Array.from({ length: count }, () => chunk))

type Say = (socket: TLSSocket) => void

/** Says this when the request is there. */
const replying =
  (...frames: readonly Buffer[]): Say =>
  (socket) => {
    socket.write(settings)
    socket.once('data', () => socket.write(Buffer.concat(frames)))
  }

/** Says this and ends the connection. */
const ending =
  (...frames: readonly Buffer[]): Say =>
  (socket) => {
    socket.write(settings)
    socket.once('data', () => socket.end(Buffer.concat(frames)))
  }

const flooding =
  (chunk: Buffer, ...before: readonly Buffer[]): Say =>
  (socket) => {
    socket.write(settings)
    socket.once('data', () => {
      socket.write(Buffer.concat(before))
      flood(socket, chunk)
    })
  }

const closed = 'the server closed the connection before it answered'
const cutShort = 'the connection was closed in the middle of the answer'

/** What a server does that has agreed to HTTP/2, and what a probe makes of it. */
const hostile: Readonly<Record<string, [Say, FailureReason, string | RegExp, status?: number]>> = {
  noise: [(socket) => socket.write(Buffer.alloc(2000, 0xa5)), 'protocol', /does not speak HTTP\/2/],
  'HTTP/1.1': [
    (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'),
    'protocol',
    /does not speak HTTP\/2/,
  ],
  nothing: [() => undefined, 'timeout', /^no answer within 1s while waiting for the answer from https:/],
  'settings alone': [(socket) => socket.write(settings), 'timeout', /while waiting for the answer/],
  'an end at once': [(socket) => socket.end(), 'connect', closed],
  'an end after its settings': [ending(), 'connect', closed],
  'a destroyed connection': [(socket) => socket.destroy(), 'connect', closed],
  'half a frame, and the end': [(socket) => socket.end(Buffer.from([0, 0, 10, 4])), 'connect', closed],
  'GOAWAY at once': [replying(goaway(0, 0)), 'protocol', /^the server went away .*\(NO_ERROR\)$/],
  'GOAWAY with an error': [replying(goaway(0, 11)), 'protocol', /^the server went away .*ENHANCE_YOUR_CALM/],
  'GOAWAY in the middle, and the end': [
    ending(head, hello, goaway(1, 0)),
    'protocol',
    /^the server went away/,
    200,
  ],
  RST_STREAM: [replying(reset(7)), 'protocol', 'the request was reset (REFUSED_STREAM)'],
  'RST_STREAM without an error': [replying(reset(0)), 'protocol', 'the request was reset (NO_ERROR)'],
  'RST_STREAM for HTTP/1.1': [
    replying(reset(13)),
    'protocol',
    /HTTP_1_1_REQUIRED: the server wants HTTP\/1\.1/,
  ],
  'RST_STREAM of the future': [replying(reset(99)), 'protocol', 'the request was reset (error code 99)'],
  'RST_STREAM after the headers': [
    replying(head, hello, reset(2)),
    'protocol',
    'the request was reset (INTERNAL_ERROR)',
    200,
  ],
  'RST_STREAM after the headers, cancelling': [
    replying(head, hello, reset(8)),
    'protocol',
    'the request was reset (CANCEL)',
    200,
  ],
  'RST_STREAM after the headers, without an error': [
    replying(head, hello, reset(0)),
    'protocol',
    'the request was reset (NO_ERROR)',
    200,
  ],
  'the end after the headers': [ending(head, hello), 'protocol', cutShort, 200],
  'no end of its body': [replying(head, hello), 'timeout', /while reading the body, 5 bytes so far$/, 200],
  'less than its Content-Length': [
    replying(frame('headers', endHeaders, 1, Buffer.concat([ok, header('content-length', '10')])), last),
    'protocol',
    /PROTOCOL_ERROR/,
    200,
  ],
  'no status': [
    replying(frame('headers', endHeaders + endStream, 1, header('x', 'y'))),
    'protocol',
    /PROTOCOL_ERROR/,
  ],
  'status 101': [
    replying(frame('headers', endHeaders, 1, header(':status', '101'))),
    'protocol',
    /PROTOCOL_ERROR/,
  ],
  'early hints without end': [
    flooding(times(50, hints)),
    'protocol',
    'more than 20 informational answers (1xx)',
  ],
  'SETTINGS without end': [flooding(times(500, settings)), 'protocol', /does not speak HTTP\/2: .*Flooding/],
  'PING without end': [
    flooding(times(500, frame('ping', 0, 0, Buffer.alloc(8)))),
    'protocol',
    /does not speak HTTP\/2: .*Flooding/,
  ],
  'WINDOW_UPDATE without end': [
    flooding(times(500, frame('windowUpdate', 0, 0, uint32(1)))),
    'timeout',
    /answer/,
  ],
  'CONTINUATION without end': [
    flooding(
      times(100, frame('continuation', 0, 1, header('x', 'y'.repeat(100)))),
      frame('headers', 0, 1, ok),
    ),
    'protocol',
    /Too many CONTINUATION frames/,
  ],
  'empty CONTINUATION without end': [
    flooding(times(1000, frame('continuation', 0, 1)), frame('headers', 0, 1, ok)),
    'protocol',
    /Too many CONTINUATION frames/,
  ],
  'empty DATA without end': [flooding(times(500, frame('data', 0, 1)), head), 'protocol', /HTTP\/2/, 200],
  'huge headers': [
    replying(
      frame('headers', 0, 1, ok),
      times(4, frame('continuation', 0, 1, header('x', 'y'.repeat(16_000)))),
      frame('continuation', endHeaders, 1, header('z', 'y'.repeat(16_000))),
      last,
    ),
    'protocol',
    'the answer has more than 64 KiB of headers',
  ],
  'many headers': [
    replying(frame('headers', endHeaders, 1, Buffer.concat([ok, times(2000, header('x', 'y'))])), last),
    'protocol',
    /ENHANCE_YOUR_CALM: too many headers/,
  ],
  'a header over and over by its index': [
    replying(
      frame(
        'headers',
        0,
        1,
        Buffer.concat([ok, Buffer.from([0x40]), header('x', 'y'.repeat(3900)).subarray(1)]),
      ),
      frame('continuation', endHeaders, 1, Buffer.alloc(16_000, 0xbe)),
      last,
    ),
    'protocol',
    /more than 64 KiB of headers|ENHANCE_YOUR_CALM/,
  ],
  // It does not wait for room in the window either, which newer versions of Node.js do not accept.
  'a body without end': [
    flooding(frame('data', 0, 1, Buffer.alloc(16_000)), head),
    ...(Number(process.versions.node.split('.')[0]) < 24
      ? (['size', /^the body is larger/] as const)
      : (['protocol', /Protocol error/] as const)),
    200,
  ],
}

describe('the HTTP prober, against a server that agrees to HTTP/2 and then misbehaves', () => {
  it.each(Object.entries(hostile))('reports %s', async (_name, [say, reason, message, status = 0]) => {
    const server = await startRawHttp2Server(certificate, (socket) => {
      say(socket)
      socket.resume()
    })
    const before = process.memoryUsage().rss
    const seconds = reason === 'timeout' ? timeoutSeconds : ampleSeconds
    const result = await probe(server.url, {}, seconds)
    expect(result).toMatchObject({
      success: false,
      failure: { reason, message: typeof message === 'string' ? message : expect.stringMatching(message) },
      http: { statusCode: status, version: status === 0 ? 0 : 2 },
    })
    expect(result.durationSeconds).toBeLessThan(timeoutSeconds + slackSeconds)
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024)
    await waitFor('the probe to leave no connection behind', () => server.connections() === 0)
  })

  it.each<[string, Say]>([
    ['GOAWAY before its answer, and the end', ending(goaway(1, 0), head, last)],
    ['RST_STREAM without an error after its answer', replying(head, last, reset(0))],
    ['the end right after its answer', ending(head, last)],
    [
      'many small headers',
      replying(frame('headers', endHeaders, 1, Buffer.concat([ok, times(500, header('x', 'y'))])), last),
    ],
    [
      'frames of a type that nobody knows',
      replying(Buffer.from([0, 0, 1, 0xfa, 0, 0, 0, 0, 0, 7]), head, last),
    ],
  ])('accepts %s', async (_name, say) => {
    const server = await startRawHttp2Server(certificate, say)
    expect(await probe(server.url)).toMatchObject({ success: true, http: { bodyLength: 5, version: 2 } })
  })

  it.each<[string, Say, FailureReason, string]>([
    ['resets it without an error', replying(reset(0)), 'protocol', 'the request was reset (NO_ERROR)'],
    ['breaks the connection', (socket) => socket.once('data', () => socket.destroy()), 'connect', closed],
  ])('reports a server that %s in the middle of a request', async (_name, say, reason, message) => {
    const server = await startRawHttp2Server(certificate, (socket) => {
      say(socket)
      socket.resume()
    })
    const result = await probe(server.url, { method: 'POST', body: 'x'.repeat(3_000_000) })
    expect(result.failure).toEqual({ reason, message })
  })

  it('gives up at the deadline where the server takes nothing of a body', async () => {
    const shut = Buffer.concat([Buffer.from([0, constants.NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE]), uint32(0)])
    const server = await startRawHttp2Server(certificate, (socket) => {
      socket.write(frame('settings', 0, 0, shut))
      socket.resume()
    })
    const result = await probe(server.url, { method: 'POST', body: 'x'.repeat(3_000_000) }, timeoutSeconds)
    expect(result.failure).toMatchObject({ reason: 'timeout' })
    expect(result.durationSeconds).toBeLessThan(timeoutSeconds + slackSeconds)
    await waitFor('the probe to leave no connection behind', () => server.connections() === 0)
  })

  it('reports a refused certificate of the client as what it is', async () => {
    const options: TlsOptions = { ALPNProtocols: ['h2'], requestCert: true, ca: authority.cert }
    const server = await startRawHttp2Server(certificate, () => undefined, options)
    expect((await probe(server.url)).failure).toMatchObject({ reason: 'tls' })
  })

  it('survives being aborted at any moment, and leaves nothing behind', async () => {
    const honest = replying(head, times(20, frame('data', 0, 1, Buffer.alloc(16_000))), last)
    const acts = Object.values(hostile).flatMap(([say]) => [say, honest])
    let turn = 0
    const server = await startRawHttp2Server(certificate, (socket) => {
      acts[turn++ % acts.length]?.(socket)
      socket.resume()
    })
    const aborted = async (index: number): Promise<void> => {
      const check = index % 3 === 0 ? { method: 'POST', body: 'x'.repeat(100_000) } : {}
      const { failure } = await probe(server.url, check, 0.002 + (index % 50) / 1500)
      expect(failure?.reason).not.toBe('internal')
    }
    for (let index = 0; index < partOf(1000, 4); index += 5)
      await Promise.all([0, 1, 2, 3, 4].map((offset) => aborted(index + offset)))
    await waitFor('the probes to leave no connection behind', () => server.connections() === 0)
  })
})
