import { describe, expect, it } from 'vitest'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'
import { recordProbeLog } from '../../../src/checks/log.ts'
import { httpMetrics } from '../../../src/checks/http/metrics.ts'
import { httpCheck, pattern } from '../../support/http-check.ts'
import { startRawPeer, type RawAnswer } from '../../support/servers/raw-peer.ts'
import { ampleSeconds } from '../../support/time/patience.ts'

const ok = 'Content-Length: 2\r\nConnection: close\r\n\r\nok'
const chunked = 'Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n'

type Overrides = Parameters<typeof httpCheck>[1]

async function probe(answer: RawAnswer, overrides?: Overrides): Promise<ProbeResult> {
  const { url } = await startRawPeer(answer)
  return runProbe(httpCheck(url, overrides), { timeoutSeconds: ampleSeconds })
}

/** What curl, Go and browsers read, and in what it is odd. */
const readable: Readonly<Record<string, [answer: string, ...oddities: string[]]>> = {
  'a control character in a header': [
    `HTTP/1.1 200 OK\r\nSet-Cookie: v=a\x01b; path=/\r\n${ok}`,
    'control-character',
  ],
  'a delete character in a header': [`HTTP/1.1 200 OK\r\nX-A: a\x7fb\r\n${ok}`, 'control-character'],
  'a blank within the end of a line': [`HTTP/1.1 200 OK\r\nX-A: b\r \n${ok}`, 'line-end'],
  'lines that end in a line feed alone': ['HTTP/1.1 200 OK\nContent-Length: 2\n\nok', 'bare-lf'],
  'headers of 100 KB': [
    `HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(50_000)}\r\nX-B: ${'a'.repeat(50_000)}\r\n${ok}`,
  ],
  'headers of nearly 1 MiB': [`HTTP/1.1 200 OK\r\n${`X-A: ${'a'.repeat(994)}\r\n`.repeat(1040)}${ok}`],
  'a length and chunks': [
    `HTTP/1.1 200 OK\r\nContent-Length: 2\r\n${chunked}2\r\nok\r\n0\r\n\r\n`,
    'length-and-chunked',
  ],
  'a length twice': [`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n${ok}`, 'repeated-length'],
  'a folded header': [`HTTP/1.1 200 OK\r\nX-A: a\r\n b\r\n${ok}`, 'folded-header'],
  'a space in a name': [`HTTP/1.1 200 OK\r\nX A: b\r\n${ok}`, 'header-name'],
  'a space before a colon': [`HTTP/1.1 200 OK\r\nX-A : b\r\n${ok}`, 'blank-before-colon'],
  'blanks after the size of a chunk': [`HTTP/1.1 200 OK\r\n${chunked}2  \r\nok\r\n0  \r\n\r\n`, 'chunk-size'],
  'chunks with extensions and a trailer': [
    `HTTP/1.1 200 OK\r\n${chunked}2;a="b"\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n`,
  ],
  'a later version of HTTP/1': [`HTTP/1.2 200 OK\r\n${ok}`, 'version'],
  'a length without a value': ['HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nok', 'empty-length'],
  'no transfer coding': [`HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n${ok}`, 'transfer-coding'],
  'no reason': [`HTTP/1.1 200\r\n${ok}`],
  'a body until the connection ends': ['HTTP/1.1 200 OK\r\n\r\nok'],
  'a length where there is no body': [
    'HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n',
    'body-not-allowed',
  ],
  'a name that means something to JavaScript': [`HTTP/1.1 200 OK\r\n__proto__: x\r\n${ok}`],
}

/** What a browser or Go refuses, and what curl does. */
const refused: Readonly<Record<string, [answer: string, detail: string]>> = {
  'lengths that differ': [
    `HTTP/1.1 200 OK\r\nContent-Length: 3\r\n${ok}`,
    'it has several Content-Lengths, which differ',
  ],
  'a length below zero': [
    'HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok',
    'its Content-Length is not a number of bytes',
  ],
  'a length that no number holds': [
    'HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nok',
    'its Content-Length is not a number of bytes',
  ],
  'a chunk below zero': [`HTTP/1.1 200 OK\r\n${chunked}-2\r\nok\r\n0\r\n\r\n`, 'a chunk has no valid size'],
  'a chunk that no number holds': [
    `HTTP/1.1 200 OK\r\n${chunked}fffffffffffffffff\r\nok`,
    'a chunk has no valid size',
  ],
  'a header line without a colon': [
    `HTTP/1.1 200 OK\r\nwelcome\r\n${ok}`,
    'it has a header line without a name or without a colon',
  ],
  'a NUL in a header': [
    `HTTP/1.1 200 OK\r\nX-A: a\0b\r\n${ok}`,
    'it has a NUL character in the status line or in a header',
  ],
  'a NUL in the reason': [
    `HTTP/1.1 200 O\0K\r\n${ok}`,
    'it has a NUL character in the status line or in a header',
  ],
  'a transfer coding that nobody knows': [
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    'it has a Transfer-Encoding that is neither chunked nor identity',
  ],
  'a transfer coding that Go and browsers do not decode': [
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    'it has a Transfer-Encoding that is neither chunked nor identity',
  ],
  'more than 1 MiB of headers': [
    `HTTP/1.1 200 OK\r\n${`X-A: ${'a'.repeat(994)}\r\n`.repeat(1049)}${ok}`,
    'it has more than 1024 KiB of headers',
  ],
  'no status line': ['hello there', 'it does not begin with a status line'],
  'a status of two digits': ['HTTP/1.1 20 OK\r\n\r\n', 'it does not begin with a status line'],
  'an alert of TLS': ['\x15\x03\x01\0\x02\x02\x46', 'the port speaks TLS'],
  'HTTP/2': [
    '\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0\x64',
    'the server speaks HTTP/2, which needs https and http2: true',
  ],
}

