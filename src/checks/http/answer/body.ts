import type { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib'
import { codeOf, messageOf } from '../../../lib/errors.ts'
import { ProbeFailure } from '../../../net/failure.ts'

type Chunks = AsyncIterable<Buffer>

/** The content codings that can be undone, and what undoes them, given the first bytes. */
const decoders: Readonly<Record<string, (first: Buffer) => Transform>> = {
  gzip: () => createGunzip(),
  br: () => createBrotliDecompress(),
  // The standard means zlib's format, but servers that send the bare one are as old as the mistake. RFC 1950 section 2.2: the low
  // four bits of zlib's first byte are 8.
  deflate: (first) => ((first[0] ?? 0) % 16 === 8 ? createInflate() : createInflateRaw()),
}

/** Nobody compresses so often, but someone who wants to cost others work does. */
const maxCodings = 5

export interface BodyOptions {
  /** As they were applied. */
  readonly codings: readonly string[]
  /** Bytes after decompression that are accepted. */
  readonly maxBytes: number
  /** Whether the bytes are wanted; otherwise they are only counted. */
  readonly keep: boolean
  /** Called with the number of bytes so far. */
  readonly onProgress: (bytes: number) => void
}

/** Compression makes no body much larger: one that is on the wire is too large when it is unpacked. */
export function maxWireBytes(maxBytes: number): number {
  return maxBytes + maxBytes / 100 + 64 * 1024
}

/** The first coding that cannot be undone. */
export function unknownCoding(codings: readonly string[]): string | undefined {
  return codings.find((coding) => !Object.hasOwn(decoders, coding))
}

/**
 * Reads a body to its end, decompressed if its codings are known. Its memory is bounded, whatever a small
 * compressed body grows into.
 *
 * @returns The bytes, empty where they are not kept.
 * @throws ProbeFailure `size` for more than is accepted, `protocol` when it cannot be decompressed; and whatever the source
 * fails with.
 */
export async function readBody(source: Chunks, options: BodyOptions): Promise<Buffer> {
  const { codings, maxBytes, keep, onProgress } = options
  const kept: Buffer[] = []
  let bytes = 0
  for await (const chunk of decompress(source, codings)) {
    bytes += chunk.length
    onProgress(bytes)
    if (bytes > maxBytes) {
      throw new ProbeFailure('size', `the body is larger than the expected maximum of ${maxBytes} bytes`)
    }
    if (keep) kept.push(chunk)
  }
  return Buffer.concat(kept)
}

function decompress(source: Chunks, codings: readonly string[]): Chunks {
  if (codings.length > maxCodings) {
    throw new ProbeFailure('protocol', `the body is encoded ${codings.length} times over`)
  }
  if (unknownCoding(codings) !== undefined) return source
  return codings.reduceRight(decoded, source)
}

async function* decoded(source: Chunks, coding: string): AsyncGenerator<Buffer, void, undefined> {
  const chunks = source[Symbol.asyncIterator]()
  const first = await chunks.next()
  // No bytes at all are not a damaged archive: answers to HEAD, and some without a body, name a coding too.
  if (first.done) return
  const decoder = decoders[coding]?.(first.value)
  if (!decoder) return
  const rest = { [Symbol.asyncIterator]: () => chunks }
  const fed = pipeline(async function* () {
    yield first.value
    yield* rest
  }, decoder)
  // What goes wrong there destroys the decoder, so it is thrown by the loop below.
  fed.catch(() => undefined)
  try {
    yield* decoder as Chunks
  } catch (cause) {
    if (!isZlibError(cause)) throw cause
    throw new ProbeFailure('protocol', `the body is not valid ${coding} data (${messageOf(cause)})`, {
      cause,
    })
  } finally {
    decoder.destroy()
  }
}

function isZlibError(error: unknown): boolean {
  return /^(Z|ERR_BROTLI|ERR_)_/.test(codeOf(error) ?? '')
}
