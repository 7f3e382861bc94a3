import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { decodeDatagram, outcomeOf } from '../../../client/src/wire.ts'
import { partOf } from '../../support/proof.ts'

const decode = (text: string, maxLineBytes?: number) =>
  decodeDatagram(Buffer.from(text), maxLineBytes === undefined ? {} : { maxLineBytes })

describe('version 2', () => {
  it('carries everything', () => {
    const line =
      '2\tPOST\thttps://me:pw@api.stripe.com/v1/charges?key=1\t12.5\t402\tcharge\tshop\t1.2.3\tCardError\n'
    expect(decode(line).calls).toEqual([
      {
        wireVersion: 2,
        method: 'POST',
        host: 'api.stripe.com',
        path: '/v1/charges',
        durationSeconds: 0.0125,
        status: 402,
        operation: 'charge',
        caller: 'shop',
        version: '1.2.3',
        error: 'CardError',
      },
    ])
  })

  it.each([
    { line: '2\tGET\thttps://a.example\t1', outcome: 'unknown' },
    { line: '2\tGET\thttps://a.example\t1\t200', outcome: 'ok' },
    { line: '2\tGET\thttps://a.example\t1\t404', outcome: 'ok' },
    { line: '2\tGET\thttps://a.example\t1\t429', outcome: 'error' },
    { line: '2\tGET\thttps://a.example\t1\t500', outcome: 'error' },
    { line: '2\tGET\thttps://a.example\t1\t0', outcome: 'error' },
    // CANCELLED of gRPC, as every client and OpenTelemetry reports it: the program gave the call up.
    { line: '2\t\t\t1\t499\tpay.Payments/Charge', outcome: 'unknown' },
    { line: '2\t\t\t1\t499\tcharge\tshop\t1\tRpcError', outcome: 'unknown' },
    { line: '2\tGET\thttps://a.example\t1\t200\t\t\t\tECONNRESET', outcome: 'error' },
    { line: '2\t\t\t1\t\tcharge', outcome: 'ok' },
    { line: '2\t\t\t1\t\tcharge\tshop\t1\tTypeError', outcome: 'error' },
    { line: '2\t\t\t1\t402\tcharge\tshop\t1\tcard_declined', outcome: 'ok' },
    { line: '2\t\t\t1\t429\tcharge\tshop\t1\tRateLimitError', outcome: 'error' },
    { line: '2\t\t\t1\t503\tcharge\tshop\t1\tServerError', outcome: 'error' },
    { line: '2\t\t\t1\t\tcharge\tshop\t1\tAbortError', outcome: 'unknown' },
    { line: '2\tGET\thttps://a.example\t1\t0\t\t\t\tABORT_ERR', outcome: 'unknown' },
    { line: '2\tGET\thttps://a.example\t1\t0\t\t\t\tTimeoutError', outcome: 'error' },
    { line: '2\tGET\thttps://a.example\t1\t404\t\t\t\tECONNRESET', outcome: 'error' },
    { line: '2 GET https://a.example 1 200', outcome: 'ok' },
  ])('$line ends as $outcome', ({ line, outcome }) => {
    expect(decode(line).calls.map(outcomeOf)).toEqual([outcome])
  })

  it('keeps what others read later free of control characters, and short', () => {
    const [call] = decode(`2\tget\thttp://h/\u001b[2Jx\t1\t200\t\u0007a\u0000b \t${'c'.repeat(300)}`).calls
    expect(call).toMatchObject({ method: 'GET', path: '/ [2Jx', operation: 'a b', caller: 'c'.repeat(100) })
  })
})

describe('several lines', () => {
  it('counts each of them once, whatever ends it', () => {
    const good = '0\tGET\th\t/\t1'
    expect(decode(`${good}\n\n${good}\r\nhello\n7\tGET\n${good}\v${good}`)).toMatchObject({
      calls: { length: 4 },
      malformed: 1,
      unknownVersion: 1,
      tooLong: 0,
    })
  })

  it('takes the largest datagram', () => {
    const line = `0\tGET\th\t/${'x'.repeat(65_507 - 12)}\t1\n`
    expect(Buffer.byteLength(line)).toBe(65_507)
    expect(decode(line).calls[0]?.path).toHaveLength(65_496)
  })

  it('counts what is longer', () => {
    const short = '0\tGET\th\t/é\t1'
    const long = '0\tGET\th\t/éx\t1'
    expect(Buffer.byteLength(short)).toBe(13)
    expect(decode(`${short}\n${long}\n`, 13)).toMatchObject({
      calls: [{ path: '/é' }],
      tooLong: 1,
      malformed: 0,
    })
  })

  it('reads its own part of a larger buffer', () => {
    const all = Buffer.from('xxx0\tGET\th\t/\t1xxx')
    expect(decodeDatagram(all.subarray(3, -3)).calls).toHaveLength(1)
  })
})

