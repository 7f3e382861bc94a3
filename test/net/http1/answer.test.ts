import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { readAnswer } from '../../../src/net/http1/answer.ts'
import { bytesOf, read } from './support.ts'

const chunked = 'Transfer-Encoding: chunked\r\n'

/** What is read although it is odd: the answer, its body, what is odd. All of them are complete. */
const readable: Readonly<Record<string, [answer: string, body: string, ...oddities: string[]]>> = {
  'an ordinary answer': ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', 'ok'],
  'no reason': ['HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok', 'ok'],
  'the end of the connection for the end of the body': ['HTTP/1.0 200 OK\r\n\r\nok', 'ok'],
  'a control character': ['HTTP/1.1 200 OK\r\nA: \x01\r\n\r\nok', 'ok', 'control-character'],
  'a carriage return in a value': ['HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\nok', 'ok', 'control-character'],
  'a NUL in the reason': ['HTTP/1.1 200 O\0K\r\n\r\nok', 'ok', 'nul'],
  'a NUL in a header': ['HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\nok', 'ok', 'nul'],
  'a length without a value': ['HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nok', 'ok', 'empty-length'],
  'bare line feeds': ['HTTP/1.1 200 OK\nContent-Length: 2\n\nok', 'ok', 'bare-lf'],
  'a blank within the end of a line': ['HTTP/1.1 200 OK\r\nA: b\r \n\r\nok', 'ok', 'line-end'],
  'equal lengths': [
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok',
    'ok',
    'repeated-length',
  ],
  'equal lengths in one header': [
    'HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok',
    'ok',
    'repeated-length',
  ],
  'lengths that differ': [
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nok',
    'o',
    'bytes-after-end',
    'different-lengths',
  ],
  'a length in words': ['HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok', 'ok', 'invalid-length'],
  'a length below zero': ['HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok', 'ok', 'invalid-length'],
  'a length with a sign': ['HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok', 'ok', 'invalid-length'],
  'a length without end': [
    `HTTP/1.1 200 OK\r\nContent-Length: ${'9'.repeat(30)}\r\n\r\nok`,
    'ok',
    'invalid-length',
  ],
  'a length and chunks': [
    `HTTP/1.1 200 OK\r\nContent-Length: 9\r\n${chunked}\r\n2\r\nok\r\n0\r\n\r\n`,
    'ok',
    'length-and-chunked',
  ],
  'chunks with extensions and trailers': [
    `HTTP/1.1 200 OK\r\n${chunked}\r\n1;a=b\r\no\r\n0001 ;c\r\nk\r\n0\r\nA: b\r\n\r\n`,
    'ok',
    'chunk-size',
  ],
  'chunk sizes with blanks': [`HTTP/1.1 200 OK\r\n${chunked}\r\n2  \r\nok\r\n0\r\n\r\n`, 'ok', 'chunk-size'],
  'chunks with bare line feeds': [`HTTP/1.1 200 OK\r\n${chunked}\r\n2\nok\n0\n\n`, 'ok', 'bare-lf'],
  'another coding': ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\nok', 'ok', 'unknown-coding'],
  'a coding before the chunks': [
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    'ok',
    'unknown-coding',
  ],
  'what looks like chunks in HTTP/1.0': [
    `HTTP/1.0 200 OK\r\n${chunked}\r\n2\r\nok\r\n0\r\n\r\n`,
    '2\r\nok\r\n0\r\n\r\n',
    'transfer-coding',
  ],
  'no coding': ['HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\nok', 'ok', 'transfer-coding'],
  'chunks twice': [
    `HTTP/1.1 200 OK\r\n${chunked}${chunked}\r\n2\r\nok\r\n0\r\n\r\n`,
    'ok',
    'transfer-coding',
  ],
  'a status that nobody has defined': ['HTTP/1.1 999 Request denied\r\nContent-Length: 2\r\n\r\nok', 'ok'],
  'a delete character': ['HTTP/1.1 200 OK\r\nA: b\x7fc\r\n\r\nok', 'ok', 'control-character'],
  'a last chunk with blanks': [`HTTP/1.1 200 OK\r\n${chunked}\r\n2\r\nok\r\n0  \r\n\r\n`, 'ok', 'chunk-size'],
  'a folded header': ['HTTP/1.1 200 OK\r\nContent-Length:\r\n\t2\r\n\r\nok', 'ok', 'folded-header'],
  'a header that begins with a blank': [
    'HTTP/1.1 200 OK\r\n Content-Length: 2\r\n\r\nok',
    'ok',
    'folded-header',
  ],
  'a blank before a colon': ['HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok', 'ok', 'blank-before-colon'],
  'a blank in a name': ['HTTP/1.1 200 OK\r\nContent Length: 1\r\n\r\nok', 'ok', 'header-name'],
  'no colon': ['HTTP/1.1 200 OK\r\nwelcome\r\n\r\nok', 'ok', 'not-a-header'],
  'no name': ['HTTP/1.1 200 OK\r\n: b\r\n\r\nok', 'ok', 'not-a-header'],
  'another version': ['HTTP/1.2 200 OK\r\n\r\nok', 'ok', 'version'],
  'a version of one digit': ['http/2  200\r\n\r\nok', 'ok', 'status-line', 'version'],
  'empty lines before it': ['\r\n\nHTTP/1.1 200 OK\r\n\r\nok', 'ok', 'bare-lf', 'empty-lines-before'],
  'answers in advance': ['HTTP/1.1 100 Continue\r\nContent-Length: 7\r\n\r\nHTTP/1.1 200 OK\r\n\r\nok', 'ok'],
  'bytes after its end': ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok!', 'ok', 'bytes-after-end'],
  'a body where none may be': [
    'HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nok',
    '',
    'body-not-allowed',
    'bytes-after-end',
  ],
  'the length of what is not sent': ['HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\n', ''],
}

