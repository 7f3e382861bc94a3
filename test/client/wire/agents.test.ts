import { describe, expect, it } from 'vitest'
import { decodeDatagram, outcomeOf, type Call } from '../../../client/src/wire.ts'

/** What is the same in every call of the versions 0 and 1, which say nothing of who called and how it ended. */
const untold = { status: undefined, operation: '', caller: '', version: '', error: '' }

const longUrl = `http://127.0.0.1/${'a'.repeat(31_000)}?key=secret`

/** Byte for byte what deployed agents send. */
const agents: { agent: string; bytes: string; call: Partial<Call> }[] = [
  {
    agent: 'libcurl, with a raw URL',
    bytes: '1\tGET\thttp://127.0.0.1:18099/v1/charges?key=secret&x=a b\t0.92300\n',
    call: { method: 'GET', host: '127.0.0.1', path: '/v1/charges', durationSeconds: 0.0000923 },
  },
  {
    agent: 'libcurl, with nanoseconds that are not padded',
    bytes: '1\tPOST\thttps://api.stripe.com/v1/charges\t14.2693\n',
    call: { method: 'POST', host: 'api.stripe.com', path: '/v1/charges', durationSeconds: 0.014002693 },
  },
  {
    agent: 'libcurl, with a tab and a number in the query',
    bytes: '1\tGET\thttps://api.stripe.com/v1?a=\t12.5\t7.0\n',
    call: { method: 'GET', host: 'api.stripe.com', path: '/v1', durationSeconds: 0.007 },
  },
  {
    agent: 'libcurl, without a URL',
    bytes: '1\tGET\t(null)\t3.5\n',
    call: { method: 'GET', host: '', path: '/', durationSeconds: 0.003000005 },
  },
  {
    agent: 'libcurl, with credentials and without a scheme',
    bytes: '1\tGET\tme:p@ss@Example.com:8080?key=secret\t1.0\n',
    call: { method: 'GET', host: 'example.com', path: '/', durationSeconds: 0.001 },
  },
  {
    agent: 'libcurl, with a long URL',
    bytes: `1\tGET\t${longUrl}\t2.0\n`,
    call: { method: 'GET', host: '127.0.0.1', path: `/${'a'.repeat(31_000)}`, durationSeconds: 0.002 },
  },
  {
    agent: 'Node.js',
    bytes: '0\tPOST\tapi.stripe.com\t/v1/charges?key=secret\t12\n',
    call: { method: 'POST', host: 'api.stripe.com', path: '/v1/charges', durationSeconds: 0.012 },
  },
  {
    agent: 'Java, without a path and a newline',
    bytes: '0\tGET\tapi.stripe.com\t\t12',
    call: { method: 'GET', host: 'api.stripe.com', path: '/', durationSeconds: 0.012 },
  },
  {
    agent: 'Python, with a scheme before the host',
    bytes: '0\tGET\thttps://api.stripe.com\t/v1/charges\t12',
    call: { method: 'GET', host: 'api.stripe.com', path: '/v1/charges', durationSeconds: 0.012 },
  },
  {
    agent: 'Elixir, with spaces',
    bytes: '0 GET host / 12.5',
    call: { method: 'GET', host: 'host', path: '/', durationSeconds: 0.0125 },
  },
  {
    agent: 'Elixir, with an exponent',
    bytes: '0 GET host /a b 1.0e-4',
    call: { method: 'GET', host: 'host', path: '/a b', durationSeconds: 1e-7 },
  },
  {
    agent: 'eBPF, with a raw Host header and request target',
    bytes: '0\tGET\tAPI.stripe.com:443\t/v1/charges?key=secret#x\t12.345\n',
    call: { method: 'GET', host: 'api.stripe.com', path: '/v1/charges', durationSeconds: 0.012345 },
  },
  {
    agent: 'eBPF, before a proxy',
    bytes: '0\tGET\tapi.stripe.com\thttp://me:secret@api.stripe.com/v1/charges\t12.345\n',
    call: { method: 'GET', host: 'api.stripe.com', path: '/v1/charges', durationSeconds: 0.012345 },
  },
  {
    agent: 'one that ends its line with the vertical tab of the documentation',
    bytes: '0\tGET\tapi.stripe.com\t/\t12\v',
    call: { method: 'GET', host: 'api.stripe.com', path: '/', durationSeconds: 0.012 },
  },
]

describe('what deployed agents send', () => {
  it.each(agents)('$agent', ({ bytes, call }) => {
    const decoded = decodeDatagram(Buffer.from(bytes))
    expect(decoded).toEqual({
      calls: [
        {
          ...untold,
          ...call,
          wireVersion: Number(bytes[0]),
          durationSeconds: expect.closeTo(call.durationSeconds!, 12),
        },
      ],
      malformed: 0,
      unknownVersion: 0,
      tooLong: 0,
    })
    expect(outcomeOf(decoded.calls[0]!)).toBe('unknown')
    expect(JSON.stringify(decoded)).not.toContain('secret')
  })

  it('takes all of them in one datagram', () => {
    const lines = agents.map(({ bytes }) => bytes.replace(/[\n\v]?$/, '\n'))
    const { calls, malformed } = decodeDatagram(Buffer.from(lines.join('')))
    expect(calls.map(({ method }) => method)).toEqual(agents.map(({ call }) => call.method))
    expect(malformed).toBe(0)
  })
})
