/** What a server may say about a service: https://github.com/grpc/grpc/blob/master/doc/health-checking.md */
export const servingStatuses = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'] as const
export type ServingStatus = (typeof servingStatuses)[number]

/** The path of the one method that is called. */
export const healthPath = '/grpc.health.v1.Health/Check'

/**
 * A message with its prefix (a flag for compression, and its length), as gRPC sends it over HTTP/2:
 * https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export function frame(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(5)
  prefix.writeUInt32BE(message.length, 1)
  return Buffer.concat([prefix, message])
}

/** `HealthCheckRequest`: field 1 is the name of the service, and is left out where it is empty. */
export function healthRequest(service: string): Buffer {
  if (service === '') return Buffer.alloc(0)
  const name = Buffer.from(service)
  return Buffer.concat([Buffer.from([0x0a]), varint(name.length), name])
}

function varint(number: number): Buffer {
  const bytes: number[] = []
  let rest = number
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80)
  return Buffer.from([...bytes, rest])
}

/** Why bytes are not a health check response, for a person. */
export interface Malformed {
  readonly problem: string
}

/** Reads the body of an answer: exactly one message, which says how the service is. */
export function readHealth(body: Buffer): ServingStatus | Malformed {
  if (body.length < 5) return { problem: 'an answer without a message' }
  if (body[0] !== 0) return { problem: 'a compressed answer, which was not requested' }
  const length = body.readUInt32BE(1)
  if (body.length !== 5 + length) return { problem: 'an answer that is not exactly one message' }
  const number = statusNumber(body.subarray(5))
  if (number === undefined) return { problem: 'a message that is not a health check response' }
  return servingStatuses[number] ?? { problem: `the status ${number}, which does not exist` }
}

/**
 * `HealthCheckResponse`: field 1 is the status, a number, and 0 where it is left out. Other fields are passed over.
 *
 * Wire format: https://protobuf.dev/programming-guides/encoding/
 */
function statusNumber(message: Buffer): number | undefined {
  const reader = new Reader(message)
  let status = 0
  while (!reader.done) {
    const tag = reader.varint()
    if (tag === undefined || tag >> 3 === 0) return undefined
    if (tag === 0x08) {
      const number = reader.varint()
      if (number === undefined) return undefined
      status = number
    } else if (!reader.skip(tag & 7)) return undefined
  }
  return status
}

class Reader {
  readonly #bytes: Buffer
  #position = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get done(): boolean {
    return this.#position >= this.#bytes.length
  }

  /** At most 31 bits: a status or a tag has no more. Nothing where there is none. */
  varint(): number | undefined {
    let number = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#bytes[this.#position++]
      if (byte === undefined) return undefined
      number += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return number <= 0x7fffffff ? number : undefined
    }
    return undefined
  }

  /** Passes over a value. Returns whether it was whole. */
  skip(wireType: number): boolean {
    if (wireType === 0) return this.varint() !== undefined
    const length = wireType === 1 ? 8 : wireType === 5 ? 4 : wireType === 2 ? this.varint() : undefined
    if (length === undefined) return false
    this.#position += length
    return this.#position <= this.#bytes.length
  }
}
