import { ProbeFailure } from '../../../net/failure.ts'
import { closed, noProtocol, quote } from '../dialogue/starttls/refusals.ts'
import type { Wire } from '../dialogue/wire.ts'

/** Bytes of a greeting that are accepted: that of a server has about a hundred. */
const maxGreeting = 4096

/** https://dev.mysql.com/doc/dev/mysql-server/latest/group__group__cs__capabilities__flags.html */
const capability = {
  longPassword: 0x1,
  connectWithDatabase: 0x8,
  protocol41: 0x200,
  ssl: 0x800,
  transactions: 0x2000,
  secureConnection: 0x8000,
  pluginAuth: 0x8_0000,
} as const

/** What we can do, with TLS or without it. Neither files of this machine nor several statements: the server may not ask for either. */
export function capabilities(useTls: boolean): number {
  const { longPassword, connectWithDatabase, protocol41, ssl } = capability
  const { transactions, secureConnection, pluginAuth } = capability
  const always =
    longPassword | connectWithDatabase | protocol41 | transactions | secureConnection | pluginAuth
  return useTls ? always | ssl : always
}

/** Characters of texts: utf8mb4_general_ci. */
export const charset = 45

/** Of MySQL 4.1 and everything after it, MariaDB included. */
const protocolVersion = 10

const errorPacket = 0xff

/** Between the version of the server, which ends with a zero, and its capabilities: connection ID, part of a salt, a zero. */
const bytesBeforeCapabilities = 4 + 8 + 1

/** What a server says first. */
export interface Greeting {
  /** Such as `8.0.36` or `10.11.6-MariaDB`. */
  readonly version: string
  readonly capabilities: number
  /** What the password is mixed with: 20 bytes. */
  readonly salt: Buffer
  /** How the server wants users to log in, by default. */
  readonly plugin: string
}

/**
 * Reads the first packet of a MySQL or MariaDB server.
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_v10.html
 *
 * @throws ProbeFailure `status` where the server refuses the connection, `protocol` for something else, `connect` for nothing.
 */
export async function readGreeting(wire: Wire): Promise<Greeting> {
  const packet = await readFirst(wire)
  if (packet[0] === errorPacket) throw refused(packet)
  const versionEnd = packet.indexOf(0, 1)
  const at = versionEnd + 1 + bytesBeforeCapabilities
  if (packet[0] !== protocolVersion || versionEnd === -1 || at + 2 > packet.length) {
    throw noProtocol('the greeting of MySQL', packet.toString('latin1'))
  }
  const low = packet.readUInt16LE(at)
  // Old servers end here: their capabilities have 16 bits.
  const high = at + 7 <= packet.length ? packet.readUInt16LE(at + 5) : 0
  const more = at + 18
  return {
    version: packet.toString('latin1', 1, versionEnd),
    capabilities: low + high * 0x1_0000,
    salt: Buffer.concat([packet.subarray(versionEnd + 5, versionEnd + 13), packet.subarray(more, more + 12)]),
    plugin: packet.toString('latin1', more + 13).replace(/\0.*$/s, ''),
  }
}

/**
 * Asks for TLS, which begins after this.
 *
 * @throws ProbeFailure `tls` where the server does not offer it.
 */
export async function requestTls(wire: Wire, greeting: Greeting): Promise<void> {
  if ((greeting.capabilities & capability.ssl) === 0)
    throw new ProbeFailure('tls', 'the MySQL server does not offer TLS')
  await wire.send(sslRequest())
}

async function readFirst(wire: Wire): Promise<Buffer> {
  const header = await wire.take(4)
  if (header.length < 4) {
    if (header.length === 0) throw closed('its greeting', wire)
    throw noProtocol('the greeting of MySQL', header.toString('latin1'))
  }
  const length = header.readUIntLE(0, 3)
  if (header[3] !== 0 || length === 0 || length > maxGreeting) {
    throw noProtocol('the greeting of MySQL', header.toString('latin1'))
  }
  const greeting = await wire.take(length)
  if (greeting.length < length) throw closed('the end of its greeting', wire)
  return greeting
}

/** Too many connections, or a host that is blocked: what a server says instead of a greeting. */
function refused(packet: Buffer): ProbeFailure {
  if (packet.length < 3) return noProtocol('the greeting of MySQL', packet.toString('latin1'))
  const words = packet
    .subarray(3)
    .toString('utf8')
    .replace(/^#.{5}/, '')
  return new ProbeFailure('status', `MySQL answered with error ${packet.readUInt16LE(1)}: ${quote(words)}`)
}

/**
 * The second packet of the connection, the beginning of a login. The server says nothing to it: TLS begins. MySQL goes by what the client
 * says here that it can do, not by what the login says later.
 */
function sslRequest(): Buffer {
  const packet = Buffer.alloc(4 + 32)
  packet.writeUIntLE(32, 0, 3)
  packet.writeUInt8(1, 3)
  packet.writeUInt32LE(capabilities(true), 4)
  packet.writeUInt32LE(2 ** 24, 8)
  packet.writeUInt8(charset, 12)
  return packet
}
