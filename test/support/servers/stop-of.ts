import { once } from 'node:events'
import type { Server, Socket } from 'node:net'

/** How a server is stopped: it accepts nothing more, and its connections end at once. May be called again. */
export function stopOf(server: Server, sockets: Iterable<Socket>): () => Promise<void> {
  return async () => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
}
