import { crc32, deflateSync, gzipSync, brotliCompressSync, deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { decode } from '../../../src/checks/http/answer/codings.ts'
import { decodeText } from '../../../src/checks/http/body/charset.ts'
import { ProbeFailure } from '../../../src/net/failure.ts'
import { readAnswer, type AnswerEnd } from '../../../src/net/http1/answer.ts'
import { chunkedBody } from '../../../src/net/http1/chunked.ts'
import { BodyError } from '../../../src/net/http1/body.ts'
import { seeded } from '../../simulate/random.ts'
import { joined, word } from '../grammar.ts'
import { expectThat, expectWords, refusable, type Parser } from '../parser.ts'
import { inSrc, pieces } from './pieces.ts'

const header = fc.constantFrom(
  ...[
    'Content-Type: text/html',
    'Connection: close',
    'Set-Cookie: a=b',
    'Server: x',
    'A:',
    ' folded',
    'B : c',
    '__proto__: x',
  ],
)
const chunks = fc
  .array(fc.string({ maxLength: 20 }), { maxLength: 4 })
  .map((all) =>
    [...all.filter((text) => text !== ''), '']
      .map((text) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`)
      .join(''),
  )
const framedBody = fc.oneof(
  chunks.map((text) => ['Transfer-Encoding: chunked', text] as const),
  fc.string({ maxLength: 40 }).map((text) => [`Content-Length: ${Buffer.byteLength(text)}`, text] as const),
)

export const http1: Parser = {
  name: 'http1',
  seeds: [
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.0 200 OK\n\nto the end',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nTrailer: x\r\n\r\n',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nrest',
    'HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\nabc',
  ],
  grammar: fc
    .tuple(
      fc.constantFrom('HTTP/1.1 200 OK', 'HTTP/1.0 404', 'HTTP/1.1 503 Busy now'),
      fc.array(header, { maxLength: 5 }),
      framedBody,
    )
    .map(([status, headers, [framing, body]]) => [status, ...headers, framing, '', body].join('\r\n')),
  tokens: [
    'HTTP/1.1 200 OK\r\n',
    'HTTP/2 200',
    'HTTP/1.1 100 Continue\r\n\r\n',
    'Content-Length: 3\r\n',
    'Content-Length: 4, 4\r\n',
    'Content-Length: -1\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Transfer-Encoding: gzip, chunked\r\n',
    'Transfer-Encoding: identity\r\n',
    '\r\n\r\n',
    '\r \n',
    '\n\n',
    ' : ',
    '\t',
    'ffffffffffffffff\r\n',
    '0\r\n\r\n',
    '204',
    '304',
  ],
  sources: inSrc('net/http1', [
    'answer',
    'body',
    'chunked',
    'framing',
    'gather',
    'head',
    'headers',
    'line',
    'status-line',
  ]),
  parse: (input) => {
    const ends: AnswerEnd[] = []
    let heads = 0
    let bytes = 0
    const reader = readAnswer({
      maxHeadBytes: 4096,
      bodiless: (input.at(-1) ?? 0) % 16 === 7,
      note: () => undefined,
      onInformational: () => undefined,
      onHead: ({ status }) => {
        heads++
        expectThat(status >= 0 && status <= 999, `the status ${status}`)
      },
      onData: (piece) => (bytes += piece.length),
      onEnd: (how) => {
        ends.push(how)
      },
    })
    for (const piece of pieces(input)) reader.push(Buffer.from(piece))
    reader.close(true)
    const [end] = ends
    expectThat(ends.length === 1, `it ends ${ends.length} times`)
    expectThat(heads <= 1 && bytes <= input.length, 'it says more than there was')
    if (end?.how === 'invalid') expectWords(end.why)
    return end?.how === 'complete'
  },
}

export const chunked: Parser = {
  name: 'chunked',
  seeds: [
    '5\r\nhello\r\n0\r\n\r\n',
    '3;a="b"\r\nabc\r\n2 \r\nde\r\n0\r\nX: y\r\n\r\n',
    '1\nx\n0\n\n',
    '000A\r\n0123456789\r\n0\r\n\r\nrest',
  ],
  grammar: chunks.map((text) => `${text}\r\n`),
  tokens: [
    '0\r\n\r\n',
    '\r\n',
    '\n',
    '5\r\nhello\r\n',
    ';',
    '7fffffff\r\n',
    'fffffffffffffffff\r\n',
    '-1\r\n',
    '0x5\r\n',
    ' 5 \r\n',
    'A: b\r\n',
  ],
  sources: inSrc('net/http1', ['chunked', 'gather', 'line']),
  parse: (input) =>
    refusable(() => {
      let bytes = 0
      const reader = chunkedBody({
        onData: (piece) => (bytes += piece.length),
        note: () => undefined,
        maxLineBytes: 1024,
      })
      let rest: Buffer | undefined
      for (const piece of pieces(input)) if ((rest = reader.push(Buffer.from(piece)))) break
      expectThat(bytes <= input.length, 'it says more than there was')
      if (rest === undefined) throw new BodyError('it is cut off')
    }, BodyError),
}

const codings = ['gzip', 'br', 'deflate', 'deflate'] as const
const packers = [gzipSync, brotliCompressSync, deflateSync, deflateRawSync]
/** The first byte names the coding. */
const packed = (way: number, text: string): Buffer =>
  Buffer.concat([Buffer.from([0x30 + way]), packers[way]!(text)])

/** A member with everything that a header may have: RFC 1952, section 2.3. */
const member = (flags: number, text: string): Buffer => {
  const bare = gzipSync(text)
  const header = Buffer.from(bare.subarray(0, 10))
  header[3] = flags
  const parts = [
    ...(flags & 4 ? [Buffer.from('\x02\0ab')] : []),
    ...(flags & 8 ? [Buffer.from('name\0')] : []),
    ...(flags & 16 ? [Buffer.from('words\0')] : []),
  ]
  const crc = flags & 2 ? crc32(Buffer.concat([header, ...parts])) & 0xffff : undefined
  const check = crc === undefined ? [] : [Buffer.from([crc & 255, crc >> 8])]
  return Buffer.concat([header, ...parts, ...check, bare.subarray(10)])
}
/** Text that gets no smaller, from the same numbers every time. */
const incompressible = (length: number): string => {
  const random = seeded(1)
  return Array.from({ length }, () => String.fromCharCode(Math.floor(random() * 128))).join('')
}

export const encodings: Parser = {
  name: 'encodings',
  seeds: [
    ...[0, 1, 2, 3].map((way) => packed(way, 'hello hello hello')),
    Buffer.concat([packed(0, 'one'), gzipSync('two'), Buffer.from('\0\0')]),
    packed(0, 'x'.repeat(300_000)),
    packed(0, incompressible(25_000)),
    ...[2, 4, 8, 16, 30].map((flags) =>
      Buffer.concat([Buffer.from('0'), member(flags, 'one'), Buffer.from('rest')]),
    ),
    '0',
    ';text',
  ],
  grammar: fc.oneof(
    fc.tuple(fc.nat(3), fc.string({ maxLength: 300 })).map(([way, text]) => packed(way, text)),
    fc
      .tuple(fc.nat(31), fc.string({ maxLength: 30 }), fc.constantFrom('', '\0', 'rest', '\x1f\x8b'))
      .map(([flags, text, rest]) =>
        Buffer.concat([Buffer.from('0'), member(flags, text), Buffer.from(rest)]),
      ),
  ),
  tokens: ['\x1f\x8b\x08', '\x1f\x8b\x08\x1f', '\x78\x9c', '\0\0\xff\xff', '\x03\0'],
  sources: inSrc('checks/http/answer', ['codings', 'gzip-members']),
  parse: (input) =>
    refusable(async () => {
      const [way = 0] = input
      const [coding = 'gzip'] = codings.slice(way % 4)
      const list = way === 0x3b ? ['identity'] : way >= 0x3a ? ['gzip', 'deflate'] : [coding]
      const bytes = await decode(input.subarray(1), list, { maxBytes: 200_000, goesOn: way % 2 === 1 })
      expectThat(bytes.length <= 200_000, 'it is larger than allowed')
    }, ProbeFailure),
}

const types = [
  'text/html',
  'application/json',
  'text/plain; charset=iso-8859-1',
  'application/xml; charset="utf-16"',
  '',
  'application/problem+json; charset=latin1',
]

/** The first byte chooses the Content-Type; a line that begins with it may say another. */
export const charset: Parser = {
  name: 'charset',
  seeds: [
    '0<html><head><meta charset="iso-8859-1"></head>caf\xe9',
    '0<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
    '3<?xml version="1.0" encoding="ISO-8859-15"?><a/>',
    '1{"a":"b"}',
    Buffer.from('1\ufeff{"a":1}', 'utf16le').subarray(2),
    Buffer.from([0x31, 0, 0, 0xfe, 0xff, 0, 0, 0, 0x41]),
    Buffer.from([0x31, 0xff, 0xfe, 0, 0, 0x41, 0, 0, 0]),
    '2text',
    Buffer.from([0x32, 0xef, 0xbb, 0xbf, 0x41]),
  ],
  grammar: fc
    .tuple(
      fc.nat(5),
      joined(
        fc.oneof(
          word,
          fc.constantFrom('<meta charset=', 'utf-8', '>', '<?xml encoding="', '"?>', '<!-- ', ' -->'),
        ),
        '',
      ),
    )
    .map(([type, text]) => `${type}${text}`),
  tokens: [
    '<meta ',
    'charset=',
    '"utf-8"',
    'utf-16le',
    'x-user-defined',
    'windows-1252',
    '<?xml ',
    'encoding=',
    '?>',
    '<!--',
    '-->',
    '\xff\xfe',
    '\xfe\xff',
    'content="text/html; charset=',
  ],
  sources: inSrc('checks/http/body', ['charset']),
  parse: (input) => {
    const text = decodeText(input.subarray(1), types[(input[0] ?? 0) % 6]!)
    expectThat(text.length <= input.length, 'it is longer than its bytes')
    return !text.includes('\ufffd')
  },
}
