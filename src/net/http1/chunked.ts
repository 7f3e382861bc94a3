import { BodyError, sizedBody, type BodyReader } from './body.ts'
import { chomp, lineReader } from './line.ts'
import type { NoteOddity } from './oddity.ts'

export interface ChunkedOptions {
  readonly onData: (data: Buffer) => void
  readonly note: NoteOddity
  /** Bytes of a line between the chunks, and of all lines after them. */
  readonly maxLineBytes: number
}

/** A body in chunks (RFC 9112, section 7.1). Extensions of chunks and trailers are read over. */
export function chunkedBody({ onData, note, maxLineBytes }: ChunkedOptions): BodyReader {
  const reader = lineReader()
  let chunk: BodyReader | undefined
  let expected: 'size' | 'end of chunk' | 'trailer' = 'size'
  let trailerBytes = 0

  function check(lineBytes: number): void {
    if (trailerBytes + lineBytes > maxLineBytes) throw new BodyError('the lines of the chunks are too long')
  }

  /** @returns Whether it was the last one. */
  function takeLine(line: string): boolean {
    if (expected === 'size') {
      const size = sizeOf(line, note)
      if (size > 0) chunk = sizedBody(size, onData)
      expected = size > 0 ? 'end of chunk' : 'trailer'
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

  return {
    push(bytes) {
      let rest: Buffer | undefined = bytes
      while (rest.length > 0) {
        if (chunk) {
          rest = chunk.push(rest)
          if (rest === undefined) return undefined
          chunk = undefined
          continue
        }
        const read = reader.push(rest)
        check(read?.line.length ?? reader.length)
        if (read === undefined) return undefined
        rest = read.rest
        if (takeLine(chomp(read.line, note))) return rest
      }
      return undefined
    },
  }
}

function sizeOf(line: string, note: NoteOddity): number {
  const [, before, digits, after] = /^([\t ]*)([0-9a-f]+)([\t ]*)(?:;.*)?$/is.exec(line) ?? []
  const size = digits === undefined ? NaN : parseInt(digits, 16)
  if (!Number.isSafeInteger(size)) throw new BodyError('a chunk has no size')
  if (before !== '' || after !== '') note('chunk-size')
  return size
}
