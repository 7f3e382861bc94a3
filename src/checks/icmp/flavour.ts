import { isIPv6 } from 'node:net'
import type { IcmpCheck } from './schema.ts'

/** One request, which every ping takes in its own way. */
export interface PingRequest extends Pick<IcmpCheck, 'payloadSize' | 'ttl' | 'dontFragment'> {
  /** An IP address. */
  readonly address: string
  /** Seconds after which it may give up by itself. */
  readonly waitSeconds: number
}

/** One of the programs that are called ping. */
export interface Flavour {
  readonly name: string
  /** Whether it can forbid that a request is cut into fragments. */
  readonly canForbidFragments: boolean
  /** The program, then its arguments. */
  readonly commandLine: (program: string, request: PingRequest) => string[]
}

function family(address: string): string {
  return isIPv6(address) ? '-6' : '-4'
}

/** Linux: https://github.com/iputils/iputils, ping(8). */
const iputils: Flavour = {
  name: 'iputils',
  canForbidFragments: true,
  commandLine: (program, { address, payloadSize, ttl, dontFragment, waitSeconds }) => [
    program,
    ...[family(address), '-n', '-c', '1', '-W', String(waitSeconds), '-s', String(payloadSize)],
    ...(ttl === undefined ? [] : ['-t', String(ttl)]),
    ...(dontFragment ? ['-M', 'do'] : []),
    address,
  ],
}

/** Alpine and routers: https://busybox.net/downloads/BusyBox.html#ping */
const busybox: Flavour = {
  name: 'BusyBox',
  canForbidFragments: false,
  commandLine: (program, { address, payloadSize, ttl, waitSeconds }) => [
    program,
    ...[family(address), '-c', '1', '-W', String(waitSeconds), '-s', String(payloadSize)],
    ...(ttl === undefined ? [] : ['-t', String(ttl)]),
    address,
  ],
}

/** macOS: ping(8), which waits in milliseconds, and ping6(8), which has no limit itself. */
const macos: Flavour = {
  name: 'macOS',
  canForbidFragments: true,
  commandLine(program, { address, payloadSize, ttl, dontFragment, waitSeconds }) {
    const isV6 = isIPv6(address)
    const size = ['-n', '-c', '1', '-s', String(payloadSize)]
    if (isV6) {
      const hops = ttl === undefined ? [] : ['-h', String(ttl)]
      return [`${program}6`, ...size, ...hops, ...(dontFragment ? ['-D'] : []), address]
    }
    const hops = ttl === undefined ? [] : ['-m', String(ttl)]
    return [
      ...[program, ...size, '-W', String(waitSeconds * 1000), ...hops],
      ...(dontFragment ? ['-D'] : []),
      address,
    ]
  },
}

/**
 * Recognizes which ping it is.
 *
 * @param version What `ping -V` prints; BusyBox does not know that flag, and names itself in its complaint.
 */
export function flavourOf(platform: NodeJS.Platform, version: string): Flavour {
  if (platform === 'darwin') return macos
  return /busybox/i.test(version) ? busybox : iputils
}
