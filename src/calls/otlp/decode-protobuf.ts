import { fieldsOf, type Field } from './protobuf.ts'
import { durationOf, errorStatus, type ResourceSpans, type Span } from './span.ts'

/*
 * Field numbers: opentelemetry/proto/collector/trace/v1/trace_service.proto, trace/v1/trace.proto, common/v1/common.proto
 * and resource/v1/resource.proto of https://github.com/open-telemetry/opentelemetry-proto, version 1.
 */

/**
 * Reads an ExportTraceServiceRequest.
 *
 * @throws ProtobufError
 */
export function decodeProtobuf(request: Uint8Array): ResourceSpans[] {
  return messages(request, 1).map((resourceSpans) => ({
    resource: new Map(
      messages(resourceSpans, 1)
        .flatMap((resource) => messages(resource, 1))
        .flatMap(keyValue),
    ),
    spans: messages(resourceSpans, 2)
      .flatMap((scopeSpans) => messages(scopeSpans, 2))
      .map(span),
  }))
}

function messages(message: Uint8Array, number: number): Uint8Array[] {
  return [...fieldsOf(message)].filter((field) => field.number === number).map(({ bytes }) => bytes)
}

function span(message: Uint8Array): Span {
  let kind = 0
  let start = 0n
  let end = 0n
  let failed = false
  const attributes = new Map<string, string>()
  const readers: Readonly<Record<number, (field: Field) => void>> = {
    6: ({ integer }) => {
      kind = Number(integer)
    },
    7: ({ integer }) => {
      start = integer
    },
    8: ({ integer }) => {
      end = integer
    },
    9: ({ bytes }) => {
      for (const [key, value] of keyValue(bytes)) attributes.set(key, value)
    },
    15: ({ bytes }) => {
      failed = [...fieldsOf(bytes)].some(
        ({ number, integer }) => number === 3 && integer === BigInt(errorStatus),
      )
    },
  }
  for (const field of fieldsOf(message)) readers[field.number]?.(field)
  return { kind, durationSeconds: durationOf(start, end), attributes, failed }
}

/** A KeyValue whose AnyValue is text, a boolean or an integer; no double is of use here. */
function keyValue(message: Uint8Array): [string, string][] {
  let key = ''
  let value: string | undefined
  for (const { number, bytes } of fieldsOf(message)) {
    if (number === 1) key = text(bytes)
    if (number === 2) value = anyValue(bytes)
  }
  return value === undefined ? [] : [[key, value]]
}

function anyValue(message: Uint8Array): string | undefined {
  let value: string | undefined
  for (const { number, bytes, integer } of fieldsOf(message)) {
    if (number === 1) value = text(bytes)
    if (number === 2) value = String(integer !== 0n)
    if (number === 3) value = String(BigInt.asIntN(64, integer))
  }
  return value
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}
