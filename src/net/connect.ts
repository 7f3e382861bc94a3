import { connect, isIPv6, type Socket } from 'node:net'
import {
  connect as connectTls,
  TLSSocket,
  type ConnectionOptions,
  type DetailedPeerCertificate,
  type SecureContext,
} from 'node:tls'
import { codeOf, messageOf } from '../lib/errors.ts'
import { ProbeFailure } from './failure.ts'
import type { Sockets } from './sockets.ts'
import { verifyIdentity } from './tls/identity.ts'
import { identityOf } from './tls/peer.ts'
import { tlsProblem } from './tls/problem.ts'

export interface ConnectOptions {
  readonly sockets: Sockets
  /** Called with every address before it is tried. */
  readonly onAttempt?: (address: string) => void
  /** Milliseconds after which the next address is tried in parallel with the one that has not answered yet. Default 250. */
  readonly staggerMs?: number
  /** Begins to connect. Default: TCP. */
  readonly dial?: (address: string, port: number) => Socket
}

/** More addresses are not tried: the deadline would come first. */
const maxAddresses = 10

/** The Connection Attempt Delay that RFC 8305 section 5 recommends. */
const recommendedStaggerMs = 250

/**
 * Connects to the first address that answers. They are tried in their order, the next one as soon as one fails or has not
 * answered for a moment: a network without IPv6 must not make a dual-stack target look dead.
 *
 * @throws ProbeFailure `connect` when none can be connected to; `internal` when this machine is what stands in the way.
 */
export async function connectFirst(
  addresses: readonly string[],
  port: number,
  options: ConnectOptions,
): Promise<{ socket: Socket; address: string }> {
  const { sockets, onAttempt, staggerMs = recommendedStaggerMs, dial = dialTcp } = options
  refusePortZero(port)
  const waiting = addresses.slice(0, maxAddresses)
  const failures: ProbeFailure[] = []
  const connecting = new Set<Socket>()
  let stagger: NodeJS.Timeout | undefined
  try {
    return await new Promise((resolve, reject) => {
      const tryNext = (): void => {
        clearTimeout(stagger)
        const address = waiting.shift()
        if (address === undefined || sockets.ended) return
        onAttempt?.(address)
        const socket = dial(address, port)
        sockets.track(socket)
        connecting.add(socket)
        socket.prependOnceListener('connect', () => {
          connecting.delete(socket)
          resolve({ socket, address })
        })
        socket.once('error', (error) => {
          if (!connecting.delete(socket)) return
          failures.push(connectFailure(error, address, port))
          if (waiting.length > 0) tryNext()
          else if (connecting.size === 0) reject(allFailed(failures))
        })
        if (waiting.length > 0) stagger = setTimeout(sockets.guard.callback(tryNext), staggerMs)
      }
      tryNext()
    })
  } finally {
    clearTimeout(stagger)
    for (const socket of connecting) socket.destroy()
  }
}

/**
 * Systems take it for "any port" where they listen, and nothing can be there to connect to.
 *
 * @throws ProbeFailure `connect`
 */
export function refusePortZero(port: number): void {
  if (port === 0)
    throw new ProbeFailure('connect', 'nothing can listen on port 0: expected one from 1 to 65535')
}

function dialTcp(address: string, port: number): Socket {
  return connect({ host: address, port, noDelay: true })
}

/** What is asked for in a handshake. */
export interface TlsQuestion {
  readonly secureContext: SecureContext
  /** The name to ask for and to verify; undefined for an IP address. */
  readonly serverName: string | undefined
  /** The protocols to offer, the preferred one first (RFC 7301). Default: none is offered. */
  readonly protocols?: readonly string[]
}

export interface TlsOptions extends TlsQuestion {
  /** What to verify where there is no name. */
  readonly address: string
  readonly sockets: Sockets
  /** Whether the socket speaks TLS with a proxy, inside of which another handshake is to take place. Default: no. */
  readonly inside?: boolean
}

/** Begins to connect and to speak TLS as soon as there is a connection: one socket less than {@link startTls} on a plain one needs. */
export function dialTls(address: string, port: number, question: TlsQuestion): TLSSocket {
  return beginTls({ host: address, port }, question).setNoDelay(true)
}

function beginTls(
  where: ConnectionOptions,
  { secureContext, serverName, protocols }: TlsQuestion,
): TLSSocket {
  const secured = connectTls({
    ...where,
    ...(serverName !== undefined && { servername: serverName }),
    secureContext,
    rejectUnauthorized: false,
    checkServerIdentity: verifyIdentity,
    ...(protocols && { ALPNProtocols: [...protocols] }),
  })
  // Otherwise Node.js decodes the whole chain to verify the name.
  secured.getPeerCertificate = () => identityOf(secured) as DetailedPeerCertificate
  return secured
}

/**
 * Speaks TLS on a connected socket, or waits for the end of the handshake on one of {@link dialTls}. A certificate that does not
 * verify is not an error here, so that it can be reported: look at `authorized` afterwards.
 *
 * @throws ProbeFailure `tls` when there is no handshake.
 */
export async function startTls(socket: Socket, options: TlsOptions): Promise<TLSSocket> {
  const { address, sockets, inside = false } = options
  return new Promise((resolve, reject) => {
    const begun = socket instanceof TLSSocket && !inside
    const secured = begun ? socket : beginTls({ socket, host: address }, options)
    const fail = (cause: Error): void => {
      reject(new ProbeFailure('tls', `no TLS handshake with ${address}: ${tlsProblem(cause)}`, { cause }))
    }
    if (begun) sockets.watchTls(secured)
    else sockets.trackTls(secured, socket)
    // OpenSSL may refuse to begin, before anybody listens.
    if (secured.errored) fail(secured.errored)
    secured.prependOnceListener('secureConnect', () => {
      resolve(secured)
    })
    secured.once('error', fail)
  })
}

/** `10.0.0.1:80`, `[::1]:80`. */
export function endpoint(address: string, port: number): string {
  return isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`
}

const remoteProblems: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'reset the connection',
  EHOSTUNREACH: 'cannot be reached: no route to the host',
  ENETUNREACH: 'cannot be reached: no route to its network',
  EHOSTDOWN: 'cannot be reached: the host is down',
  ETIMEDOUT: 'did not answer before the system gave up',
  EACCES: 'cannot be connected to: a firewall on this machine forbids it',
  EPERM: 'cannot be connected to: a firewall on this machine forbids it',
  EADDRNOTAVAIL: 'cannot be reached: this machine has no address, or no port, to connect from',
}

/** Limits of this machine: they say nothing about the target. */
const localProblems = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'])

function connectFailure(cause: Error, address: string, port: number): ProbeFailure {
  const code = codeOf(cause) ?? 'unknown error'
  const reason = localProblems.has(code) ? 'internal' : 'connect'
  const problem = remoteProblems[code] ?? 'cannot be connected to'
  return new ProbeFailure(reason, `${endpoint(address, port)} ${problem} (${code})`, { cause })
}

function allFailed(failures: readonly ProbeFailure[]): ProbeFailure {
  const [first, ...others] = failures
  if (first === undefined || others.length === 0) return first ?? new ProbeFailure('connect', 'no address')
  const shown = failures.slice(0, 3).map(messageOf)
  const more = failures.length > shown.length ? [`${failures.length - shown.length} more`] : []
  return new ProbeFailure(first.reason, [...shown, ...more].join('; '), { cause: first.cause })
}