/** What breaks off: the status that is known all the same, and the body that was there. */
const broken: Readonly<Record<string, [answer: string, status: number | undefined, body?: string]>> = {
  nothing: ['', undefined],
  'within the protocol': ['HTTP/1.', undefined],
  'within the status': ['HTTP/1.1 20', undefined],
  'after the status': ['HTTP/1.1 503', 503],
  'within the end of the status line': ['HTTP/1.1 503\r', 503],
  'after the status line': ['HTTP/1.1 503 Busy\r\n', 503],
  'within an answer in advance': ['HTTP/1.1 100 Continue\r\nA: b\r\n', undefined],
  'after an answer in advance': ['HTTP/1.1 100 Continue\r\n\r\n', undefined],
  'within the body': ['HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok', 200, 'ok'],
  'within a chunk': [`HTTP/1.1 200 OK\r\n${chunked}\r\n3\r\nok`, 200, 'ok'],
  'before the last chunk': [`HTTP/1.1 200 OK\r\n${chunked}\r\n2\r\nok\r\n`, 200, 'ok'],
}

/** Bodies that cannot be taken apart: what there was of them, and why not. */
const invalid: Readonly<Record<string, [body: string, read: string, why: string]>> = {
  'chunks without a size': ['ok\r\n', '', 'a chunk has no valid size'],
  'a size below zero': ['-2\r\nok\r\n0\r\n\r\n', '', 'a chunk has no valid size'],
  'a size that no number holds': [`${'f'.repeat(20)}\r\nok`, '', 'a chunk has no valid size'],
  'a chunk that is longer than its size': ['1\r\nok\r\n0\r\n\r\n', 'o', 'a chunk is longer than its size'],
  'a size without end': [`1;${'a'.repeat(1000)}`, '', 'the lines between its chunks are too long'],
  'trailers without end': [
    `0\r\n${'A: b\r\n'.repeat(250)}\r\n`,
    '',
    'the lines between its chunks are too long',
  ],
  'little data between long extensions': [
    `1;${'a'.repeat(500)}\r\nx\r\n`.repeat(4),
    'xxx',
    'the lines between its chunks are too long',
  ],
}

