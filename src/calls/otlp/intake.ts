import { encodeCall } from 'probity-client/wire'
import { serialByKey } from '../../lib/time/serial.ts'
import { inSlices } from '../../lib/time/slices.ts'
import type { Collector } from '../collector.ts'
import { bytesField, varintField } from './protobuf.ts'
import type { Decoded } from './span.ts'
import { recordOf, type IgnoredReason } from './to-record.ts'

/** Bytes of a request, after decompression: a span takes one or two thousand. */
export const maxRequestBytes = 16 * 1024 * 1024

/** Requests with spans that are read at the same time, each way. */
export const maxRequests = 16

/** Why spans were rejected. */
export const rejectedWords = 'client spans need a duration from 0 to 86400 s, and those of HTTP a host'

/** Takes the calls among spans, and says how many were rejected. Nothing is taken of a request that turns out to be wrong. */
export type Intake = (spans: Decoded) => Promise<number>

/** Requests are taken one at a time, however they arrive, because each takes memory while it is worked on. */
export function createIntake(collector: Collector): Intake {
  const alone = serialByKey()
  return (spans) => alone('decode', () => take(spans, collector))
}

/** An ExportTraceServiceResponse in protobuf; empty where every span was taken. */
export function exportResponse(rejected: number): Uint8Array {
  if (rejected === 0) return new Uint8Array()
  return bytesField(1, Buffer.concat([varintField(1, rejected), bytesField(2, rejectedWords)]))
}

/** Calls that are taken at once. */
const callsAtOnce = 32

async function take(spans: Decoded, collector: Collector): Promise<number> {
  const pieces: { readonly lines: string[]; readonly traceIds: string[] }[] = []
  const ignored = new Map<IgnoredReason, number>()
  let records = 0
  await inSlices(spans, (decoded) => {
    if (!decoded) return
    const record = recordOf(decoded)
    if (typeof record === 'string') {
      ignored.set(record, (ignored.get(record) ?? 0) + 1)
      return
    }
    if (records++ % callsAtOnce === 0) pieces.push({ lines: [], traceIds: [] })
    const piece = pieces.at(-1)
    piece?.lines.push(encodeCall(record))
    piece?.traceIds.push(decoded.span.traceId)
  })
  let accepted = 0
  await inSlices(pieces, ({ lines, traceIds }) => {
    accepted += collector.receive('otlp', Buffer.from(lines.join('')), traceIds).calls.length
  })
  for (const [reason, spans] of ignored) collector.ignoredSpans(reason, spans)
  return records - accepted + (ignored.get('no_host') ?? 0) + (ignored.get('no_duration') ?? 0)
}
