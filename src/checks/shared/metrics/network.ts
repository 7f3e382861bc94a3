import ipaddr from 'ipaddr.js'
import { always, type ProbeMetric } from '../../metric.ts'

/** Where the target's name led. Names and semantics are blackbox_exporter's. */
export const networkMetrics: readonly ProbeMetric[] = [
  always(
    'probe_dns_lookup_time_seconds',
    'Returns the time taken for probe dns lookup in seconds',
    ({ result }) => result.resolve?.durationSeconds ?? 0,
    'seconds',
  ),
  always('probe_ip_protocol', 'Specifies whether probe ip protocol is IP4 or IP6', ({ result }) =>
    ipProtocol(result.resolve?.address),
  ),
  always(
    'probe_ip_addr_hash',
    "Specifies the hash of IP address. It's useful to detect if the IP address changes.",
    ({ result }) => addressHash(result.resolve?.address),
  ),
]

function ipProtocol(address: string | undefined): number {
  if (address === undefined) return 0
  return ipaddr.process(address).kind() === 'ipv4' ? 4 : 6
}

/**
 * FNV-1a, 32 bits, of the 4 or 16 bytes of an address, as blackbox_exporter has it: 127.0.0.1 gives 3668918509. 0 for no
 * address. Source of the formula: http://www.isthe.com/chongo/tech/comp/fnv/
 */
function addressHash(address: string | undefined): number {
  if (address === undefined) return 0
  return ipaddr
    .process(address)
    .toByteArray()
    .reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193) >>> 0, 0x811c9dc5)
}
