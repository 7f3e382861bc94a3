import { lookup } from 'node:dns/promises'
import { isIP, isIPv6 } from 'node:net'
import type { IpProtocol } from './ip-protocol.ts'
import { codeOf } from '../lib/errors.ts'
import { ProbeFailure } from './failure.ts'

/** Every address of a name, in the order of the system. `family` 0 asks for both. */
export type Lookup = (name: string, family: 0 | 4 | 6) => Promise<string[]>

export interface FamilyPreference {
  readonly ipProtocol: IpProtocol
  /** Whether the other family will do where the preferred one has no address. */
  readonly ipProtocolFallback: boolean
}

/**
 * Asks getaddrinfo, which knows /etc/hosts, search domains and mDNS as everything else on the machine does. It holds a
 * thread of libuv's pool until the system answers, also when nobody waits for it any more.
 */
export const systemLookup: Lookup = async (name, family) => {
  const found = await lookup(name, { all: true, family, verbatim: true })
  return found.map(({ address }) => address)
}

/**
 * Finds the addresses of a host, those to be tried first in front. An IP address is its own answer.
 *
 * @param host As `URL.hostname` has it, IPv6 addresses in brackets.
 * @throws ProbeFailure `dns`.
 */
export async function resolveHost(
  host: string,
  preference: FamilyPreference,
  find: Lookup,
): Promise<string[]> {
  const name = host.replace(/^\[|\]$/g, '')
  if (isIP(name) !== 0) return [name]
  const { ipProtocol, ipProtocolFallback } = preference
  const wanted = ipProtocol === 'ip6' ? 6 : 4
  if (ipProtocol === 'auto') return findSome(name, 0, find)
  if (!ipProtocolFallback) return findSome(name, wanted, find)
  const found = await findSome(name, 0, find)
  const preferred = found.filter((address) => isIPv6(address) === (wanted === 6))
  return [...preferred, ...found.filter((address) => !preferred.includes(address))]
}

async function findSome(name: string, family: 0 | 4 | 6, find: Lookup): Promise<string[]> {
  const kind = family === 0 ? 'address' : `IPv${family} address`
  const found = await find(name, family).catch((cause: unknown) => {
    throw new ProbeFailure('dns', explain(name, kind, codeOf(cause) ?? 'unknown error'), { cause })
  })
  if (found.length === 0) throw new ProbeFailure('dns', `${name} has no ${kind}`)
  return found
}

/** What getaddrinfo's codes mean. They do not distinguish a name that does not exist from one without addresses. */
function explain(name: string, kind: string, code: string): string {
  const meaning = {
    ENOTFOUND: `${name} does not exist or has no ${kind}`,
    ENODATA: `${name} has no ${kind}`,
    EAI_AGAIN: `the name servers gave no answer for ${name}`,
    EAI_FAIL: `the name servers failed for ${name}`,
  }[code]
  return `${meaning ?? `${name} cannot be resolved`} (${code})`
}
