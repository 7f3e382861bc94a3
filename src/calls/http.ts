import express, { Router } from 'express'
import type { Collector } from './collector.ts'

/** Bytes of a body, after decompression: some ten thousand calls. */
const maxBody = '1mb'

/**
 * `POST /api/v1/calls`: the lines that a datagram holds, for programs that cannot send UDP. Lines that are no calls are
 * counted and passed over, as in a datagram; the answer says how many.
 */
export function callsRoute(collector: Collector): Router {
  const body = express.raw({ type: () => true, limit: maxBody })
  return Router().post('/api/v1/calls', body, (request, response) => {
    const bytes: unknown = request.body
    const { calls, malformed, unknownVersion, tooLong } = collector.receive(
      'http',
      Buffer.isBuffer(bytes) ? bytes : new Uint8Array(),
    )
    response.json({ accepted: calls.length, malformed, unknown_version: unknownVersion, too_long: tooLong })
  })
}
