import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/** Milliseconds between two looks. */
const every = 50

/** Connections that are closed per look: each takes up to 0.1 ms, and thousands at once would hold up everything else. */
const atOnce = 50

/** What silent connections end with: also those that are reset. */
const ends = ['end', 'error', 'close']

/**
 * Lets a connection wait in front of a server until its first byte comes. Until then it costs a third of the memory, and to close it,
 * without an answer, costs a fraction of what Node.js needs to write 408. To be called before others listen to `connection`.
 *
 * @param patienceMs How long nothing may come.
 * @param now Milliseconds of a monotonic clock.
 */
export function awaitFirstByte(
  server: Server,
  patienceMs: number,
  now: () => number = () => performance.now(),
): void {
  const serve = server.listeners('connection')
  server.removeAllListeners('connection')
  /** By the time at which they were opened, the oldest first. */
  const silent = new Map<Socket, number>()
  const look = (): void => {
    let closed = 0
    for (const [socket, since] of silent) {
      if (closed++ === atOnce || now() - since < patienceMs) return
      socket.destroy()
    }
  }
  // One function for all connections: one for each would cost thousands of them a fifth of their memory.
  function leave(this: Socket): void {
    silent.delete(this)
    this.destroy()
  }
  function begin(this: Socket, chunk: Buffer): void {
    silent.delete(this)
    for (const end of ends) this.off(end, leave)
    this.off('data', begin)
    this.unshift(chunk)
    for (const listener of serve) listener.call(server, this)
  }
  let timer: NodeJS.Timeout | undefined
  server.on('connection', (socket: Socket) => {
    silent.set(socket, now())
    timer ??= setInterval(look, every).unref()
    for (const end of ends) socket.on(end, leave)
    socket.on('data', begin)
  })
  server.once('close', () => {
    clearInterval(timer)
  })
}
