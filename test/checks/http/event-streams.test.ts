import { describe, expect, it } from 'vitest'
import { gzipSync } from 'node:zlib'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'
import { httpCheck, pattern } from '../../support/http-check.ts'
import { startRawPeer } from '../../support/servers/raw-peer.ts'
import { ampleSeconds } from '../../support/time/patience.ts'

const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n'

type Expectation = NonNullable<NonNullable<Parameters<typeof httpCheck>[1]>['expect']>

/** Asks a server that says something, piece by piece, and never ends. */
async function ask(
  pieces: readonly (string | Buffer)[],
  expected: Expectation = {},
  timeoutSeconds = ampleSeconds,
): Promise<ProbeResult> {
  const { url } = await startRawPeer((socket) => {
    const say = ([piece, ...rest]: readonly (string | Buffer)[]): void => {
      if (piece !== undefined) socket.write(piece, () => setImmediate(say, rest))
    }
    say(pieces)
  })
  return runProbe(httpCheck(url, { expect: expected }), { timeoutSeconds })
}

describe('a stream of events that never ends', () => {
  it.each<[string, Expectation]>([
    ['nothing is expected of it', {}],
    ['a text has come', { body: { contains: ['data: hello', 'data: tick'] } }],
    ['a regex matches', { body: { matches: [pattern('(?m)^data: t\\w+$')] } }],
    [
      'what must not be there is not before what must',
      { body: { contains: ['tick'], notContains: ['error'], notMatches: [pattern('^id:')] } },
    ],
    ['what must not be there is not in its first lines', { body: { notContains: ['error'] } }],
  ])('is over once %s', async (_when, expected) => {
    const result = await ask([head, 'data: hello\n', '\n', 'data: ti', 'ck\n\n'], expected)
    expect(result).toMatchObject({ success: true, http: { statusCode: 200 } })
  })

  it('is over once there is what must not be', async () => {
    const expected = { body: { contains: ['never'], notContains: ['error'] } }
    const result = await ask([head, 'data: hello\n\n', 'data: error\n\n'], expected)
    expect(result.failure?.reason).toBe('body')
  })

  it('is over once its status is not as expected', async () => {
    const answer = head.replace('200 OK', '503 Busy')
    expect((await ask([answer, 'data: hello\n\n'])).failure).toEqual({
      reason: 'status',
      message: 'expected 2xx, got 503',
    })
  })

  it('is not judged by half a line', async () => {
    const expected = { body: { matches: [pattern('(?m)^data: o$')] } }
    expect((await ask([head, 'data: o', 'k\n\n'], expected, 0.3)).failure?.reason).toBe('timeout')
  })

  it('is waited for as long as something is missing, and the failure says what', async () => {
    const { failure } = await ask([head, 'data: hello\n\n'], { body: { contains: ['never'] } }, 0.3)
    expect(failure).toEqual({
      reason: 'timeout',
      message: 'no answer within 0.3s while reading the event stream (expected the body to contain "never")',
    })
  })

  it('may be compressed', async () => {
    const gzip = head.replace('\r\n\r\n', '\r\nContent-Encoding: gzip\r\n\r\n')
    const event = gzipSync('data: hello\n\n', { finishFlush: 2 })
    expect(await ask([gzip, event], { body: { contains: ['data: hello'] } })).toMatchObject({ success: true })
  })

  it('is bounded like any other body', async () => {
    const expected = { maxBody: 1000, body: { contains: ['never'] } }
    const result = await ask([head, 'data: hello\n\n'.repeat(1000)], expected)
    expect(result.failure?.reason).toBe('size')
  })
})

describe('a stream of events with an end', () => {
  it('is read to it where it has a length', async () => {
    const events = 'data: hello\n\ndata: error\n\n'
    const finite = head.replace('\r\n\r\n', `\r\nContent-Length: ${events.length}\r\n\r\n`)
    const result = await ask([finite, 'data: hello\n\n', 'data: error\n\n'], {
      body: { contains: ['hello'], notContains: ['error'] },
    })
    expect(result.failure?.message).toBe('expected the body not to contain "error"')
  })
})
