import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { isIPv6 } from 'node:net'
import { ProbityError } from '../lib/errors.ts'
import { reasonOf, type ListenAddress, type Listening } from '../lib/http/listen.ts'
import { inNetworks } from '../settings/values/network.ts'
import { udpDrops } from './udp-drops.ts'

/** A UDP socket that receives. */
export interface ListeningUdp extends Listening {
  readonly port: number
  /** Datagrams that the kernel has dropped for this socket. 0 where there is no /proc. */
  readonly dropped: () => number
  /** Datagrams that were thrown away because of their sender. */
  readonly refused: () => number
}

const isLoopback = inNetworks(['127.0.0.0/8', '::1/128'])

/**
 * Bytes that the kernel is asked to hold while the program does something else. It gives at most net.core.rmem_max;
 * where that is the usual 208 KiB, a few hundred datagrams.
 */
const receiveBuffer = 8 * 1024 * 1024

/**
 * Receives datagrams.
 *
 * @param onDatagram Must not keep the bytes, and must not throw.
 * @param networks CIDRs of those who may send. Default: all programs of this machine, the only one that can reach a
 *   loopback address.
 * @throws {@link ProbityError} `LISTEN_FAILED` when the address cannot be bound, `NETWORKS_MISSING` when others can reach it
 *   and nobody has said who may send: UDP has no tokens.
 */
export async function listenUdp(
  onDatagram: (bytes: Uint8Array) => void,
  { host, port }: ListenAddress,
  networks: readonly string[] = [],
): Promise<ListeningUdp> {
  // An empty host means every interface: one socket for both families.
  const type = host === '' || isIPv6(host) ? 'udp6' : 'udp4'
  const socket = createSocket({ type, recvBufferSize: receiveBuffer })
  try {
    socket.bind({ port, ...(host !== '' && { address: host }) })
    await once(socket, 'listening')
  } catch (cause) {
    socket.close()
    const shown = `${host}:${port}`
    throw new ProbityError('LISTEN_FAILED', `cannot receive calls on UDP ${shown}: ${reasonOf(cause)}`, {
      cause,
    })
  }
  // What the system reports of a single datagram concerns nobody else.
  socket.on('error', () => undefined)
  const bound = socket.address()
  if (networks.length === 0 && !isLoopback(bound.address)) {
    await close(socket)
    throw new ProbityError(
      'NETWORKS_MISSING',
      `calls cannot be received on UDP ${host}:${port} without --calls.allow-networks: it says who may send, such as 10.0.0.0/8`,
    )
  }
  const isAllowed = networks.length === 0 ? isLoopback : inNetworks(networks)
  let refused = 0
  socket.on('message', (bytes: Buffer, { address }: RemoteInfo) => {
    if (isAllowed(address)) onDatagram(bytes)
    else refused++
  })
  const shownHost = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address
  const table = type === 'udp6' ? '/proc/net/udp6' : '/proc/net/udp'
  let stopped: Promise<void> | undefined
  return {
    url: `udp://${shownHost}:${bound.port}`,
    port: bound.port,
    dropped: () => udpDrops(readTable(table), bound.port),
    refused: () => refused,
    stop: () => (stopped ??= readRest(socket).then(() => close(socket))),
  }
}

/** Turns of the event loop: more than a full buffer of the kernel needs, and an end where somebody never stops to send. */
const mostTurns = 1000

/** Lets the socket read what the kernel still holds: what it holds when the socket is closed is lost. */
async function readRest(socket: Socket): Promise<void> {
  let quiet = 0
  const onMessage = (): void => {
    quiet = 0
  }
  socket.on('message', onMessage)
  // Sockets are not read in every turn: in one that is half over, no more.
  for (let turn = 0; turn < mostTurns && quiet < 2; turn++) {
    quiet++
    await new Promise((resolve) => setImmediate(resolve))
  }
  socket.off('message', onMessage)
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
