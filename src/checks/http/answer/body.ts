import { ProbeFailure } from '../../../net/failure.ts'
import { bodyTooLarge, decode, unknownCoding } from './codings.ts'

/** Nobody compresses so often, but someone who wants to cost others work does. */
const maxCodings = 5

/**
 * Bytes of a body that is kept, to judge it or to decompress it. Whatever larger size is expected, such a one would take the memory
 * of all others.
 */
const maxKeptBytes = 64 * 1024 * 1024

/** Bytes that are looked at again, in all, for what has come of a body to be enough. After that, it has to double each time. */
const maxSecondLooks = 4 * 1024 * 1024

export interface BodyOptions {
  /** As they were applied. */
  readonly codings: readonly string[]
  /** Bytes after decompression that are accepted. */
  readonly maxBytes: number
  /** Whether the bytes are wanted; otherwise they are only counted. */
  readonly keep: boolean
  /** Called with the number of bytes so far, of those that are accepted; at the end, with that after decompression. */
  readonly onProgress: (bytes: number) => void
  /** Says which part of a body is enough of it, from its beginning; nothing while it is not. Default: only all of it is. */
  readonly enough?: (soFar: Buffer) => Promise<Buffer | undefined>
}

/** Compression makes no body much larger: one that is on the wire is too large when it is unpacked. */
export function maxWireBytes(maxBytes: number): number {
  return maxBytes + maxBytes / 100 + 64 * 1024
}

/**
 * Reads a body to its end, decompressed if its codings are known, or until there is enough of it. Its memory is bounded, whatever
 * a small compressed body grows into.
 *
 * @returns The bytes, empty where they are not kept.
 * @throws ProbeFailure `size` for more than is accepted, `body` for more than can be kept, `protocol` when it cannot be decompressed; and whatever the source
 * fails with.
 */
export async function readBody(source: AsyncIterable<Buffer>, options: BodyOptions): Promise<Buffer> {
  const { codings, keep, onProgress, enough } = options
  if (codings.length > maxCodings)
    throw new ProbeFailure('protocol', `the body is encoded ${codings.length} times over`)
  const isPlain = codings.length === 0 || unknownCoding(codings) !== undefined
  const isKept = keep || !isPlain
  const maxBytes = isKept ? Math.min(options.maxBytes, maxKeptBytes) : options.maxBytes
  const tooLarge = maxBytes < options.maxBytes ? tooLargeToKeep : bodyTooLarge
  const kept: Buffer[] = []
  const soFar = async (goesOn: boolean): Promise<Buffer> => {
    const [only = empty, ...others] = kept
    const bytes = others.length === 0 ? only : Buffer.concat(kept)
    return isPlain ? bytes : decode(bytes, codings, { maxBytes, tooLarge, goesOn })
  }
  const first = await enough?.(empty)
  if (first) return first
  const isDue = enough && secondLooks()
  let length = 0
  for await (const chunk of source) {
    length += chunk.length
    onProgress(Math.min(length, maxBytes))
    if (length > (isPlain ? maxBytes : maxWireBytes(maxBytes))) throw tooLarge(maxBytes)
    if (isKept) kept.push(chunk)
    const part = isDue?.(length) === true ? await enough?.(await soFar(true)) : undefined
    if (part) return part
  }
  const body = await soFar(false)
  if (!isPlain) onProgress(body.length)
  return keep ? body : empty
}

const empty = Buffer.alloc(0)

/** A body that is larger than what is kept of one. */
function tooLargeToKeep(maxBytes: number): ProbeFailure {
  return new ProbeFailure('body', `the body cannot be checked: it is larger than ${maxBytes / 2 ** 20} MiB`)
}

/** Whether what there is of a body is looked at again, so that the time it takes is bounded by its length. */
function secondLooks(): (length: number) => boolean {
  let looked = 0
  let last = 0
  return (length) => {
    if (looked + length > maxSecondLooks && length < 2 * last) return false
    looked += length
    last = length
    return true
  }
}
