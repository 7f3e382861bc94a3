import ipaddr from 'ipaddr.js'
import { memoize } from './memo.ts'
import { asText, seen, ValueError } from './value.ts'

/** Networks that a message may show as examples. */
export const exampleNetworks = '10.0.0.0/8 or fd00::/8'

/** Reads a CIDR, or an address, which stands for itself alone. Undefined where it is neither. */
export function parseNetwork(text: string): string | undefined {
  if (ipaddr.isValid(text)) return `${text}/${ipaddr.parse(text).kind() === 'ipv4' ? 32 : 128}`
  return ipaddr.isValidCIDR(text) ? text : undefined
}

/**
 * Reads a network as {@link parseNetwork} does.
 *
 * @throws ValueError
 */
export function readNetwork(input: unknown): string {
  const network = parseNetwork(asText(input))
  if (network !== undefined) return network
  throw new ValueError(`${seen} is not a valid network: expected one such as ${exampleNetworks}`)
}

/**
 * Makes a test for whether an IP address is in one of some networks. An IPv4 address that is written as IPv6 counts as IPv4.
 *
 * @param networks CIDRs.
 */
export function inNetworks(networks: readonly string[]): (address: string) => boolean {
  const ranges = networks.map((network) => ipaddr.parseCIDR(network))
  return memoize((address) => {
    const parsed = ipaddr.process(address)
    return ranges.some((range) => parsed.kind() === range[0].kind() && parsed.match(range))
  })
}