describe('lines that are none', () => {
  it.each([
    'hello',
    '0',
    '2',
    '0\tGET\thost',
    '0\tGET\thost\t/\tsoon',
    '0\tGET\thost\t/\t-1',
    '0\tGET\thost\t/\tNaN',
    '0\tGET\thost\t/\tInfinity',
    '0\tGET\thost\t/\t1e999',
    '0\tGET\thost\t/\t86400001',
    '0\tGET\t\t/\t1',
    '0\tGET\tho st\t/\t1',
    '0\tG=T\thost\t/\t1',
    '0\t\thost\t/\t1',
    '1\tGET\thttp://\t1.5',
    '1\tGET\thttp://host:port/\t1.5',
    '1\tGET\t/relative\t1.5',
    '1\tGET\thttp://host/\t1.2.3',
    '2\tGET\thttps://host/\t1\tok',
    '2\tGET\t\t1\t200',
    '2\t\thttps://host/\t1\t200',
    '2\tGET\thttps://host/\t\t200',
    '2\tGET\thttps://host/\t1\t200\to\tc\tv\te\tmore',
    '0GET host / 1',
  ])('%j is malformed', (line) => {
    expect(decode(line)).toEqual({ calls: [], malformed: 1, unknownVersion: 0, tooLong: 0 })
  })

  it.each([
    { what: 'a host that no resolver takes', line: `2\tGET\thttps://${'h'.repeat(254)}/\t1\t200` },
    { what: 'a datagram full of one word', line: 'x'.repeat(65_507) },
  ])('$what is malformed', ({ line }) => {
    expect(decode(line)).toMatchObject({ calls: [], malformed: 1 })
  })

  it.each(['3\tGET\thttps://host/\t1', '10\tGET', '99999999999999999999 x', '3'])(
    '%j is of another version',
    (line) => {
      expect(decode(line)).toEqual({ calls: [], malformed: 0, unknownVersion: 1, tooLong: 0 })
    },
  )

  it.each(['', '\n', ' \t\r\n\v\n'])('%j is nothing', (text) => {
    expect(decode(text)).toEqual({ calls: [], malformed: 0, unknownVersion: 0, tooLong: 0 })
  })
})

describe('100,000 random datagrams', () => {
  const word = fc.oneof(
    fc.constantFrom(
      'GET',
      'https://u:p@h:1/p?q',
      'h',
      '/',
      '(null)',
      '12.5',
      '200',
      '-1',
      '1e400',
      '://',
      '@',
      '',
    ),
    fc.string({ unit: 'binary', maxLength: 8 }),
  )
  const usual = ['GET', 'https://u:p@h:1/p?q', '12.5', '200', 'charge', 'shop', '1', 'TypeError']
  const line = fc
    .tuple(
      fc.constantFrom('0', '1', '2', '3', ''),
      fc.tuple(...usual.map((value) => fc.oneof({ arbitrary: fc.constant(value), weight: 4 }, word))),
      fc.integer({ min: 0, max: usual.length }),
      fc.constantFrom('\t', '\t', ' '),
    )
    .map(([version, fields, length, separator]) => [version, ...fields.slice(0, length)].join(separator))
  const nearly = fc
    .tuple(fc.array(line, { maxLength: 3 }), fc.constantFrom('\n', '\v', '\r\n'))
    .map(([lines, end]) => Buffer.from(lines.join(end)))
  const anything = fc.uint8Array({ maxLength: 40 })

  it('never throw, and each line is counted exactly once', () => {
    let accepted = 0
    fc.assert(
      fc.property(fc.oneof(nearly, anything), (bytes) => {
        const { calls, malformed, unknownVersion, tooLong } = decodeDatagram(bytes)
        const lines = Buffer.from(bytes)
          .toString()
          .split(/[\n\v]/)
          .filter((line) => line.trim() !== '').length
        accepted += calls.length
        if (calls.length + malformed + unknownVersion + tooLong !== lines) return false
        return calls.every(
          (call) =>
            call.durationSeconds >= 0 &&
            call.durationSeconds <= 86_400 &&
            !/[?#@]/.test(call.host) &&
            !/[?#]/.test(call.path) &&
            !/\p{Cc}/u.test(
              `${call.host}${call.path}${call.operation}${call.caller}${call.version}${call.error}`,
            ),
        )
      }),
      { numRuns: partOf(100_000, 4) },
    )
    expect(accepted).toBeGreaterThan(1000)
  })
})
