import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { decodeDatagram, type Call } from '../../../client/src/wire.ts'
import { waitFor } from '../../support/time/wait-for.ts'

export interface Collector {
  /** `host:port`, as `monitor({ address })` takes it. */
  readonly address: string
  readonly port: number
  /** Everything that has arrived, as text. */
  readonly datagrams: string[]
  /** What has arrived, decoded. */
  readonly calls: () => Call[]
  /** Waits until at least that many calls have arrived. */
  readonly received: (count: number) => Promise<Call[]>
  readonly stop: () => Promise<void>
}

/** A real UDP socket that keeps what arrives. */
export async function startCollector(port = 0): Promise<Collector> {
  const socket: Socket = createSocket('udp4')
  const datagrams: string[] = []
  socket.on('message', (bytes) => {
    datagrams.push(bytes.toString())
  })
  socket.bind(port, '127.0.0.1')
  await once(socket, 'listening')
  const bound = socket.address().port
  const calls = (): Call[] => datagrams.flatMap((text) => decodeDatagram(Buffer.from(text)).calls)
  return {
    address: `127.0.0.1:${bound}`,
    port: bound,
    datagrams,
    calls,
    async received(count) {
      await waitFor(`${count} calls`, () => calls().length >= count)
      return calls()
    },
    async stop() {
      socket.close()
      await once(socket, 'close')
    },
  }
}

/**
 * The same on a port that the system gives to nobody by itself (Linux begins at 32768), so that it can be left and taken
 * again.
 */
export async function startCollectorOnSteadyPort(): Promise<Collector> {
  for (let port = 20_000 + (process.pid % 10_000); ; port++) {
    try {
      return await startCollector(port)
    } catch (error) {
      if (port >= 32_000) throw error
    }
  }
}
