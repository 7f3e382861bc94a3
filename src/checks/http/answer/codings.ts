import { promisify } from 'node:util'
import * as zlib from 'node:zlib'
import { codeOf, messageOf } from '../../../lib/errors.ts'
import { ProbeFailure } from '../../../net/failure.ts'
import { membersLength } from './gzip-members.ts'

/** Undoes a coding, at once or in libuv's threads. */
interface Decoder {
  readonly atOnce: (bytes: Buffer, options: zlib.ZlibOptions) => Buffer
  readonly inThread: (bytes: Buffer, options: zlib.ZlibOptions) => Promise<Buffer>
  /** How the end of data that goes on is asked for. */
  readonly flush: number
}

const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH } = zlib.constants

const gzip: Decoder = {
  atOnce: zlib.gunzipSync,
  inThread: promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip),
  flush: Z_SYNC_FLUSH,
}
const inflate: Decoder = {
  atOnce: zlib.inflateSync,
  inThread: promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflate),
  flush: Z_SYNC_FLUSH,
}
const inflateRaw: Decoder = {
  atOnce: zlib.inflateRawSync,
  inThread: promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflateRaw),
  flush: Z_SYNC_FLUSH,
}
const brotli: Decoder = {
  atOnce: zlib.brotliDecompressSync,
  inThread: promisify<Buffer, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress),
  flush: BROTLI_OPERATION_FLUSH,
}

/** The content codings that can be undone, and what undoes them, given the first byte. */
const decoders: Readonly<Record<string, (first: number) => Decoder>> = {
  gzip: () => gzip,
  br: () => brotli,
  // The standard means zlib's format, but servers that send the bare one are as old as the mistake. RFC 1950 section 2.2: the low
  // four bits of zlib's first byte are 8.
  deflate: (first) => (first % 16 === 8 ? inflate : inflateRaw),
}

/** Bytes before and after, up to which it takes less time at once than a thread takes to begin. */
const smallBefore = 16 * 1024
const smallAfter = 128 * 1024

/** The first coding that cannot be undone. */
export function unknownCoding(codings: readonly string[]): string | undefined {
  return codings.find((coding) => !Object.hasOwn(decoders, coding))
}

export interface DecodeOptions {
  /** Bytes that are accepted. */
  readonly maxBytes: number
  /** What more bytes are refused with. Default: {@link bodyTooLarge}. */
  readonly tooLarge?: (maxBytes: number) => ProbeFailure
  /** Whether there is more to come, so that what there is counts. */
  readonly goesOn: boolean
}

/**
 * Undoes codings, which are listed as they were applied. What follows the end of the data is left out. The memory that
 * it takes is bounded, whatever a few bytes grow into.
 *
 * @throws ProbeFailure `size` for more bytes than are accepted, `protocol` for data that is damaged or cut off.
 */
export async function decode(
  bytes: Buffer,
  codings: readonly string[],
  options: DecodeOptions,
): Promise<Buffer> {
  let decoded = bytes
  // No bytes at all are not a damaged archive: answers to HEAD, and some without a body, name a coding too.
  for (const coding of codings.toReversed())
    if (decoded.length > 0) decoded = await undo(decoded, coding, options)
  return decoded
}

async function undo(
  bytes: Buffer,
  coding: string,
  { maxBytes, tooLarge = bodyTooLarge, goesOn }: DecodeOptions,
): Promise<Buffer> {
  const [first = 0] = bytes
  const decoder = decoders[coding]?.(first)
  if (!decoder) return bytes
  const options = { maxOutputLength: maxBytes, ...(goesOn && { finishFlush: decoder.flush }) }
  try {
    return await unpack(bytes, decoder, options).catch(async (error: unknown) => {
      if (coding !== 'gzip' || !isNoMember(error)) throw error
      const length = await membersLength(bytes, maxBytes)
      if (length === bytes.length) throw error
      return unpack(bytes.subarray(0, length), decoder, options)
    })
  } catch (cause) {
    if (isTooLarge(cause)) throw tooLarge(maxBytes)
    if (!isZlibError(cause)) throw cause
    throw new ProbeFailure('protocol', `the body is not valid ${coding} data (${messageOf(cause)})`, {
      cause,
    })
  }
}

async function unpack(
  bytes: Buffer,
  { atOnce, inThread }: Decoder,
  options: zlib.ZlibOptions & { readonly maxOutputLength: number },
): Promise<Buffer> {
  const { maxOutputLength } = options
  if (bytes.length <= smallBefore) {
    try {
      return atOnce(bytes, { ...options, maxOutputLength: Math.min(maxOutputLength, smallAfter) })
    } catch (error) {
      if (!isTooLarge(error) || maxOutputLength <= smallAfter) throw error
    }
  }
  return inThread(bytes, options)
}

/** A body that is larger than was expected. */
export function bodyTooLarge(maxBytes: number): ProbeFailure {
  return new ProbeFailure('size', `the body is larger than the expected maximum of ${maxBytes} bytes`)
}

function isTooLarge(error: unknown): boolean {
  return codeOf(error) === 'ERR_BUFFER_TOO_LARGE'
}

/** What zlib says where a member should begin and something else does. */
function isNoMember(error: unknown): boolean {
  return codeOf(error) === 'Z_DATA_ERROR' && messageOf(error).endsWith('incorrect header check')
}

function isZlibError(error: unknown): boolean {
  return /^(Z|ERR_BROTLI|ERR_)_/.test(codeOf(error) ?? '')
}
