import type { Server, Socket } from 'node:net'
import { networkOf } from './network-of.ts'

/**
 * Leaves connections for others: an address gets no more than half of what all the others leave, and so there is always one for an
 * address that has none yet, unless very many addresses conspire.
 *
 * @param most Connections of the server at a time.
 */
export function shareConnections(server: Server, most: number): void {
  const open = new Map<string, number>()
  let all = 0
  server.maxConnections = most
  server.prependListener('connection', (socket: Socket) => {
    const client = networkOf(socket.remoteAddress ?? '')
    const own = open.get(client) ?? 0
    if (own >= Math.ceil((most - (all - own)) / 2)) {
      socket.destroy()
      return
    }
    open.set(client, own + 1)
    all++
    socket.once('close', () => {
      all--
      const left = (open.get(client) ?? 1) - 1
      if (left === 0) open.delete(client)
      else open.set(client, left)
    })
  })
}
