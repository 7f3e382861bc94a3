import type { Server, Socket } from 'node:net'
import { createShares } from './shares.ts'

/**
 * Leaves connections for others: those of an address that has its share are closed.
 *
 * @param most Connections of the server at a time.
 */
export function shareConnections(server: Server, most: number): void {
  const shares = createShares(most)
  server.maxConnections = most
  server.prependListener('connection', (socket: Socket) => {
    const giveBack = shares(socket.remoteAddress)
    if (giveBack) socket.once('close', giveBack)
    else socket.destroy()
  })
}
