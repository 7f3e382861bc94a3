import { isWanted } from './attributes.ts'
import { JsonCursor } from './json-cursor.ts'
import {
  clientKind,
  durationOf,
  errorStatus,
  producerKind,
  traceIdOf,
  type Decoded,
  type Span,
} from './span.ts'
import { bounds, type Work } from './work.ts'

/**
 * Reads an ExportTraceServiceRequest in its JSON form, one span at a time. What is not of the form that it should have counts
 * as absent, for newer versions of the protocol may add to it.
 * Source: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 *
 * @throws SyntaxError when it is not JSON; TooMuchWork.
 */
export function* decodeJson(request: Uint8Array, work: Work): Decoded {
  const json = new JsonCursor(request)
  for (const stop of lists(json, 'resourceSpans', work)) {
    yield undefined
    if (!stop) continue
    work.part()
    yield* resourceSpans(json, work)
  }
  json.end()
}

function* resourceSpans(json: JsonCursor, work: Work): Decoded {
  let resource: Span['attributes'] = new Map()
  // The resource may stand behind its spans.
  const spans: (readonly [number, number])[] = []
  for (const scope of lists(json, 'scopeSpans', work, {
    resource: (value) => (resource = attributesOf(value)),
  })) {
    yield undefined
    if (!scope) continue
    work.part()
    for (const span of lists(json, 'spans', work)) {
      yield undefined
      if (!span) continue
      work.span()
      spans.push(json.range())
    }
  }
  for (const range of spans) yield { resource, span: spanOf(json.parse(range)) }
}

/**
 * Goes through an object, and through the list that is one of its members. Stops at each element of that list with true, and
 * behind each member with false. Each member counts as work; elements are for the caller to count.
 *
 * @param others Called with the values of other members.
 */
function* lists(
  json: JsonCursor,
  name: string,
  work: Work,
  others: Readonly<Record<string, (value: unknown) => void>> = {},
): Generator<boolean> {
  if (!json.isAt('{')) {
    json.value()
    return
  }
  for (const member of json.members()) {
    work.part()
    if (member === name && json.isAt('[')) yield* json.elements()
    else {
      const value = json.value()
      if (Object.hasOwn(others, member)) others[member]?.(value)
    }
    // An empty list takes its time, too.
    yield false
  }
}

function spanOf(item: unknown): Span {
  return {
    kind: numberOf(get(item, 'kind')),
    name: nameOf(get(item, 'name')),
    durationSeconds: durationOf(nanos(get(item, 'startTimeUnixNano')), nanos(get(item, 'endTimeUnixNano'))),
    attributes: attributesOf(item),
    failed: numberOf(get(get(item, 'status'), 'code')) === errorStatus,
    traceId: traceIdOf(nameOf(get(item, 'traceId'))),
  }
}

/** Enums are numbers in OTLP. Senders with a general library for protobuf write them by name, as JSON of protobuf has them. */
const enums: ReadonlyMap<unknown, number> = new Map([
  ['SPAN_KIND_CLIENT', clientKind],
  ['SPAN_KIND_PRODUCER', producerKind],
  ['STATUS_CODE_ERROR', errorStatus],
])

function numberOf(value: unknown): number {
  return enums.get(value) ?? Number(value)
}

function nameOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, bounds.text) : ''
}

/** 64-bit integers are decimal text in JSON; some senders write numbers. */
function nanos(value: unknown): bigint {
  if (typeof value === 'number' && Number.isSafeInteger(Math.trunc(value / 1000)))
    return BigInt(Math.trunc(value))
  return typeof value === 'string' && /^\d{1,20}$/.test(value) ? BigInt(value) : 0n
}

function attributesOf(item: unknown): Span['attributes'] {
  const attributes = new Map<string, string>()
  for (const attribute of list(item, 'attributes')) {
    const key = get(attribute, 'key')
    const any = get(attribute, 'value')
    const value =
      get(any, 'stringValue') ?? get(any, 'intValue') ?? get(any, 'boolValue') ?? get(any, 'doubleValue')
    if (typeof key !== 'string' || !isWanted(key)) continue
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      attributes.set(key, String(value).slice(0, bounds.text))
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
