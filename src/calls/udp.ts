import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { isIPv6 } from 'node:net'
import { ProbityError } from '../lib/errors.ts'
import type { ListenAddress, Listening } from '../lib/http/listen.ts'
import { udpDrops } from './udp-drops.ts'

/** A UDP socket that receives. */
export interface ListeningUdp extends Listening {
  readonly port: number
  /** Datagrams that the kernel has dropped for this socket. 0 where there is no /proc. */
  readonly dropped: () => number
}

/**
 * Bytes that the kernel is asked to hold while the program does something else. It gives at most net.core.rmem_max;
 * where that is the usual 208 KiB, a few hundred datagrams.
 */
const receiveBuffer = 8 * 1024 * 1024

/**
 * Receives datagrams.
 *
 * @param onDatagram Must not keep the bytes, and must not throw.
 * @throws {@link ProbityError} `LISTEN_FAILED` when the address cannot be bound.
 */
export async function listenUdp(
  onDatagram: (bytes: Uint8Array) => void,
  { host, port }: ListenAddress,
): Promise<ListeningUdp> {
  // An empty host means every interface: one socket for both families.
  const type = host === '' || isIPv6(host) ? 'udp6' : 'udp4'
  const socket = createSocket({ type, recvBufferSize: receiveBuffer })
  socket.on('message', onDatagram)
  try {
    socket.bind({ port, ...(host !== '' && { address: host }) })
    await once(socket, 'listening')
  } catch (cause) {
    socket.close()
    const shown = `${host}:${port}`
    throw new ProbityError('LISTEN_FAILED', `cannot receive on UDP ${shown}: ${(cause as Error).message}`, {
      cause,
    })
  }
  // What the system reports of a single datagram concerns nobody else.
  socket.on('error', () => undefined)
  const bound = socket.address()
  const shownHost = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address
  const table = type === 'udp6' ? '/proc/net/udp6' : '/proc/net/udp'
  let stopped: Promise<void> | undefined
  return {
    url: `udp://${shownHost}:${bound.port}`,
    port: bound.port,
    dropped: () => udpDrops(readTable(table), bound.port),
    stop: () => (stopped ??= close(socket)),
  }
}

async function close(socket: Socket): Promise<void> {
  const closed = once(socket, 'close')
  socket.close()
  await closed
}

function readTable(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
