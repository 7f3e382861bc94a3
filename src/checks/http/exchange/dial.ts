import type { ProbeContext } from '../../../net/attempt.ts'
import type { Socket } from 'node:net'
import { messageOf } from '../../../lib/errors.ts'
import { connectFirst, endpoint, refusePortZero, type ConnectOptions } from '../../../net/connect.ts'
import { ProbeFailure } from '../../../net/failure.ts'
import { resolveHost } from '../../../net/resolve.ts'
import { proxyAuthorization, proxyFor } from '../../../net/proxy/proxy.ts'
import { oddityWords } from '../../../net/http1/oddity.ts'
import type { HttpRun } from '../run.ts'
import { connectUnix } from '../../../net/unix-socket.ts'
import { openTunnel } from '../../../net/proxy/tunnel.ts'

/** A connection over which a request can be sent, before any TLS. */
export interface Dialled {
  readonly socket: Socket
  /** The other end of it, which is that of the proxy where there is one. */
  readonly address: string
  /** What a certificate is verified for where there is no name to ask for. */
  readonly peer: string
  /** Seconds that it took to be there, a tunnel through the proxy included. */
  readonly seconds: number
  /** The proxy that reads the request itself, because there is no tunnel through it. */
  readonly forwarder?: URL
}

/**
 * Connects to the host of a URL, directly or through a proxy.
 *
 * @param begin Begins to connect, where no proxy stands in between. Default: TCP.
 * @throws ProbeFailure
 */
export async function dial(url: URL, run: HttpRun, begin?: ConnectOptions['dial']): Promise<Dialled> {
  const { check, context } = run
  // A redirect may lead to another server.
  if (check.unixSocket !== undefined && url.origin === check.url.origin)
    return dialSocket(check.unixSocket, run)
  refusePortZero(portOf(url))
  const proxy = proxyFor(url, check.proxy, run.env)
  if (proxy) return dialThrough(proxy, url, run)
  const addresses = await resolve(url, run, context.allowAddress)
  const direct = await connect(addresses, portOf(url), run, begin)
  return { ...direct, peer: direct.address }
}

async function dialSocket(path: string, { evidence, clock, context, sockets }: HttpRun): Promise<Dialled> {
  evidence.doing = `connecting to ${path}`
  context.log.add('connecting', { path })
  const began = clock.monotonic()
  const socket = await connectUnix(path, { sockets, allowAddress: context.allowAddress })
  return { socket, address: path, peer: path, seconds: (clock.monotonic() - began) / 1000 }
}

/**
 * By a tunnel for https, and for a URL that is not configured: its addresses are looked at here, and one of them is sent to
 * the proxy. Otherwise the proxy passes the request on.
 */
async function dialThrough(proxy: URL, url: URL, run: HttpRun): Promise<Dialled> {
  const { clock, context, evidence } = run
  const checked = context.allowAddress && (await resolve(url, run, context.allowAddress))
  const reached = await reachProxy(proxy, run)
  const peer = url.hostname.replace(/^\[|\]$/g, '')
  if (url.protocol === 'http:' && !checked) return { ...reached, peer, forwarder: proxy }
  const authority = endpoint(checked?.[0] ?? peer, portOf(url))
  evidence.doing = `waiting for the proxy ${proxy.host} to connect to ${authority}`
  const began = clock.monotonic()
  await openTunnel(reached.socket, {
    authority,
    proxy: proxy.host,
    authorization: proxyAuthorization(proxy),
    note: (oddity) => {
      context.log.add('the answer of the proxy is odd', { oddity, meaning: oddityWords[oddity] })
    },
  })
  context.log.add('tunnel opened', { proxy: proxy.host, to: authority })
  return { ...reached, peer, seconds: reached.seconds + (clock.monotonic() - began) / 1000 }
}

/** A proxy is configured, so that no list of allowed addresses applies to it. */
async function reachProxy(proxy: URL, run: HttpRun): Promise<Omit<Dialled, 'peer'>> {
  try {
    return await connect(await resolve(proxy, run, undefined), portOf(proxy), run)
  } catch (cause) {
    if (!(cause instanceof ProbeFailure)) throw cause
    throw new ProbeFailure(cause.reason, `the proxy cannot be reached: ${cause.message}`, { cause })
  }
}

function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}

async function connect(
  addresses: readonly string[],
  port: number,
  { evidence, clock, context: { log }, sockets }: HttpRun,
  begin?: ConnectOptions['dial'],
): Promise<Omit<Dialled, 'peer'>> {
  evidence.doing = `connecting to ${endpoint(addresses[0] ?? '', port)}`
  const began = clock.monotonic()
  const { socket, address } = await connectFirst(addresses, port, {
    sockets,
    ...(begin && { dial: begin }),
    onAttempt: (candidate) => {
      evidence.doing = `connecting to ${endpoint(candidate, port)}`
      evidence.usesAddress(candidate)
      log.add('connecting', { address: candidate, port })
    },
  })
  evidence.usesAddress(address)
  return { socket, address, seconds: (clock.monotonic() - began) / 1000 }
}

async function resolve(
  { hostname }: URL,
  { evidence, clock, context, check, lookup }: HttpRun,
  allowAddress: ProbeContext['allowAddress'],
): Promise<string[]> {
  evidence.doing = `resolving ${hostname}`
  evidence.begin('resolve', clock.monotonic())
  const addresses = await resolveHost(hostname, check, lookup).finally(() => {
    evidence.end(clock.monotonic())
  })
  context.log.add('name resolved', { host: hostname, addresses: addresses.join(' ') })
  for (const address of addresses) refuseBlocked(address, allowAddress)
  return addresses
}

function refuseBlocked(address: string, allowAddress: ProbeContext['allowAddress']): void {
  try {
    allowAddress?.(address)
  } catch (cause) {
    throw new ProbeFailure('blocked', messageOf(cause), { cause })
  }
}
