import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { runProbe } from '../../src/checks/run.ts'
import { checkOf } from '../support/checks.ts'
import { httpCheck } from '../support/http-check.ts'
import { startTalkServer, type TalkServer } from '../support/servers/talk-server.ts'
import { threadCpuMs } from '../support/time/cpu-time.ts'
import { longestTurn } from '../support/time/longest-turn.ts'

let server: TalkServer | undefined
afterEach(() => server?.stop())

const repeated = (count: number, ...bytes: number[]): Buffer =>
  Buffer.alloc(count * bytes.length, Buffer.from(bytes))

const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'

/** Answers whatever comes, then writes the same for as long as anybody takes it. */
const flood =
  (head: (request: string) => string, bytes: Buffer | string) =>
  (socket: Socket): void => {
    socket.on('error', () => undefined)
    const more = (): void => {
      while (!socket.destroyed && socket.write(bytes));
    }
    socket.once('data', (request: Buffer) => {
      socket.write(head(request.toString()))
      socket.on('drain', more)
      more()
    })
  }

const upgrade = (request: string): string => {
  const key = /^Sec-WebSocket-Key: (\S+)/im.exec(request)?.[1] ?? ''
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  return `HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`
}

type Kind = 'http' | 'websocket'

const floods: Readonly<Record<string, [Kind, (socket: Socket) => void, words: string]>> = {
  'chunks of one byte': ['http', flood(() => chunked, '1\r\nx\r\n'.repeat(100_000)), 'larger than'],
  trailers: ['http', flood(() => `${chunked}0\r\n`, 'X-T: y\r\n'.repeat(50_000)), 'lines between its chunks'],
  headers: ['http', flood(() => 'HTTP/1.1 200 OK\r\n', 'A: b\r\n'.repeat(50_000)), 'KiB of headers'],
  'answers in advance': ['http', flood(() => '', 'HTTP/1.1 100 C\r\n\r\n'.repeat(50_000)), 'more than 20'],
  'messages of one byte': ['websocket', flood(upgrade, repeated(100_000, 0x81, 1, 65)), 'more than 10000'],
  'empty pings': ['websocket', flood(upgrade, repeated(100_000, 0x89, 0)), 'more than 100 pings'],
  'empty fragments': ['websocket', flood(upgrade, repeated(100_000, 0x01, 0)), 'the connection broke'],
}

describe('a server that sends without end', () => {
  it.each(Object.entries(floods))(
    'keeps nobody waiting with %s',
    async (_what, [kind, talk, words]) => {
      server = await startTalkServer(talk)
      const check =
        kind === 'http'
          ? httpCheck(`http://${server.address}/`, { expect: { maxBody: 2 ** 18 } })
          : checkOf('websocket', { websocket: `ws://${server.address}/`, dialogue: [{ expect: 'never' }] })
      // The first time, code is loaded and compiled.
      await runProbe(check, { timeoutSeconds: 100 })
      const longest = longestTurn(threadCpuMs)
      const { failure } = await runProbe(check, { timeoutSeconds: 100 })
      expect(longest()).toBeLessThan(50)
      expect(failure?.message).toContain(words)
    },
    60_000,
  )
})
