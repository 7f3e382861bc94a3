/*
 * As much of the protocol buffers encoding as OTLP's traces need.
 * Source: https://protobuf.dev/programming-guides/encoding/
 */

/** Bytes that are not a message. */
export class ProtobufError extends Error {
  override name = 'ProtobufError'
}

/** One field of a message. Its number and its wire type say what it is. */
export interface Field {
  readonly number: number
  /** Of a varint and of a 64-bit field; otherwise 0. */
  readonly integer: bigint
  /** Of a length-delimited field: text or a message, inside the bytes that were read. */
  readonly bytes: Uint8Array
}

const nothing = new Uint8Array()

/**
 * Goes through the fields of a message, in their order.
 *
 * @throws {@link ProtobufError}
 */
export function* fieldsOf(message: Uint8Array): Generator<Field> {
  let at = 0

  const varint = (): bigint => {
    const first = message[at]
    if (first !== undefined && first < 0x80) {
      at++
      return BigInt(first)
    }
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at++]
      if (byte === undefined) throw new ProtobufError('a number is truncated')
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asUintN(64, value)
    }
    throw new ProtobufError('a number is too long')
  }
  /** A key or a length. Most are small, and need no arithmetic that is slow. */
  const small = (): number => {
    const first = message[at]
    if (first === undefined || first >= 0x80) return Number(varint())
    at++
    return first
  }
  const skip = (length: number): number => {
    const start = at
    at += length
    if (at > message.length) throw new ProtobufError('a field is truncated')
    return start
  }

  while (at < message.length) {
    const wireType = (message[at] as number) & 7
    const number = Math.floor(small() / 8)
    if (wireType === 0) yield { number, integer: varint(), bytes: nothing }
    else if (wireType === 1) yield { number, integer: fixed64(message, skip(8)), bytes: nothing }
    else if (wireType === 2) {
      const length = small()
      const start = skip(length)
      yield { number, integer: 0n, bytes: message.subarray(start, at) }
    } else if (wireType === 5) skip(4)
    else throw new ProtobufError(`there is no wire type ${wireType}`)
  }
}

/** A view is made for such a field only: many messages are empty. */
function fixed64({ buffer, byteOffset }: Uint8Array, at: number): bigint {
  return new DataView(buffer, byteOffset + at, 8).getBigUint64(0, true)
}

/** A varint field. */
export function varintField(number: number, value: number): Uint8Array {
  return Uint8Array.from([...varintOf(number * 8), ...varintOf(value)])
}

/** A field that holds text or a message. */
export function bytesField(number: number, value: string | Uint8Array): Uint8Array {
  const bytes = Buffer.from(value)
  return Buffer.concat([Uint8Array.from([...varintOf(number * 8 + 2), ...varintOf(bytes.length)]), bytes])
}

function varintOf(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  return [...bytes, rest]
}
