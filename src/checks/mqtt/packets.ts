import { ProbeFailure } from '../../net/failure.ts'
import type { Wire } from '../shared/dialogue/wire.ts'
import type { MqttVersion } from './schema.ts'

/** A control packet: section 2 of MQTT 3.1.1 and 5. */
export interface Packet {
  readonly type: number
  readonly flags: number
  readonly body: Buffer
}

/** The control packets that a check sends or reads. */
export const packetTypes = {
  connect: 1,
  connack: 2,
  publish: 3,
  subscribe: 8,
  suback: 9,
  disconnect: 14,
} as const

/** Bytes of a packet that are accepted. */
const maxPacket = 512 * 1024

/** Text with its length in front. */
function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  const length = Buffer.alloc(2)
  length.writeUInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}

/** Seven bits a byte, the lowest first. */
function variable(number: number): Buffer {
  const bytes: number[] = []
  for (let rest = number; ; rest >>= 7) {
    if (rest < 128) return Buffer.from([...bytes, rest])
    bytes.push((rest & 127) | 128)
  }
}

function packet(type: number, flags: number, parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([(type << 4) | flags]), variable(body.length), body])
}

/** Without properties, which only MQTT 5 has. */
const noProperties = (version: MqttVersion): Buffer => (version === '5' ? Buffer.from([0]) : Buffer.alloc(0))

export interface Login {
  readonly version: MqttVersion
  /** Of which a broker accepts one session at a time. */
  readonly clientId: string
  readonly username: string
  readonly password: string
}

/** Asks for a clean session, without keep-alive: section 3.1. */
export function connectPacket({ version, clientId, username, password }: Login): Buffer {
  const flags = 2 | (username === '' ? 0 : 128) | (password === '' ? 0 : 64)
  const level = version === '5' ? 5 : 4
  return packet(packetTypes.connect, 0, [
    text('MQTT'),
    Buffer.from([level, flags, 0, 0]),
    noProperties(version),
    text(clientId),
    ...(username === '' ? [] : [text(username)]),
    ...(password === '' ? [] : [text(password)]),
  ])
}

/** Asks for the messages of a topic, at most once each: section 3.8. */
export function subscribePacket(topic: string, version: MqttVersion): Buffer {
  return packet(packetTypes.subscribe, 2, [
    Buffer.from([0, 1]),
    noProperties(version),
    text(topic),
    Buffer.from([0]),
  ])
}

/** Section 3.14. */
export function disconnectPacket(): Buffer {
  return packet(packetTypes.disconnect, 0, [])
}

/**
 * Reads the next packet.
 *
 * @throws ProbeFailure `connect` when the broker has closed the connection before it said anything, `protocol` when it has later,
 * or sent what is not a packet; `size`.
 */
export async function readPacket(wire: Wire): Promise<Packet> {
  const first = (await exactly(wire, 1)).readUInt8()
  let length = 0
  for (let shift = 0; ; shift += 7) {
    const byte = (await exactly(wire, 1)).readUInt8()
    length += (byte & 127) * 2 ** shift
    if (byte < 128) break
    if (shift === 21) throw strange()
  }
  if (length > maxPacket)
    throw new ProbeFailure('size', `the broker sent a packet of more than ${maxPacket / 1024} KiB`)
  return { type: first >> 4, flags: first & 15, body: await exactly(wire, length) }
}

async function exactly(wire: Wire, count: number): Promise<Buffer> {
  const bytes = await wire.take(count)
  if (bytes.length === count) return bytes
  throw wire.received === 0
    ? new ProbeFailure('connect', 'the broker closed the connection before it answered')
    : new ProbeFailure('protocol', 'the broker closed the connection')
}

/** What somebody else sent. */
export function strange(): ProbeFailure {
  return new ProbeFailure('protocol', 'what the server sent is not an answer of MQTT')
}

/** The topic and the message of a PUBLISH: section 3.3. */
export function readMessage(
  { body, flags }: Packet,
  version: MqttVersion,
): { topic: string; message: string } {
  if (body.length < 2) throw strange()
  let at = 2 + body.readUInt16BE()
  const topic = body.toString('utf8', 2, at)
  // The identifier of a packet that wants to be acknowledged.
  if ((flags & 6) !== 0) at += 2
  if (version === '5') {
    let length = 0
    for (let shift = 0; ; shift += 7) {
      const byte = body[at++]
      if (byte === undefined || shift > 21) throw strange()
      length += (byte & 127) * 2 ** shift
      if (byte < 128) break
    }
    at += length
  }
  if (at > body.length) throw strange()
  return { topic, message: body.toString('utf8', at) }
}
