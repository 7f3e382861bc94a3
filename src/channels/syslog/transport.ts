import { createSocket } from 'node:dgram'
import { connect, isIP, isIPv6, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { lookup } from 'node:dns/promises'

export interface Place {
  readonly host: string
  readonly port: number
}

/** Sends one datagram. */
export async function sendDatagram(
  { host, port }: Place,
  message: Buffer,
  signal: AbortSignal,
): Promise<void> {
  const { address } = await lookup(host)
  signal.throwIfAborted()
  await new Promise<void>((resolve, reject) => {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
    const end = (error?: Error | null): void => {
      signal.removeEventListener('abort', giveUp)
      socket.close()
      if (error) reject(error)
      else resolve()
    }
    const giveUp = (): void => {
      end(signal.reason as Error)
    }
    signal.addEventListener('abort', giveUp, { once: true })
    socket.on('error', end)
    socket.send(message, port, address, end)
  })
}

/** Writes one message with its length before it (RFC 6587, section 3.4.1), and ends once the other side has taken it. */
export async function sendStream(
  { host, port, tls, verify }: Place & { readonly tls: boolean; readonly verify: boolean },
  message: Buffer,
  signal: AbortSignal,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const servername = isIP(host) === 0 ? { servername: host } : {}
    const socket: Socket = tls
      ? connectTls({ host, port, rejectUnauthorized: verify, ...servername })
      : connect({ host, port })
    const giveUp = (): void => {
      socket.destroy(signal.reason as Error)
    }
    signal.addEventListener('abort', giveUp, { once: true })
    socket.on('error', reject)
    socket.on('close', () => {
      signal.removeEventListener('abort', giveUp)
      reject(new Error('the connection was closed'))
    })
    socket.once(tls ? 'secureConnect' : 'connect', () => {
      socket.end(Buffer.concat([Buffer.from(`${message.length} `), message]), () => {
        resolve()
        socket.destroySoon()
      })
    })
  })
}
