import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { codeOf, messageOf } from '../../../lib/errors.ts'
import type { HeldBody } from '../../held-bodies.ts'
import { GrpcError } from './error.ts'

/*
 * Length-Prefixed-Message: a byte that says whether the message is compressed, its length in four, and the message.
 * Source: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
const prefixBytes = 5

/** How messages may be compressed. */
export const encodings = 'gzip,identity'

/** What a message may take up. */
export interface MessageBounds {
  /** Bytes that a message may have, on the wire and after decompression. */
  readonly maxBytes: number
  /** Counts them. */
  readonly held: HeldBody
  /** Aborted when there are too many bytes of all messages together. */
  readonly turnedAway: AbortSignal
}

/**
 * Reads the one message of a call.
 *
 * @param encoding `grpc-encoding`. Default `identity`.
 * @throws {@link GrpcError}, and what the stream fails with.
 */
export async function readMessage(
  stream: Readable,
  encoding: string | undefined,
  bounds: MessageBounds,
): Promise<Buffer> {
  const { maxBytes, held, turnedAway } = bounds
  const chunks: Buffer[] = []
  let bytes = 0
  let length: number | undefined
  for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    bytes += chunk.length
    held.add(chunk.length)
    if (turnedAway.aborted) throw tooMuchAtOnce()
    if (length === undefined && bytes >= prefixBytes) {
      length = Buffer.concat(chunks).readUInt32BE(1)
      if (length > maxBytes) throw tooLarge(maxBytes)
    }
    if (bytes > prefixBytes + (length ?? 0)) throw new GrpcError('INVALID_ARGUMENT', 'expected one message')
  }
  if (length === undefined || bytes < prefixBytes + length)
    throw new GrpcError('INVALID_ARGUMENT', 'the message is missing or cut off')
  const framed = Buffer.concat(chunks)
  const message = framed.subarray(prefixBytes)
  if (framed[0] === 0) {
    held.complete()
    return message
  }
  const decompressed = await decompress(message, encoding, maxBytes)
  held.add(decompressed.length)
  if (turnedAway.aborted) throw tooMuchAtOnce()
  held.complete()
  return decompressed
}

async function decompress(message: Buffer, encoding: string | undefined, maxBytes: number): Promise<Buffer> {
  if (encoding === undefined || encoding === 'identity')
    throw new GrpcError('INTERNAL', 'the message is compressed, but grpc-encoding does not say how')
  if (encoding !== 'gzip')
    throw new GrpcError('UNIMPLEMENTED', `messages may be compressed with ${encodings}`)
  try {
    return await promisify(gunzip)(message, { maxOutputLength: maxBytes })
  } catch (cause) {
    if (codeOf(cause) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes)
    throw new GrpcError('INVALID_ARGUMENT', `the message is not valid gzip: ${messageOf(cause)}`, { cause })
  }
}

function tooMuchAtOnce(): GrpcError {
  return new GrpcError('UNAVAILABLE', 'too much is being sent at the same time: try again')
}

function tooLarge(maxBytes: number): GrpcError {
  return new GrpcError('RESOURCE_EXHAUSTED', `a message may have at most ${maxBytes / 1024 / 1024} MiB`)
}

/** A message in the form in which it is sent, without compression. */
export function framed(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(prefixBytes)
  prefix.writeUInt32BE(message.length, 1)
  return Buffer.concat([prefix, message])
}