describe('an answer that every client reads', () => {
  it.each(Object.entries(readable))('is read: %s', async (_what, [answer, ...oddities]) => {
    const { success, failure, oddities: seen = [] } = await probe(answer)
    expect([success, failure, seen]).toEqual([true, undefined, oddities])
  })

  it.each(Object.entries(readable))('is refused where strict HTTP is expected: %s', async (_what, given) => {
    const [answer, ...oddities] = given
    const { success, failure } = await probe(answer, { expect: { strict: true } })
    expect(success).toBe(oddities.length === 0)
    for (const oddity of oddities) {
      expect(failure?.reason).toBe('protocol')
      expect(failure?.message).toMatch(
        new RegExp(`^expected HTTP exactly as it is defined, got ${oddity} \\(`),
      )
    }
  })

  it('leaves evidence of what was odd: a line of the log, and a metric', async () => {
    const { url } = await startRawPeer('HTTP/1.1 200 OK\nX-A: b\n\nok')
    const log = recordProbeLog(() => 0)
    const result = await runProbe(httpCheck(url), { timeoutSeconds: ampleSeconds, log })
    const lines = log.lines.filter(({ message }) => message === 'the answer is odd')
    expect(lines.map(({ fields }) => fields)).toEqual([
      { oddity: 'bare-lf', meaning: 'lines that end without a carriage return' },
    ])
    const metric = httpMetrics.find(({ name }) => name === 'probe_http_lenient_info')!
    expect(metric.samples({ result, timeoutSeconds: 1 })).toEqual([
      { labels: { oddity: 'bare-lf' }, value: 1 },
    ])
  })

  it('may be a redirect, whose oddities count too', async () => {
    const there = await startRawPeer(`HTTP/1.1 200 OK\r\n${ok}`)
    const result = await probe(`HTTP/1.1 302 Found\nLocation: ${there.url}/\n\n`)
    expect(result).toMatchObject({ success: true, http: { statusCode: 200 }, oddities: ['bare-lf'] })
  })
})

describe('an answer that clients refuse', () => {
  it.each(Object.entries(refused))('is refused: %s', async (_what, [answer, detail]) => {
    expect(await probe(answer)).toMatchObject({
      success: false,
      failure: { reason: 'protocol', message: `the answer is not valid HTTP: ${detail}` },
    })
  })

  it.each([
    ['a body', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok'],
    ['a chunk', `HTTP/1.1 200 OK\r\n${chunked}3\r\nok`],
    ['a head', 'HTTP/1.1 200 OK\r\nX-A: b\r\n'],
  ])('is refused: %s that ends early', async (_what, answer) => {
    expect((await probe(answer)).failure).toEqual({
      reason: 'protocol',
      message: 'the connection was closed in the middle of the answer',
    })
  })
})

describe('a status of three digits', () => {
  it('may be any', async () => {
    const answer = 'HTTP/1.1 999 Request denied\r\nContent-Length: 0\r\n\r\n'
    const expected = { expect: { status: [{ from: 999, to: 999 }] } }
    expect(await probe(answer, expected)).toMatchObject({ success: true, http: { statusCode: 999 } })
    expect((await probe(answer)).failure?.message).toBe('expected 2xx, got 999')
  })
})

describe('the values of headers', () => {
  const bytes = (text: string): string => Buffer.from(text).toString('latin1')

  it.each([
    ['UTF-8', bytes('Zoë 名')],
    ['Latin-1', 'Zo\xeb \xff'],
  ])('are text where they are %s', async (_what, value) => {
    const name = value.startsWith('Zo\xeb ') ? '^Zoë ÿ$' : '^Zoë 名$'
    const headers = [{ name: 'x-name', pattern: pattern(name) }]
    const result = await probe(`HTTP/1.1 200 OK\r\nX-Name: ${value}\r\n${ok}`, { expect: { headers } })
    expect(result.failure).toBeUndefined()
  })

  it('lead to where a server means them to', async () => {
    const there = await startRawPeer(`HTTP/1.1 200 OK\r\n${ok}`)
    await probe(`HTTP/1.1 302 Found\r\nLocation: ${there.url}/${bytes('café')}\r\n\r\n`)
    await probe(`HTTP/1.1 302 Found\r\nLocation: ${there.url}/caf\xe9\r\n\r\n`)
    expect(there.received.map((request) => request.split(' ')[1])).toEqual(['/caf%C3%A9', '/caf%C3%A9'])
  })
})

describe('the answer of a token endpoint', () => {
  it('may be as odd as any other, and is not the answer of the target', async () => {
    const token = await startRawPeer('HTTP/1.1 200 OK\nX-A: \x01\n\n{"access_token":"k3y"}')
    const target = await startRawPeer(`HTTP/1.1 200 OK\r\n${ok}`)
    const auth = {
      type: 'oauth2',
      tokenUrl: new URL(token.url),
      clientId: 'a',
      clientSecret: 'b',
      scopes: [],
      style: 'basic',
    } as const
    const check = httpCheck(target.url, { auth, expect: { strict: true } })
    const result = await runProbe(check, { timeoutSeconds: ampleSeconds })
    expect(result).toMatchObject({ success: true })
    expect(result).not.toHaveProperty('oddities')
    expect(target.received[0]).toContain('authorization: Bearer k3y\r\n')
  })
})
