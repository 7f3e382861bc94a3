import type { RequestListener } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runProbe } from '../../../src/checks/run.ts'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { listenHttp } from '../../../src/lib/http/listen.ts'
import { parseTarget } from '../../support/parse-config.ts'

const document =
  '{"id":9007199254740992,"order":12345678901234567890,"price":0.10,"one":1.0,"huge":1e400,"zero":-0,"tiny":1e-400}'

let url: string
let stop: () => Promise<void>
/** What was asked for: its path and its body. */
const asked: string[] = []

beforeAll(async () => {
  const handler: RequestListener = (request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      asked.push(`${request.url ?? ''} ${body}`.trim())
      response.end(document)
    })
  }
  const listening = await listenHttp(handler, { host: '127.0.0.1', port: 0 })
  ;({ url, stop } = listening)
})
afterAll(() => stop())

const probe = (lines: string): Promise<ProbeResult> =>
  runProbe(parseTarget(`targets:\n  - name: it\n${lines.replaceAll(/^/gm, '    ')}\n`).check, {
    timeoutSeconds: 30,
  })

describe('a number of a document is compared exactly', () => {
  it.each([
    ['id', '9007199254740992', true],
    ['id', '9007199254740993', false],
    ['id', '9007199254740991', false],
    ['order', '12345678901234567890', true],
    ['order', '1234567890123456789e1', true],
    ['order', '0xab54a98ceb1f0ad2', true],
    ['order', '12345678901234567999', false],
    ['order', '"12345678901234567890"', false],
    ['price', '0.1', true],
    ['price', '0.10', true],
    ['price', '0.1000000000000000055511151231257827', false],
    ['one', '1', true],
    ['one', '"1"', false],
    ['huge', '1e400', true],
    ['huge', '1e401', false],
    ['zero', '0', true],
    ['zero', '-0', true],
    ['tiny', '0', false],
    ['tiny', '0.1e-399', true],
  ])('%s, with %s expected, is %s', async (name, value, success) => {
    const result = await probe(`url: "${url}"\nexpect: { json: { $.${name}: ${value} } }`)
    expect(result).toMatchObject({ success })
  })

  it('which the message shows as it was written', async () => {
    const { failure } = await probe(`url: "${url}"\nexpect: { json: { $.id: 9007199254740993 } }`)
    expect(failure?.message).toBe('expected $.id to be 9007199254740993, got another value (number)')
  })

  it.each(['.inf', '.nan'])('and %s is refused, because JSON has no such number', (value) => {
    expect(() =>
      parseTarget(`targets: [{ name: it, url: "${url}", expect: { json: { $.id: ${value} } } }]`),
    ).toThrow('is not a number that JSON has')
  })

  it('in filters too', async () => {
    expect(await probe(`url: "${url}"\nexpect: { json: { "$[?@ > 1e300]": 1e400 } }`)).toMatchObject({
      success: true,
    })
    expect(await probe(`url: "${url}"\nexpect: { json: { "$[?@ == 1]": 1 } }`)).toMatchObject({
      success: true,
    })
  })
})

describe('a number that is captured', () => {
  it.each([
    ['order', '12345678901234567890'],
    ['price', '0.10'],
    ['one', '1.0'],
    ['zero', '-0'],
  ])('is sent on as it came: %s', async (name, text) => {
    asked.length = 0
    const result = await probe(`steps:
  - { name: first, url: "${url}/first", capture: { it: { json: $.${name} } } }
  - { name: second, url: "${url}/second/{{it}}", method: POST, headers: { Content-Type: application/json }, body: '{"a":{{it}}}' }`)
    expect(result).toMatchObject({ success: true })
    expect(asked).toEqual(['/first', `/second/${text} {"a":${text}}`])
  })
})

describe('other keys', () => {
  it('take a number with more digits than a double holds for the double', () => {
    const text = `targets: [{ name: it, url: "${url}", expect: { max_error_rate: 0.10000000000000001 } }]`
    expect(parseTarget(text).expect.maxErrorRatio).toBe(0.1)
  })

  it('show it as it was written where it is refused', () => {
    const text = `targets: [{ name: it, url: "${url}", timeout: 9007199254740993 }]`
    expect(() => parseTarget(text)).toThrow('9007199254740993 has no unit')
  })
})
