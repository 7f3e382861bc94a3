import type { ProbeContext } from '../../../net/attempt.ts'
import type { Socket } from 'node:net'
import { messageOf } from '../../../lib/errors.ts'
import { connectFirst, endpoint, type ConnectOptions } from '../../../net/connect.ts'
import { ProbeFailure } from '../../../net/failure.ts'
import { resolveHost } from '../../../net/resolve.ts'
import type { HttpRun } from '../run.ts'

/** A connection over which a request can be sent, before any TLS with the target. */
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
  /** Whether it speaks TLS with a proxy. */
  readonly inside?: boolean
}

const standardPorts: Readonly<Record<string, number>> = {
  'https:': 443,
  'socks5:': 1080,
  'socks5h:': 1080,
}

/** The port of the URL of a server or of a proxy. */
export function portOf({ port, protocol }: URL): number {
  return port === '' ? (standardPorts[protocol] ?? 80) : Number(port)
}

/** Connects to the first address that answers. */
export async function connect(
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

/** Finds the addresses of the host of a URL, none of which may be refused. */
export async function resolve(
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
