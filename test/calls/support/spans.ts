import { bytesField, varintField } from '../../../src/calls/otlp/protobuf.ts'

/** Attributes of a span or a resource. */
export type Values = Readonly<Record<string, string | number | boolean>>

/** What a test says of a span. */
export interface SpanOptions {
  readonly kind?: number
  readonly name?: string
  readonly attributes: Values
  readonly status?: number
  readonly start?: bigint
  readonly end?: bigint
  /** Hexadecimal digits. Default: none. */
  readonly traceId?: string
}

/** When spans start, in nanoseconds since 1970. */
export const start = 1_760_000_000_000_000_000n
/** A request of HTTP in the stable semantic conventions. */
export const stable = {
  'http.request.method': 'POST',
  'url.full': 'https://me:pass@api.stripe.com:443/v1/charges?key=secret',
  'http.response.status_code': 200,
}

function fixed64(number: number, value: bigint): Uint8Array {
  const bytes = Buffer.alloc(9)
  bytes[0] = number * 8 + 1
  bytes.writeBigUInt64LE(value, 1)
  return bytes
}

/** An integer that is not negative, or else a double. */
function numberField(value: number): Uint8Array {
  if (Number.isInteger(value) && value >= 0) return varintField(3, value)
  return fixed64(4, new BigUint64Array(Float64Array.of(value).buffer)[0] ?? 0n)
}

/** An ExportTraceServiceRequest. */
export function protobuf(resource: Values, spans: readonly SpanOptions[]): Uint8Array<ArrayBuffer> {
  const any = (value: string | number | boolean): Uint8Array =>
    typeof value === 'string'
      ? bytesField(1, value)
      : typeof value === 'number'
        ? numberField(value)
        : varintField(2, Number(value))
  const attributes = (number: number, values: Values): Uint8Array[] =>
    Object.entries(values).map(([key, value]) =>
      bytesField(number, Buffer.concat([bytesField(1, key), bytesField(2, any(value))])),
    )
  const messages = spans.map((span) =>
    bytesField(
      2,
      Buffer.concat([
        ...(span.traceId === undefined ? [] : [bytesField(1, Buffer.from(span.traceId, 'hex'))]),
        bytesField(5, span.name ?? 'a span'),
        varintField(6, span.kind ?? 3),
        fixed64(7, span.start ?? start),
        fixed64(8, span.end ?? start + 150_000_000n),
        ...attributes(9, span.attributes),
        ...(span.status === undefined ? [] : [bytesField(15, varintField(3, span.status))]),
      ]),
    ),
  )
  const resourceMessage = bytesField(1, Buffer.concat(attributes(1, resource)))
  const scope = bytesField(2, Buffer.concat(messages))
  return new Uint8Array(bytesField(1, Buffer.concat([resourceMessage, scope])))
}
