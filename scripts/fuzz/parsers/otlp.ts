import fc from 'fast-check'
import { decodeJson } from '../../../src/calls/otlp/decode-json.ts'
import { decodeProtobuf } from '../../../src/calls/otlp/decode-protobuf.ts'
import { bytesField, ProtobufError, varintField } from '../../../src/calls/otlp/protobuf.ts'
import type { Decoded } from '../../../src/calls/otlp/span.ts'
import { recordOf } from '../../../src/calls/otlp/to-record.ts'
import { TooMuchWork, Work } from '../../../src/calls/otlp/work.ts'
import { asJson, word } from '../grammar.ts'
import { expectThat, refusable, type Parser } from '../parser.ts'

function takeSpans(decode: (work: Work) => Decoded): void {
  for (const decoded of decode(new Work())) {
    if (!decoded) continue
    const record = recordOf(decoded)
    if (typeof record !== 'string')
      expectThat(record.durationSeconds >= 0, `a call of ${record.durationSeconds} s`)
  }
}

/** Of several values of one attribute, the last one counts. */
const attributes: readonly (readonly [name: string, value: string | number])[] = [
  ['http.request.method', 'GET'],
  ['url.full', 'https://pay.example/v1'],
  ['url.full', '/v1'],
  ['url.path', 'v1'],
  ['server.address', 'pay.example'],
  ['http.response.status_code', 200],
  ['http.response.status_code', 404],
  ['rpc.system', 'grpc'],
  ['rpc.service', 'pay.Payments'],
  ['rpc.method', 'Charge'],
  ['rpc.method', 'pay.Payments/Charge'],
  ['rpc.grpc.status_code', 14],
  ['error.type', 'Timeout'],
  ['error.type', 'ECONNRESET'],
  ['error.type', '404'],
  ['service.name', 'shop'],
  ['service.version', '1.2'],
  ['db.system', 'postgresql'],
  ['db.system', 'opensearch'],
  ['messaging.system', 'kafka'],
  ['gen_ai.operation.name', 'chat'],
  ['code.function', 'charge'],
]
const chosen = fc.subarray([...attributes])
const span = fc.record({
  kind: fc.constantFrom(3, 3, 1, 4),
  name: word,
  start: fc.nat(1_000_000),
  took: fc.nat(1_000_000),
  attributes: chosen,
  code: fc.constantFrom(0, 1, 2),
  traceId: fc.constantFrom('', '0af7651916cd43dd8448eb211c80319c', '0'.repeat(32)),
  /** Some senders write times as numbers, which is not what the protocol says. */
  inNumbers: fc.boolean(),
})
const request = fc.record({ resource: chosen, spans: fc.array(span, { minLength: 1, maxLength: 4 }) })
type Request = typeof request extends fc.Arbitrary<infer R> ? R : never

const jsonAttributes = (pairs: Request['resource']): unknown =>
  pairs.map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: `${value}` } : { stringValue: value },
  }))

const asOtlpJson = ({ resource, spans }: Request): string =>
  asJson({
    resourceSpans: [
      {
        resource: { attributes: jsonAttributes(resource) },
        scopeSpans: [
          {
            scope: { name: 'x' },
            spans: spans.map((one) => ({
              kind: one.kind,
              name: one.name,
              traceId: one.traceId,
              startTimeUnixNano: one.inNumbers ? one.start : `${one.start}`,
              endTimeUnixNano: `${one.start + one.took}`,
              attributes: jsonAttributes(one.attributes),
              status: { code: one.code },
            })),
          },
        ],
      },
    ],
  })

const protoAttributes = (number: number, pairs: Request['resource']): Uint8Array[] =>
  pairs.map(([key, value]) =>
    bytesField(
      number,
      Buffer.concat([
        bytesField(1, key),
        bytesField(2, typeof value === 'number' ? varintField(3, value) : bytesField(1, value)),
      ]),
    ),
  )

const fixed64 = (number: number, value: number): Buffer => {
  const bytes = Buffer.alloc(9)
  bytes[0] = (number << 3) | 1
  bytes.writeBigUInt64LE(BigInt(value), 1)
  return bytes
}

const asProtobuf = ({ resource, spans }: Request): Buffer =>
  Buffer.from(
    bytesField(
      1,
      Buffer.concat([
        bytesField(1, Buffer.concat(protoAttributes(1, resource))),
        bytesField(
          2,
          Buffer.concat(
            spans.map((one) =>
              bytesField(
                2,
                Buffer.concat([
                  bytesField(1, Buffer.from(one.traceId, 'hex')),
                  bytesField(5, one.name),
                  varintField(6, one.kind),
                  fixed64(7, one.start),
                  fixed64(8, one.start + one.took),
                  ...protoAttributes(9, one.attributes),
                  bytesField(15, varintField(3, one.code)),
                ]),
              ),
            ),
          ),
        ),
      ]),
    ),
  )

const samples = fc.sample(request, { numRuns: 6, seed: 1 })

export const otlpJson: Parser = {
  name: 'otlp-json',
  seeds: [
    ...samples.map(asOtlpJson),
    '{"resourceSpans":[null,{"scopeSpans":[{"spans":[1,{"attributes":{}}]}]}]}',
    '{"resourceSpans":7,"other":[{"a":"\\u00e9\\n"}]}',
  ],
  grammar: request.map(asOtlpJson),
  tokens: [
    '{"resourceSpans":',
    '"scopeSpans":',
    '"spans":',
    '"attributes":',
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '"',
    '\\u0041',
    '\\',
    'null',
    '-1',
    '1e999',
    '"__proto__":',
  ],
  sources: ['decode-json', 'json-cursor', 'to-record', 'span', 'attributes', 'operation'].map(
    (file) => `src/calls/otlp/${file}.ts`,
  ),
  parse: async (input) => {
    try {
      return await refusable(() => {
        takeSpans((work) => decodeJson(input, work))
      }, TooMuchWork)
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      expectThat(error.message !== '', 'the message is empty')
      return false
    }
  },
}

export const otlpProtobuf: Parser = {
  name: 'otlp-protobuf',
  seeds: samples.map(asProtobuf),
  grammar: request.map(asProtobuf),
  tokens: [
    '\x0a',
    '\x12',
    '\x7a\x02\x18\x02',
    '\x2a\x01a',
    '\x30\x03',
    '\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01',
    '\x0b',
    '\x0c',
    '\x0d',
    '\x09',
    'url.full',
    'http.request.method',
  ],
  sources: ['decode-protobuf', 'protobuf', 'to-record', 'span'].map((file) => `src/calls/otlp/${file}.ts`),
  parse: async (input) => {
    try {
      return await refusable(() => {
        takeSpans((work) => decodeProtobuf(input, work))
      }, TooMuchWork)
    } catch (error) {
      if (!(error instanceof ProtobufError)) throw error
      expectThat(error.message !== '', 'the message is empty')
      return false
    }
  },
}
