import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { runProbe } from '../../../src/checks/run.ts'
import { startFaultServer, type FaultServer } from '../../support/servers/fault-server.ts'
import { httpCheck } from '../../support/http-check.ts'

const large = 'x'.repeat(200_000)

/** What a server might say, in and out of place. */
const fragments = [
  'HTTP/1.1 200 OK\r\n',
  'HTTP/1.0 200 OK\r\n',
  'HTTP/1.1 103 Early Hints\r\n\r\n',
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: chat\r\n\r\n',
  'HTTP/1.1 204 No Content\r\n',
  'HTTP/1.1 302 Found\r\n',
  'Location: /elsewhere\r\n',
  'Content-Length: 5\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Content-Encoding: gzip\r\n',
  'Connection: keep-alive\r\n',
  'Set-Cookie: a=b\r\n',
  '__proto__: x\r\n',
  '\r\n',
  '5\r\nhello\r\n',
  '0\r\n\r\n',
  'hello',
  large,
  gzipSync(large).toString('latin1'),
  '\0',
]

type Ending = 'end' | 'reset' | 'stay'

interface Conversation {
  readonly chunks: readonly Buffer[]
  readonly ending: Ending
}

const chunk = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...fragments).map((text) => Buffer.from(text, 'latin1')) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)) },
)

const conversation: fc.Arbitrary<Conversation> = fc.record({
  chunks: fc
    .tuple(fc.constantFrom(...fragments.slice(0, 7)), fc.array(chunk, { maxLength: 8 }))
    .map(([start, rest]) => [Buffer.from(start), ...rest]),
  ending: fc.constantFrom<Ending>('end', 'end', 'end', 'reset', 'reset', 'stay'),
})

function say(socket: Socket, { chunks, ending }: Conversation): void {
  const [next, ...rest] = chunks
  if (next) socket.write(next, () => setImmediate(say, socket, { chunks: rest, ending }))
  else if (ending === 'end') socket.end()
  else if (ending === 'reset') socket.resetAndDestroy()
}

describe('the HTTP prober', () => {
  let server: FaultServer
  let current: Conversation = { chunks: [], ending: 'end' }
  beforeAll(async () => {
    const answer = (socket: Socket): void => {
      say(socket, current)
    }
    server = await startFaultServer({ routes: { '/': answer, '/elsewhere': answer } })
  })
  afterAll(() => server.stop())

  it('has an answer to whatever a server says, and it is never a bug of ours', async () => {
    await fc.assert(
      fc.asyncProperty(conversation, fc.constantFrom('GET', 'HEAD', 'POST'), async (said, method) => {
        current = said
        const check = httpCheck(server.url, { method, expect: { body: { contains: ['h'] } } })
        const { success, failure } = await runProbe(check, { timeoutSeconds: 0.1 })
        expect(failure?.reason).not.toBe('internal')
        expect(success).toBe(failure === undefined)
      }),
      { numRuns: 200 },
    )
  })
})