const strangers = [
  'HTTP/1.1 099 OK\r\n',
  'SSH-2.0-OpenSSH_9.6\r\n',
  '\x15\x03\x01\0\x02\x02\x46',
  'HTTP/1.1 2000 OK\r\n',
  'HTTPS 200\r\n',
]

describe('the reader of answers', () => {
  it.each(Object.entries(readable))('reads %s', (_what, [answer, body, ...oddities]) => {
    const reading = read(bytesOf(answer))
    expect(reading).toMatchObject({ body, ends: ['complete'], oddities })
    expect(reading.heads).toHaveLength(1)
  })

  it.each(Object.entries(broken))(
    'knows what there was of an answer that breaks off: %s',
    (_where, given) => {
      const [answer, status, body = ''] = given
      const { heads, ...rest } = read(bytesOf(answer))
      expect(rest).toMatchObject({ body, ends: ['cut'] })
      expect(heads.map((head) => head.status)).toEqual(status === undefined ? [] : [status])
    },
  )

  it.each(Object.entries(invalid))('gives up on %s', (_what, [sent, body, why]) => {
    const reading = read(bytesOf(`HTTP/1.1 200 OK\r\n${chunked}\r\n${sent}`), { close: 'not at all' })
    expect(reading).toMatchObject({ body, ends: [`invalid: ${why}`] })
  })

  it('gives up on a body of millions of chunks', () => {
    const ends: string[] = []
    const reader = readAnswer({
      maxHeadBytes: 1000,
      note: () => undefined,
      onHead: () => undefined,
      onData: () => undefined,
      onEnd: (end) => ends.push(end.how === 'invalid' ? end.why : end.how),
    })
    reader.push(bytesOf(`HTTP/1.1 200 OK\r\n${chunked}\r\n`))
    const piece = bytesOf('1\r\nx\r\n'.repeat(10_000))
    for (let n = 0; n < 100; n++) reader.push(piece)
    expect(ends).toEqual([])
    reader.push(piece)
    expect(ends).toEqual(['it has more than 1,000,000 chunks'])
  })

  it('keeps many small chunks in one piece', () => {
    const pieces: Buffer[] = []
    const reader = readAnswer({
      maxHeadBytes: 1000,
      note: () => undefined,
      onHead: () => undefined,
      onData: (data) => pieces.push(data),
      onEnd: () => undefined,
    })
    reader.push(bytesOf(`HTTP/1.1 200 OK\r\n${chunked}\r\n`))
    reader.push(bytesOf('1\r\nx\r\n'.repeat(10_000)))
    expect(pieces.map(({ length }) => length)).toEqual([10_000])
  })

  it.each(['Content-Length: 5\r\n', chunked, ''])(
    'expects no body of an answer to HEAD with %j',
    (header) => {
      const answer = bytesOf(`HTTP/1.1 200 OK\r\n${header}\r\n`)
      expect(read(answer, { bodiless: true, close: 'not at all' })).toMatchObject({
        body: '',
        ends: ['complete'],
        oddities: [],
      })
    },
  )

  it.each(strangers)('takes %j for no HTTP, without waiting for more', (bytes) => {
    expect(read(bytesOf(bytes), { close: 'not at all' })).toEqual({
      heads: [],
      body: '',
      ends: ['not HTTP'],
      informational: 0,
      oddities: [],
    })
  })

  it('gives the head as it was sent, names in lower case', () => {
    const answer = 'HTTP/1.1 404 Not  here \r\nB:  1\t\r\na:\xe9\r\n \r\n 2\r\nB: 3\r\nE:\r\n\r\n'
    expect(read(bytesOf(answer)).heads).toEqual([
      {
        version: '1.1',
        status: 404,
        reason: 'Not  here',
        headers: [
          ['b', '1'],
          ['a', '\xe9 2'],
          ['b', '3'],
          ['e', ''],
        ],
      },
    ])
  })

  it('leaves out a header that breaks off, which could be another one', () => {
    const [head] = read(bytesOf('HTTP/1.1 503 Busy\r\nA: b\r\nRetry-After: 1')).heads
    expect(head?.headers).toEqual([['a', 'b']])
  })

  it('takes an answer without a length for broken when its connection is', () => {
    expect(read(bytesOf('HTTP/1.1 200 OK\r\n\r\nok'), { close: 'broken' }).ends).toEqual(['cut'])
  })

  it('takes a change of the protocol for the answer', () => {
    const { heads } = read(bytesOf('HTTP/1.1 101 Switching Protocols\r\nUpgrade: a\r\n\r\n\x01\x02'))
    expect(heads).toMatchObject([{ status: 101 }])
  })

  it.each([
    ['a head', 'HTTP/1.1 200 OK\r\nA: b\r\nA: c\r\n\r\n', [['a', 'b']]],
    ['answers in advance', 'HTTP/1.1 103 E\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\n', []],
    ['a reason', 'HTTP/1.1 200 Everything is fine here\r\n\r\n', []],
  ])('takes in no more than the bound of %s', (_what, answer, headers) => {
    const { length } = answer
    const options = { maxHeadBytes: length, close: 'not at all' } as const
    expect(read(bytesOf(answer), options)).toMatchObject({ ends: [], oddities: [] })
    const tight = { ...options, maxHeadBytes: length - 3 }
    expect(read(bytesOf(answer), tight)).toMatchObject({
      heads: [{ status: 200, headers }],
      ends: ['cut'],
      oddities: ['head-too-large'],
    })
  })

  it.each([
    ['blanks within a value', `A: b${' '.repeat(500_000)}c\r\n`],
    ['blanks within a name', `A${' '.repeat(500_000)}b: c\r\n`],
    ['blanks without a colon', `${' '.repeat(500_000)}b\r\n`],
    ['carriage returns', `A: ${'\r '.repeat(250_000)}c\r\n`],
    ['folded lines', `A: b\r\n${' c\n'.repeat(150_000)}`],
  ])('is not brought to a standstill by many %s', (_what, lines) => {
    const { heads } = read(bytesOf(`HTTP/1.1 200 OK\r\n${lines}B: c\r\n\r\n`), { maxHeadBytes: 2 ** 20 })
    expect(heads[0]?.headers.at(-1)).toEqual(['b', 'c'])
  })

  it('reads the same in whatever pieces it comes', () => {
    const soup = fc
      .array(
        fc.constantFrom(
          ...[
            'HTTP/1.1 200 OK',
            'HTTP/1.1 100',
            ' 503',
            '\r\n',
            '\n',
            '\r',
            ' ',
            '\t',
            ':',
            'A: b',
            'A',
            '2',
            '0',
            ';',
          ],
          ...['Content-Length: 2', 'Transfer-Encoding: chunked', 'ok', '\0', '\xff', '\r\n\r\n'],
        ),
        { maxLength: 40 },
      )
      .map((parts) => parts.join(''))
    const known = [
      ...[...Object.values(readable), ...Object.values(broken)].map(([answer]) => answer),
      ...Object.values(invalid).map(([sent]) => `HTTP/1.1 200 OK\r\n${chunked}\r\n${sent}`),
    ]
    fc.assert(
      fc.property(
        fc.oneof(
          fc.constantFrom(...known, ...strangers),
          soup,
          soup.map((rest) => `HTTP/1.1 200 OK\r\n${rest}`),
          fc.string({ unit: 'binary-ascii' }),
        ),
        fc.array(fc.nat(), { maxLength: 8 }),
        fc.integer({ min: 1, max: 200 }),
        fc.constantFrom('orderly', 'broken', 'not at all'),
        (answer, places, maxHeadBytes, close) => {
          const bytes = bytesOf(answer)
          const whole = read(bytes, { maxHeadBytes, close })
          expect(whole.ends.length).toBe(close === 'not at all' ? whole.ends.length : 1)
          const cuts = places.map((place) => place % (bytes.length + 1))
          expect(read(bytes, { maxHeadBytes, close, cuts })).toEqual(whole)
          const singly = [...bytes.keys()]
          expect(read(bytes, { maxHeadBytes, close, cuts: singly })).toEqual(whole)
        },
      ),
      { numRuns: 2000 },
    )
  })
})
