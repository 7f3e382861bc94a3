import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { atEnd } from '../../support/at-end.ts'

/** A wire between two programs that can be cut. */
export interface Wire {
  readonly port: number
  /** From now on nothing gets through, and nobody is refused: a network that loses everything. */
  readonly cut: () => void
  readonly mend: () => void
}

/** Passes on what comes to a port of 127.0.0.1. */
export async function startWire(to: number): Promise<Wire> {
  let isCut = false
  const sockets = new Set<Socket>()
  const keep = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket))
  }
  const server = createServer((socket) => {
    keep(socket)
    if (isCut) return
    const onward = connect(to, '127.0.0.1')
    keep(onward)
    socket.pipe(onward).pipe(socket)
    socket.once('close', () => onward.destroy())
    onward.once('close', () => socket.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const drop = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  atEnd(() => {
    server.close()
    drop()
  })
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      isCut = true
      drop()
    },
    mend() {
      isCut = false
      drop()
    },
  }
}
