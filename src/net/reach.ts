import type { Attempt } from './attempt.ts'
import { connect, type Socket } from 'node:net'
import type { Address } from './address.ts'
import { messageOf } from '../lib/errors.ts'
import { connectFirst, endpoint } from './connect.ts'
import { ProbeFailure } from './failure.ts'
import { measured } from './measured.ts'
import { resolveHost, type FamilyPreference, type Lookup } from './resolve.ts'

/** A connection, and the address at its other end. */
export interface Reached {
  readonly socket: Socket
  readonly address: string
}

/**
 * Resolves a host and connects to the first of its addresses that answers.
 *
 * @throws ProbeFailure `dns`, `blocked` or `connect`.
 */
export async function reach(
  { host, port }: Address,
  preference: FamilyPreference,
  lookup: Lookup,
  attempt: Attempt,
): Promise<Reached> {
  const { evidence, clock, context, sockets } = attempt
  const addresses = await resolve(host, preference, lookup, attempt)
  const began = clock.monotonic()
  const reached = await connectFirst(addresses, port, {
    sockets,
    dial: dialHalfOpen,
    onAttempt: (address) => {
      evidence.doing = `connecting to ${endpoint(address, port)}`
      usesAddress(attempt, address)
      context.log.add('connecting', { address, port })
    },
  })
  evidence.phases.connect = (clock.monotonic() - began) / 1000
  usesAddress(attempt, reached.address)
  return reached
}

/** Finds the addresses of a host; the time that it takes counts also where there is no end to it. */
export async function resolve(
  host: string,
  preference: FamilyPreference,
  lookup: Lookup,
  attempt: Attempt,
): Promise<string[]> {
  const { evidence, context } = attempt
  evidence.doing = `resolving ${host}`
  const tell = (seconds: number): void => {
    evidence.resolve = { durationSeconds: seconds }
    evidence.phases.resolve = seconds
  }
  const addresses = await measured(attempt, tell, () => resolveHost(host, preference, lookup))
  // A slow resolver may answer when the probe is over: nobody would close what is opened now.
  context.signal.throwIfAborted()
  context.log.add('name resolved', { host, addresses: addresses.join(' ') })
  for (const address of addresses) refuseBlocked(address, context.allowAddress)
  return addresses
}

/** Notes the address in use. */
export function usesAddress({ evidence }: Attempt, address: string): void {
  evidence.resolve = { durationSeconds: evidence.resolve?.durationSeconds ?? 0, address }
}

function refuseBlocked(address: string, allowAddress: Attempt['context']['allowAddress']): void {
  try {
    allowAddress?.(address)
  } catch (cause) {
    throw new ProbeFailure('blocked', messageOf(cause), { cause })
  }
}

/** A peer that has said its last word may still be spoken to, as in blackbox_exporter. */
function dialHalfOpen(address: string, port: number): Socket {
  return connect({ host: address, port, noDelay: true, allowHalfOpen: true })
}
