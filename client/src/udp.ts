import { Buffer } from 'node:buffer'
import { createSocket, type Socket, type SocketType } from 'node:dgram'
import { lookup as lookUp } from 'node:dns'
import { isIP } from 'node:net'
import type { Address } from './address.ts'

/** Resolves a name as `dns.lookup` does. */
export type Lookup = (
  host: string,
  done: (error: Error | null, address: string, family: number) => void,
) => void

/** IPv4 first: where `localhost` is `::1` too, a collector that listens on 127.0.0.1 would hear nothing, and nobody would know. */
const systemLookup: Lookup = (host, done) => {
  lookUp(host, { verbatim: false }, done)
}

/** Sends datagrams, without ever waiting or throwing. */
export interface Transport {
  /**
   * Whether `send` can be used now. If not, resolving the name has been started where that makes sense, and
   * `onReady` is called when it has succeeded.
   */
  ready: () => boolean
  /** The system call is made before this returns. @returns False when the datagram was given up. */
  send: (text: string) => boolean
  close: (done: () => void) => void
}

export interface UdpOptions {
  readonly address: Address
  readonly onReady: () => void
  /** Milliseconds from an arbitrary start, that never go back. */
  readonly now: () => number
  readonly lookup?: Lookup
}

/** A name is resolved again after this long, because the collector may have moved. In milliseconds. */
const freshFor = 30_000
/** A name that could not be resolved is tried again after this long, in milliseconds. */
const retryAfter = 5_000
/** Datagrams that the system has not yet taken. It takes them at once, unless its buffer is full. */
const maxQueued = 64

interface Resolved {
  readonly ip: string
  readonly type: SocketType
}

/**
 * UDP to one address. The socket does not keep the process alive, and it is not connected: a connected one would lose
 * the first datagram after each time that nobody listened.
 */
export function createUdpTransport({ address, onReady, now, lookup = systemLookup }: UdpOptions): Transport {
  const literal = isIP(address.host)
  let resolved: Resolved | undefined = literal === 0 ? undefined : resolvedAs(address.host, literal)
  let nextLookup = literal === 0 ? now() : Infinity
  let socket: Socket | undefined
  let type: SocketType | undefined
  let closed = false

  const resolve = (): void => {
    nextLookup = Infinity
    lookup(address.host, (error, ip, family) => {
      nextLookup = now() + (error ? retryAfter : freshFor)
      if (error || closed) return
      const first = resolved === undefined
      resolved = resolvedAs(ip, family)
      if (first) onReady()
    })
  }
  const socketFor = (wanted: SocketType): Socket => {
    if (socket !== undefined && type === wanted) return socket
    socket?.close()
    type = wanted
    socket = openSocket(wanted)
    return socket
  }

  return {
    ready() {
      if (now() >= nextLookup) resolve()
      return resolved !== undefined
    },
    send(text) {
      if (resolved === undefined || closed) return false
      try {
        const open = socketFor(resolved.type)
        if (open.getSendQueueCount() >= maxQueued) return false
        open.send(Buffer.from(text), address.port, resolved.ip)
        return true
      } catch {
        return false
      }
    },
    close(done) {
      closed = true
      if (socket === undefined) done()
      else socket.close(done)
      socket = undefined
    },
  }
}

function resolvedAs(ip: string, family: number): Resolved {
  return { ip, type: family === 6 ? 'udp6' : 'udp4' }
}

function openSocket(type: SocketType): Socket {
  const socket = createSocket({
    type,
    // Only addresses are passed to send, and with nothing to look up it reaches the system before it returns. That is
    // what lets the last calls leave while the process exits.
    lookup: (host, _options, done) => {
      done(null, host, type === 'udp6' ? 6 : 4)
    },
  })
  socket.unref()
  // Nobody may be listening, or the network may be down: neither is the program's concern.
  socket.on('error', () => undefined)
  return socket
}
