import { ProbeFailure } from '../../net/failure.ts'
import type { Wire } from '../shared/dialogue/wire.ts'

/** What a server says of itself. */
export interface Identification {
  /** Of the protocol: `2.0`, or `1.99` for a server that speaks the first one, too. */
  readonly protocol: string
  /** The software and the comments after it, such as `OpenSSH_9.2p1 Debian-2`. */
  readonly software: string
}

/** Lines that a server may send before it says what it is. */
const maxLines = 50

/**
 * Reads the identification of a server: RFC 4253, section 4.2.
 *
 * @throws ProbeFailure `connect` or `protocol`.
 */
export async function readIdentification(wire: Wire): Promise<Identification> {
  for (let count = 0; count < maxLines; count++) {
    const line = await wire.line()
    if (line === undefined)
      throw wire.received === 0
        ? new ProbeFailure('connect', 'the server closed the connection before it said anything')
        : new ProbeFailure('protocol', 'the server closed the connection before it said that it speaks SSH')
    const [, protocol, software] = /^SSH-([0-9.]+)-(.*)$/.exec(line) ?? []
    if (protocol === undefined || software === undefined) continue
    if (protocol !== '2.0' && protocol !== '1.99')
      throw new ProbeFailure(
        'protocol',
        `the server speaks version ${protocol.slice(0, 20)} of SSH, expected 2.0`,
      )
    return { protocol, software }
  }
  throw new ProbeFailure(
    'protocol',
    'what the server sent is not SSH: none of its lines begins with SSH-2.0-',
  )
}

/** RFC 4253, section 6.1: what every implementation accepts. */
const maxPacket = 35_000

const keyExchangeInit = 20

/** The lists of RFC 4253, section 7.1, in their order; the last two are languages. */
const lists = ['kex', 'hostKey', 'cipher', 'cipher', 'mac', 'mac', 'compression', 'compression'] as const

/** What a server offers, by what it is for; those for either direction are one. */
export type Algorithms = Readonly<Record<(typeof lists)[number], readonly string[]>>

/**
 * Reads the first packet of a server, which says what it offers: RFC 4253, section 7.1.
 *
 * @throws ProbeFailure `protocol`.
 */
export async function readAlgorithms(wire: Wire): Promise<Algorithms> {
  const head = await exactly(wire, 5)
  const length = head.readUInt32BE()
  const padding = head.readUInt8(4)
  if (length > maxPacket || length < padding + 2) throw malformed()
  const payload = (await exactly(wire, length - 1)).subarray(0, length - 1 - padding)
  if (payload[0] !== keyExchangeInit) throw malformed()
  const found: Record<string, Set<string>> = {}
  // The cookie has 16 bytes.
  let at = 17
  for (const name of lists) {
    if (at + 4 > payload.length) throw malformed()
    const end = at + 4 + payload.readUInt32BE(at)
    if (end > payload.length) throw malformed()
    const names = payload
      .toString('latin1', at + 4, end)
      .split(',')
      .filter((one) => one !== '')
    found[name] = new Set([...(found[name] ?? []), ...names])
    at = end
  }
  // The loop has gone through every name, which the type of `fromEntries` does not know.
  return Object.fromEntries(
    Object.entries(found).map(([name, names]) => [name, [...names]]),
  ) as unknown as Algorithms
}

async function exactly(wire: Wire, count: number): Promise<Buffer> {
  const bytes = await wire.take(count)
  if (bytes.length === count) return bytes
  throw new ProbeFailure('protocol', 'the server closed the connection before it offered algorithms')
}

function malformed(): ProbeFailure {
  return new ProbeFailure('protocol', 'the first packet of the server is not the beginning of a key exchange')
}

/** SSH_MSG_DISCONNECT with the reason "by application": RFC 4253, section 11.1. Servers log other ends as errors. */
export function goodbye(): Buffer {
  const text = Buffer.from('checked')
  const payload = Buffer.concat([Buffer.from([1, 0, 0, 0, 11]), uint32(text.length), text, uint32(0)])
  const padding = 8 - ((5 + payload.length) % 8) + 8
  return Buffer.concat([
    uint32(1 + payload.length + padding),
    Buffer.from([padding]),
    payload,
    Buffer.alloc(padding),
  ])
}

function uint32(number: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(number)
  return bytes
}
