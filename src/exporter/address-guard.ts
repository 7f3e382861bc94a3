import ipaddr from 'ipaddr.js'
import type { AddressRule } from '../config/target/target.ts'
import { ProbityError } from '../lib/errors.ts'
import { inNetworks } from '../settings/values/network.ts'

/**
 * Refuses private, loopback, link-local, metadata and other special addresses, unless a listed network covers them. The
 * prober asks after name resolution and at every redirect.
 *
 * @param allowNetworks CIDRs.
 */
export function addressGuard(allowNetworks: readonly string[]): (address: string) => void {
  const isAllowed = inNetworks(allowNetworks)
  return (address) => {
    const range = rangeOf(ipaddr.process(address))
    if (range === 'unicast' || isAllowed(address)) return
    throw new ProbityError(
      'ADDRESS_BLOCKED',
      `${address} is a ${range} address: list its network under probe.allow_networks to probe it`,
    )
  }
}

/** What answers the machines of a cloud about themselves, though its address looks like any other: Azure, Alibaba, Amazon. */
const metadata: ReadonlySet<string> = new Set(['168.63.129.16', '100.100.100.200', 'fd00:ec2::254'])

/** Addresses that contain one of IPv4, deprecated by RFC 4291, section 2.5.5.1. */
const ipv4Compatible = ipaddr.parseCIDR('::/96')

/** What a label of somebody else may not lead to: this machine, its link, the metadata of its cloud, and what is not a host. */
const special: ReadonlySet<string> = new Set([
  ...['loopback', 'linkLocal', 'unspecified', 'broadcast', 'multicast', 'metadata', 'reserved'],
  ...['IPv4-compatible', '6to4', 'teredo', 'rfc6052', 'rfc6145'],
])

/** The same for a target that was discovered. Private addresses may be reached: what is discovered is mostly there. */
export function discoveredGuard({ allowNetworks }: AddressRule): (address: string) => void {
  const isAllowed = inNetworks(allowNetworks)
  return (address) => {
    const range = rangeOf(ipaddr.process(address))
    if (!special.has(range) || isAllowed(address)) return
    throw new ProbityError(
      'ADDRESS_BLOCKED',
      `${address} is a ${range} address: list its network under allow_networks of the source to probe it`,
    )
  }
}

function rangeOf(address: ipaddr.IPv4 | ipaddr.IPv6): string {
  if (address.range() === 'unicast' && address.kind() === 'ipv6' && address.match(ipv4Compatible))
    return 'IPv4-compatible'
  return metadata.has(address.toString()) ? 'metadata' : address.range()
}
