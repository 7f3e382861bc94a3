import { afterAll } from 'vitest'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'

/** What is done with a connection once the request is there; bytes are sent as they are, and the connection is closed. */
export type RawAnswer = string | Buffer | ((socket: Socket) => void)

export interface RawPeer {
  readonly url: string
  /** The requests as they arrived, head and body. */
  readonly received: readonly string[]
}

const ends: (() => Promise<unknown>)[] = []

/** A server that takes every request and answers in whatever bytes it is given, one character a byte. */
export async function startRawPeer(answer: RawAnswer): Promise<RawPeer> {
  const received: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    let request = ''
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      const wasComplete = isComplete(request)
      request += chunk.toString('latin1')
      if (wasComplete || !isComplete(request)) return
      received.push(request)
      if (typeof answer === 'function') answer(socket)
      else socket.end(typeof answer === 'string' ? Buffer.from(answer, 'latin1') : answer)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  ends.push(async () => {
    server.close()
    for (const socket of sockets) socket.destroy()
    if (server.listening) await once(server, 'close')
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received }
}

function isComplete(request: string): boolean {
  const endOfHead = request.indexOf('\r\n\r\n')
  const length = Number(/content-length: (\d+)/i.exec(request)?.[1] ?? 0)
  return endOfHead >= 0 && request.length >= endOfHead + 4 + length
}

/** Sends bytes and leaves the connection open. */
export function stall(bytes: string): RawAnswer {
  return (socket) => socket.write(Buffer.from(bytes, 'latin1'))
}

/** Sends bytes, and a reset once the other side has taken them. */
export function resetAfter(bytes: string): RawAnswer {
  return (socket) => {
    socket.write(Buffer.from(bytes, 'latin1'), () => {
      socket.resetAndDestroy()
    })
  }
}

afterAll(async () => {
  await Promise.all(ends.map((end) => end()))
})
