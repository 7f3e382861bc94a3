import { ProbeFailure } from '../../../../net/failure.ts'
import type { Wire } from '../wire.ts'
import { closed, noProtocol, quote } from './refusals.ts'

/** Bytes of a greeting that are accepted: that of a server has about a hundred. */
const maxGreeting = 4096

/** https://dev.mysql.com/doc/dev/mysql-server/latest/group__group__cs__capabilities__flags.html */
const capability = { protocol41: 0x200, ssl: 0x800, secureConnection: 0x8000 }

/** Of MySQL 4.1 and everything after it, MariaDB included. */
const protocolVersion = 10

const errorPacket = 0xff

/** Between the version of the server, which ends with a zero, and its capabilities: connection ID, part of a salt, a zero. */
const bytesBeforeCapabilities = 4 + 8 + 1

/** https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase.html */
export async function mysql(wire: Wire): Promise<void> {
  const greeting = await readGreeting(wire)
  if (greeting[0] === errorPacket) throw refused(greeting)
  const at = greeting.indexOf(0, 1) + 1 + bytesBeforeCapabilities
  if (greeting[0] !== protocolVersion || greeting.indexOf(0, 1) === -1 || at + 2 > greeting.length) {
    throw noProtocol('the greeting of MySQL', greeting.toString('latin1'))
  }
  if ((greeting.readUInt16LE(at) & capability.ssl) === 0) {
    throw new ProbeFailure('tls', 'the MySQL server does not offer TLS')
  }
  await wire.send(sslRequest())
}

async function readGreeting(wire: Wire): Promise<Buffer> {
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

/** The second packet of the connection. The server says nothing to it: TLS begins. */
function sslRequest(): Buffer {
  const packet = Buffer.alloc(4 + 32)
  packet.writeUIntLE(32, 0, 3)
  packet.writeUInt8(1, 3)
  packet.writeUInt32LE(capability.protocol41 | capability.ssl | capability.secureConnection, 4)
  packet.writeUInt32LE(2 ** 24, 8)
  packet.writeUInt8(45, 12) // utf8mb4_general_ci
  return packet
}
