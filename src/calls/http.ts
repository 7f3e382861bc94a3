import { Router, type Response } from 'express'
import { inSlices } from '../lib/time/slices.ts'
import type { Collector } from './collector.ts'
import type { HeldBodies } from './held-bodies.ts'
import { atMost } from './in-flight.ts'
import { rawBody } from './raw-body.ts'

/** Bytes of a body, after decompression: some ten thousand calls. */
const maxBody = 1024 * 1024

/** Requests that are read at the same time. */
const maxRequests = 128

/** Bytes that are taken at once, and the rest of the line in which they end. */
const pieceBytes = 4 * 1024

/**
 * `POST /api/v1/calls`: the lines that a datagram holds, for programs that cannot send UDP. Lines that are not calls are
 * counted and passed over, as in a datagram; the answer says how many.
 */
export function callsRoute(collector: Collector, bodies: HeldBodies): Router {
  const refuse = (response: Response, words: string): void => {
    response.type('text').send(`${words}\n`)
  }
  const few = atMost(maxRequests, refuse)
  return Router().post('/api/v1/calls', few, rawBody(maxBody, bodies, refuse), async (request, response) => {
    const bytes: unknown = request.body
    const counts = { accepted: 0, malformed: 0, unknown_version: 0, too_long: 0 }
    await inSlices(pieces(Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0)), (piece) => {
      const { calls, malformed, unknownVersion, tooLong } = collector.receive('http', piece)
      counts.accepted += calls.length
      counts.malformed += malformed
      counts.unknown_version += unknownVersion
      counts.too_long += tooLong
    })
    response.json(counts)
  })
}

/** Divides a body between lines. */
function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length;) {
    let end = start + pieceBytes
    while (end < bytes.length && !isLineBreak(bytes[end - 1])) end++
    yield bytes.subarray(start, end)
    start = end
  }
}

/** A vertical tab is one, too. */
function isLineBreak(byte: number | undefined): boolean {
  return byte === 0x0a || byte === 0x0b
}
