import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { decodeAnswer, encodeQuery } from '../../../src/checks/dns/message.ts'
import { MalformedMessage } from '../../../src/checks/dns/reader.ts'
import { frame, readHealth } from '../../../src/checks/grpc/health.ts'
import { HeldBodies } from '../../../src/calls/held-bodies.ts'
import { GrpcError } from '../../../src/calls/otlp/grpc/error.ts'
import { framed, readMessage } from '../../../src/calls/otlp/grpc/message.ts'
import { answerTo, data, wireName, uint16, uint32 } from '../../../test/support/servers/dns-server.ts'
import { expectThat, expectWords, refusable, type Parser } from '../parser.ts'
import { inSrc, pieces } from './pieces.ts'

const query = encodeQuery(0x1234, { name: 'shop.example', type: 'A' }, true)
const kindsOfData = [
  [1, data.a('192.0.2.1')],
  [28, Buffer.from('20010db8000000000000000000000001', 'hex')],
  [15, data.mx(10, 'mx.example')],
  [16, data.txt('v=spf1', 'é "\\')],
  [6, data.soa(7)],
  [5, Buffer.from([0xc0, 12])],
  [33, Buffer.concat([uint16(1), uint16(2), uint16(443), wireName('a.example')])],
  [257, Buffer.concat([Buffer.from([0]), data.txt('issue'), Buffer.from('ca.example')])],
  [43, Buffer.from('03e80801abcdef', 'hex')],
  [48, Buffer.concat([uint16(257), Buffer.from([3, 8]), Buffer.from('key')])],
  [52, Buffer.from('030101abcd', 'hex')],
  [44, Buffer.from('0402abcd', 'hex')],
  [13, data.txt('PC', 'Linux')],
  [35, Buffer.concat([uint16(1), uint16(2), data.txt('s', 'SIP', ''), wireName('x.example')])],
  [2, wireName('ns.example')],
  [12, wireName('')],
  [65_400, Buffer.from([1, 2])],
] as const
const record = fc.constantFrom(...kindsOfData).map(([type, bytes]) => ({ type, data: bytes }))

export const dns: Parser = {
  name: 'dns',
  seeds: [
    ...kindsOfData.map(([type, bytes]) => answerTo(query.bytes, { answer: [{ type, data: bytes }] })),
    answerTo(query.bytes, { rcode: 3, authority: [{ type: 6, data: data.soa(1) }] }),
    answerTo(query.bytes, { truncated: true }),
  ],
  grammar: fc
    .record({
      rcode: fc.constantFrom(0, 2, 3, 15),
      answer: fc.array(record, { maxLength: 4 }),
      authority: fc.array(record, { maxLength: 2 }),
      additional: fc.array(record, { maxLength: 2 }),
    })
    .map((answer) => answerTo(query.bytes, answer)),
  tokens: ['\xc0\x0c', '\xc0\xff', '\x3f', '\x40', '\0\0\x01\0\x01', '\x04shop', String(uint32(1))],
  sources: inSrc('checks/dns', ['message', 'reader', 'presentation', 'names']),
  parse: (input) =>
    refusable(() => {
      const { answer, authority, additional } = decodeAnswer(input, query)
      for (const { text } of [...answer, ...authority, ...additional])
        expectThat(
          /^[ -~\t]+$/.test(text),
          `a record with characters that do not show: ${JSON.stringify(text)}`,
        )
    }, MalformedMessage),
}

export const grpcHealth: Parser = {
  name: 'grpc-health',
  seeds: [
    frame(Buffer.from([8, 1])),
    frame(Buffer.alloc(0)),
    frame(Buffer.from([8, 2, 0x12, 2, 1, 2, 0x1d, 1, 2, 3, 4])),
    frame(Buffer.from([0x11, 1, 2, 3, 4, 5, 6, 7, 8, 8, 3])),
  ],
  grammar: fc
    .array(
      fc.oneof(
        fc.nat(3).map((status) => [8, status]),
        fc.nat(127).map((value) => [0x18, value]),
        fc.uint8Array({ maxLength: 5 }).map((bytes) => [0x12, bytes.length, ...bytes]),
      ),
      { maxLength: 4 },
    )
    .map((fields) => frame(Buffer.from(fields.flat()))),
  tokens: ['\x08\x01', '\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01', '\x12\x7f', '\x1b', '\0\0\0\0\x02'],
  sources: inSrc('checks/grpc', ['health']),
  parse: (input) => {
    const health = readHealth(input)
    if (typeof health === 'string') return true
    expectWords(health.problem)
    return false
  },
}

export const grpcMessage: Parser = {
  name: 'grpc-message',
  seeds: [
    framed(Buffer.from('a message')),
    Buffer.concat([Buffer.from([1, 0, 0, 0, gzipSync('abc').length]), gzipSync('abc')]),
    framed(Buffer.alloc(0)),
  ],
  grammar: fc.uint8Array({ maxLength: 60 }).map((bytes) => framed(bytes)),
  tokens: ['\0\0\0\0\x01', '\x01\0\0\0\x20', '\xff\xff\xff\xff', '\x1f\x8b\x08'],
  sources: inSrc('calls/otlp/grpc', ['message', 'error']),
  parse: (input) =>
    refusable(
      () =>
        readMessage(
          Readable.from([...pieces(input)], { objectMode: false }),
          [undefined, 'gzip', 'identity', 'snappy', 'gzip'][(input.at(-1) ?? 0) % 5],
          {
            maxBytes: 4096,
            held: new HeldBodies().hold(() => undefined),
            turnedAway: new AbortController().signal,
          },
        ),
      GrpcError,
    ),
}
