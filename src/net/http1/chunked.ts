import { BodyError, type BodyReader } from './body.ts'
import { gather } from './gather.ts'
import { carriageReturn, chomp, lineFeed, lineReader } from './line.ts'
import type { NoteOddity } from './oddity.ts'

export interface ChunkedOptions {
  readonly onData: (data: Buffer) => void
  readonly note: NoteOddity
  /** Bytes of a line between the chunks, of all lines after them, and of what all of them have beyond an ordinary measure. */
  readonly maxLineBytes: number
}

/** Bytes of the line of a chunk that are nothing special; a larger chunk may have a longer one, as in Go's net/http. */
const ordinaryLine = 16

/** Chunks of a body. Each takes about 0.1 us: more would be an attack, of a byte each. */
const maxChunks = 1_000_000

/** Digits of a size that is read without a second look. */
const plainDigits = 8

/** A body in chunks (RFC 9112, section 7.1). Extensions of chunks and trailers are read over. */
export function chunkedBody({ onData, note, maxLineBytes }: ChunkedOptions): BodyReader {
  const reader = lineReader()
  let expected: 'size' | 'data' | 'end of chunk' | 'trailer' = 'size'
  let left = 0
  let surplus = 0
  let trailerBytes = 0
  let chunks = 0

  function check(lineBytes: number): void {
    if (trailerBytes + lineBytes > maxLineBytes || surplus > maxLineBytes)
      throw new BodyError('the lines between its chunks are too long')
  }

  function beginChunk(size: number, lineBytes: number): void {
    if (++chunks > maxChunks) throw new BodyError(`it has more than ${maxChunks.toLocaleString('en')} chunks`)
    left = size
    surplus = Math.max(0, surplus + lineBytes - ordinaryLine - 2 * left)
    expected = left > 0 ? 'data' : 'trailer'
  }

  /** @returns Whether it was the last one. */
  function takeLine(line: string): boolean {
    if (expected === 'size') {
      beginChunk(sizeOf(line, note), line.length)
      return false
    }
    if (expected === 'trailer') {
      trailerBytes += line.length
      return line === ''
    }
    if (line !== '') throw new BodyError('a chunk is longer than its size')
    expected = 'size'
    return false
  }

  /**
   * Takes a line that is as nearly all are and all there, without making a text of it: a body may be one of a million chunks.
   *
   * @returns Where the bytes after it begin; nothing where it is not such a line.
   */
  function takePlainLine(bytes: Buffer, from: number): number | undefined {
    if (reader.length > 0 || expected === 'trailer') return undefined
    let [at, size] = [from, 0]
    if (expected === 'size') {
      for (
        let digit = hexDigit(bytes[at]);
        digit >= 0 && at - from <= plainDigits;
        digit = hexDigit(bytes[++at])
      )
        size = 16 * size + digit
      if (at === from || at - from > plainDigits) return undefined
    }
    if (bytes[at] !== carriageReturn || bytes[at + 1] !== lineFeed) return undefined
    if (expected === 'size') beginChunk(size, at - from)
    else expected = 'size'
    return at + 2
  }

  function takeData(bytes: Buffer, from: number): number {
    const to = Math.min(bytes.length, from + left)
    left -= to - from
    if (left === 0) expected = 'end of chunk'
    return to
  }

  return {
    push(bytes) {
      const gathered = gather(bytes)
      let at = 0
      try {
        while (at < bytes.length) {
          if (expected === 'data') {
            const to = takeData(bytes, at)
            gathered.add(at, to)
            at = to
            continue
          }
          const plain = takePlainLine(bytes, at)
          if (plain !== undefined) {
            at = plain
            continue
          }
          const next = reader.take(bytes, at, bytes.length)
          check(next < 0 ? reader.length : reader.line.length)
          if (next < 0) return undefined
          at = next
          if (takeLine(chomp(reader.line, note))) return bytes.subarray(at)
        }
        return undefined
      } finally {
        const data = gathered.all()
        if (data.length > 0) onData(data)
      }
    },
  }
}

/** -1 for anything else. */
function hexDigit(byte = 0): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

function sizeOf(line: string, note: NoteOddity): number {
  const [, before, digits, after] = /^([\t ]*)([0-9a-f]+)([\t ]*)(?:;.*)?$/is.exec(line) ?? []
  const size = digits === undefined ? NaN : parseInt(digits, 16)
  if (!Number.isSafeInteger(size)) throw new BodyError('a chunk has no valid size')
  if (before !== '' || after !== '') note('chunk-size')
  return size
}
