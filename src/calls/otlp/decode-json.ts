import { durationOf, errorStatus, type ResourceSpans, type Span } from './span.ts'

/**
 * Reads an ExportTraceServiceRequest in its JSON form. What is not of the form that it should have counts as absent, for
 * newer versions of the protocol may add to it.
 * Source: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 *
 * @throws SyntaxError when it is no JSON.
 */
export function decodeJson(request: Uint8Array): ResourceSpans[] {
  const document: unknown = JSON.parse(new TextDecoder().decode(request))
  return list(document, 'resourceSpans').map((resourceSpans) => ({
    resource: attributesOf(get(resourceSpans, 'resource')),
    spans: list(resourceSpans, 'scopeSpans')
      .flatMap((scopeSpans) => list(scopeSpans, 'spans'))
      .map(span),
  }))
}

function span(item: unknown): Span {
  return {
    kind: Number(get(item, 'kind')),
    durationSeconds: durationOf(nanos(get(item, 'startTimeUnixNano')), nanos(get(item, 'endTimeUnixNano'))),
    attributes: attributesOf(item),
    failed: get(get(item, 'status'), 'code') === errorStatus,
  }
}

/** 64-bit integers are decimal text in JSON; some senders write numbers. */
function nanos(value: unknown): bigint {
  if (typeof value === 'number' && Number.isSafeInteger(Math.trunc(value / 1000)))
    return BigInt(Math.trunc(value))
  return typeof value === 'string' && /^\d{1,20}$/.test(value) ? BigInt(value) : 0n
}

function attributesOf(item: unknown): Map<string, string> {
  const attributes = new Map<string, string>()
  for (const attribute of list(item, 'attributes')) {
    const key = get(attribute, 'key')
    const any = get(attribute, 'value')
    const value = get(any, 'stringValue') ?? get(any, 'intValue') ?? get(any, 'boolValue')
    if (typeof key !== 'string') continue
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      attributes.set(key, String(value))
  }
  return attributes
}

function get(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return (value as Readonly<Record<string, unknown>>)[key]
}

function list(value: unknown, key: string): unknown[] {
  const found = get(value, key)
  return Array.isArray(found) ? (found as unknown[]) : []
}
