import { isWanted, longestName } from './attributes.ts'
import { fieldsOf } from './protobuf.ts'
import { durationOf, errorStatus, traceIdOf, type Decoded, type Span } from './span.ts'
import { bounds, type Work } from './work.ts'

/*
 * Field numbers: opentelemetry/proto/collector/trace/v1/trace_service.proto, trace/v1/trace.proto, common/v1/common.proto
 * and resource/v1/resource.proto of https://github.com/open-telemetry/opentelemetry-proto, version 1.
 */

/**
 * Reads an ExportTraceServiceRequest, one span at a time.
 *
 * @throws ProtobufError, TooMuchWork
 */
export function* decodeProtobuf(request: Uint8Array, work: Work): Decoded {
  for (const resourceSpans of messages(request, 1, work)) {
    // One without spans takes its time, too.
    yield undefined
    if (resourceSpans) yield* spansOf(resourceSpans, work)
  }
}

function* spansOf(resourceSpans: Uint8Array, work: Work): Decoded {
  const resource = new Map<string, string>()
  // It may stand behind its spans.
  for (const message of messages(resourceSpans, 1, work)) {
    yield undefined
    if (message) readAttributes(message, 1, resource, work.message())
  }
  for (const scopeSpans of messages(resourceSpans, 2, work)) {
    yield undefined
    if (!scopeSpans) continue
    for (const { number, bytes } of fieldsOf(scopeSpans)) {
      if (number === 2) work.span()
      else work.part()
      yield number === 2 ? { resource, span: spanOf(bytes, work.message()) } : undefined
    }
  }
}

/** The messages with a number. Undefined stands for any other field: it takes its time, too. */
function* messages(message: Uint8Array, number: number, work: Work): Generator<Uint8Array | undefined> {
  for (const field of fieldsOf(message)) {
    work.part()
    yield field.number === number ? field.bytes : undefined
  }
}

/** @param count Called for every field. */
function spanOf(message: Uint8Array, count: () => void): Span {
  let kind = 0
  let name = ''
  let start = 0n
  let end = 0n
  let failed = false
  let traceId = ''
  const attributes = new Map<string, string>()
  for (const { number, integer, bytes } of fieldsOf(message)) {
    count()
    if (number === 1) traceId = bytes.byteLength === 16 ? traceIdOf(hexOf(bytes)) : ''
    else if (number === 5) name = text(bytes)
    else if (number === 6) kind = Number(integer)
    else if (number === 7) start = integer
    else if (number === 8) end = integer
    else if (number === 9) readAttribute(bytes, attributes, count)
    else if (number === 15) failed = isError(bytes, count)
  }
  return { kind, name, durationSeconds: durationOf(start, end), attributes, failed, traceId }
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

function isError(status: Uint8Array, count: () => void): boolean {
  let failed = false
  for (const { number, integer } of fieldsOf(status)) {
    count()
    failed ||= number === 3 && integer === BigInt(errorStatus)
  }
  return failed
}

function readAttributes(
  message: Uint8Array,
  number: number,
  into: Map<string, string>,
  count: () => void,
): void {
  for (const field of fieldsOf(message)) {
    count()
    if (field.number === number) readAttribute(field.bytes, into, count)
  }
}

/** A KeyValue whose AnyValue is text, a boolean or a number. */
function readAttribute(message: Uint8Array, into: Map<string, string>, count: () => void): void {
  let key = ''
  let any: Uint8Array | undefined
  for (const { number, bytes } of fieldsOf(message)) {
    count()
    if (number === 1) key = bytes.length > longestName ? '' : text(bytes)
    if (number === 2) any = bytes
  }
  if (!any || !isWanted(key)) return
  for (const { number, bytes, integer } of fieldsOf(any)) {
    count()
    if (number === 1) into.set(key, text(bytes))
    if (number === 2) into.set(key, String(integer !== 0n))
    if (number === 3) into.set(key, String(BigInt.asIntN(64, integer)))
    if (number === 4) into.set(key, String(doubleOf(integer)))
  }
}

/** The double that has these 64 bits. */
function doubleOf(bits: bigint): number {
  return new Float64Array(BigUint64Array.of(bits).buffer)[0] ?? NaN
}

/** What is too long for any field of a call is cut before it is copied. */
function text(bytes: Uint8Array): string {
  const length = Math.min(bytes.byteLength, bounds.text)
  return Buffer.from(bytes.buffer, bytes.byteOffset, length).toString('utf8')
}
