import { Buffer } from 'node:buffer'
import type { Call } from './call.ts'
import { decodeLine } from './line.ts'

export interface DecodeOptions {
  /** Longer lines are counted and dropped, in bytes. Default 65,507: the most that one UDP datagram can carry. */
  readonly maxLineBytes?: number
}

/** What became of the lines. Each that is not blank is in exactly one of the four. */
export interface DecodedDatagram {
  /** In the order of the lines. */
  readonly calls: Call[]
  /** Lines that are none of the format. */
  readonly malformed: number
  /** Lines that begin with the number of another version. */
  readonly unknownVersion: number
  readonly tooLong: number
}

/**
 * Reads the lines of one datagram, or of the body of a request, in any mixture of the versions 0, 1 and 2. It accepts
 * what deployed agents send: no newline at the end, a vertical tab in its place, spaces instead of tabs. Bytes that
 * are not UTF-8 become U+FFFD. It never throws, whatever the bytes are.
 *
 * The strings of a call may share the memory of the whole text, so that keeping one keeps all of it.
 */
export function decodeDatagram(
  bytes: Uint8Array,
  { maxLineBytes = 65_507 }: DecodeOptions = {},
): DecodedDatagram {
  const decoded = { calls: [] as Call[], malformed: 0, unknownVersion: 0, tooLong: 0 }
  const text = lines(bytes)
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start)
    const end = newline === -1 ? text.length : newline
    const line = text.slice(start, end).trim()
    start = end + 1
    if (line === '') continue
    if (bytes.length > maxLineBytes && Buffer.byteLength(line) > maxLineBytes) {
      decoded.tooLong += 1
      continue
    }
    const call = decodeLine(line)
    if (typeof call === 'string') decoded[call] += 1
    else decoded.calls.push(call)
  }
  return decoded
}

function lines(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  return text.includes('\v') ? text.replaceAll('\v', '\n') : text
}
