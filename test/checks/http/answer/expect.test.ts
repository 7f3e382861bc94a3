import { describe, expect, it } from 'vitest'
import type { JsonRule } from '../../../../src/checks/http/json-rule/rule.ts'
import type { BodyRules, HttpExpectation } from '../../../../src/checks/http/settings/expect.ts'
import { bodyRules } from '../../../../src/checks/http/body/question.ts'
import {
  formatStatus,
  judgeHead,
  judgeProtocol,
  judgesBody,
} from '../../../../src/checks/http/answer/expect.ts'
import { headerValue, type ResponseHeaders } from '../../../../src/checks/http/headers.ts'
import { judgeBody } from '../../../../src/checks/http/body/verdict.ts'
import { Steps } from '../../../../src/checks/http/json-path/steps.ts'
import { runProbe } from '../../../../src/checks/run.ts'
import { cpuTimeMs } from '../../../support/time/cpu-time.ts'
import { startFaultServer } from '../../../support/servers/fault-server.ts'
import { answer } from '../../../support/servers/faults.ts'
import { httpCheck, pattern } from '../../../support/http-check.ts'

const noHeaderRules = { headers: [], headersIfPresent: [], notHeaders: [] }
const twoHundreds = { from: 200, to: 299 }

function json(path: string, equals: string | number | boolean | null): JsonRule {
  return { path, expected: { equals: JSON.stringify(equals) } }
}

function judgeText(
  text: string | Buffer,
  {
    body = {},
    json: rules = [],
    headers = {},
  }: { body?: Partial<BodyRules>; json?: JsonRule[]; headers?: ResponseHeaders },
): string | undefined {
  const { expect: expectation } = httpCheck('http://x.example', { expect: { body, json: rules } })
  const question = {
    contentType: headerValue(headers, 'content-type') ?? '',
    rules: bodyRules(expectation),
    captures: [],
  }
  return judgeBody(Buffer.from(text), question, new Steps(1_000_000)).message
}

describe('a status', () => {
  it.each([
    [[twoHundreds], 200, undefined],
    [[twoHundreds], 299, undefined],
    [[twoHundreds], 300, 'expected 2xx, got 300'],
    [[twoHundreds, { from: 401, to: 401 }], 401, undefined],
    [[twoHundreds, { from: 401, to: 401 }], 403, 'expected 2xx or 401, got 403'],
    [
      [
        { from: 200, to: 204 },
        { from: 301, to: 301 },
        { from: 500, to: 599 },
      ],
      205,
      'expected 200-204, 301 or 5xx, got 205',
    ],
  ])('of %j and %d', (status, code, message) => {
    expect(judgeHead(code, {}, { status, ...noHeaderRules })?.message).toBe(message)
  })

  it('reads well', () => {
    expect(formatStatus([{ from: 100, to: 299 }])).toBe('100-299')
    expect(formatStatus([])).toBe('nothing')
  })
})

describe('a header rule', () => {
  const judge = (headers: ResponseHeaders, source: string, name = 'content-type'): string | undefined => {
    const failure = judgeHead(200, headers, {
      ...noHeaderRules,
      status: [twoHundreds],
      headers: [{ name, pattern: pattern(source) }],
    })
    if (failure) expect(failure.reason).toBe('header')
    return failure?.message
  }

  it('holds when one of the values matches', () => {
    expect(judge({ 'content-type': 'application/json; charset=utf-8' }, '^application/json')).toBeUndefined()
    expect(judge({ 'content-type': ['text/html', 'application/json'] }, '^application/json')).toBeUndefined()
    expect(judge({ 'content-type': 'TEXT/HTML' }, '(?i)^text/html$')).toBeUndefined()
  })

  it('says what it expected and what it saw', () => {
    expect(judge({ 'content-type': 'text/html' }, '^application/json')).toBe(
      'expected header content-type to match "^application/json", got "text/html"',
    )
    expect(judge({}, '^application/json')).toBe(
      'expected header content-type to match "^application/json", it is missing',
    )
  })

  it('shows no more than 100 characters', () => {
    expect(judge({ 'content-type': 'a'.repeat(500) }, '^x')).toHaveLength(
      'expected header content-type to match "^x", got ""'.length + 101,
    )
  })

  it('does not take what every object has for a header', () => {
    expect(judge({}, '.', 'constructor')).toMatch(/it is missing$/)
  })

  it.each([
    ['set-cookie', 'session=secret', '<hidden>'],
    ['location', 'https://ada:secret@x.example/a?key=secret#secret', 'https://x.example/a'],
    ['link', '<https://x.example/?key=secret>; rel="next"', '<https://x.example/>; rel="next"'],
  ])('hides what a %s may hold', (name, value, shown) => {
    expect(judge({ [name]: value }, '^never$', name)).toContain(`got "${shown}"`)
  })
})

describe('a rule for headers that may be missing, or must not match', () => {
  const judge = (
    headers: ResponseHeaders,
    rules: Partial<Pick<HttpExpectation, 'headers' | 'headersIfPresent' | 'notHeaders'>>,
  ): string | undefined => {
    const failure = judgeHead(200, headers, { ...noHeaderRules, status: [twoHundreds], ...rules })
    if (failure) expect(failure.reason).toBe('header')
    return failure?.message
  }
  const rule = (source: string): HttpExpectation['headers'] => [{ name: 'server', pattern: pattern(source) }]

  it('lets a header be missing, which matches where it is there', () => {
    expect(judge({}, { headersIfPresent: rule('^nginx') })).toBeUndefined()
    expect(judge({ server: ['shop', 'nginx'] }, { headersIfPresent: rule('^nginx') })).toBeUndefined()
    expect(judge({ server: 'shop' }, { headersIfPresent: rule('^nginx') })).toBe(
      'expected header server to match "^nginx", got "shop"',
    )
  })

  it('holds where none of the values matches, and where there is none', () => {
    expect(judge({}, { notHeaders: rule('^nginx') })).toBeUndefined()
    expect(judge({ server: ['shop', 'cart'] }, { notHeaders: rule('^nginx') })).toBeUndefined()
    expect(judge({ server: ['shop', 'nginx/1'] }, { notHeaders: rule('^nginx') })).toBe(
      'expected header server not to match "^nginx", got "shop, nginx/1"',
    )
  })

  it('holds every rule of one header against it', () => {
    const both = [...rule('^nginx'), ...rule('1$')]
    expect(judge({ server: 'nginx/1' }, { headers: both })).toBeUndefined()
    expect(judge({ server: 'nginx/2' }, { headers: both })).toMatch(/ to match "1\$"/)
    expect(judge({ server: 'shop/1' }, { notHeaders: both })).toMatch(/ not to match "1\$"/)
  })

  it('hides what a header that must not match may hold', () => {
    const notHeaders = [{ name: 'set-cookie', pattern: pattern('.') }]
    expect(judge({ 'set-cookie': 'session=secret' }, { notHeaders })).toContain('got "<hidden>"')
  })
})

describe('a rule for what an answer comes over', () => {
  it.each([
    [1.1, [], undefined],
    [1.1, [1.1, 2], undefined],
    [2, [1.1, 2], undefined],
    [1, [1.1, 2], 'expected HTTP/1.1 or HTTP/2, got HTTP/1.0'],
    [1.1, [2], 'expected HTTP/2, got HTTP/1.1'],
    [2, [1, 1.1], 'expected HTTP/1.0 or HTTP/1.1, got HTTP/2'],
  ])('of version %d, with %j expected', (version, versions, message) => {
    expect(judgeProtocol({ version, ssl: true, oddities: [] }, { versions })).toEqual(
      message && { reason: 'protocol', message },
    )
  })

  it.each([
    [true, true, undefined],
    [false, false, undefined],
    [false, true, 'expected an answer over TLS, got one without'],
    [true, false, 'expected an answer without TLS, got one over it'],
  ])('where ssl is %s, and %s expected', (ssl, wanted, message) => {
    const failure = judgeProtocol({ version: 1.1, ssl, oddities: [] }, { versions: [], ssl: wanted })
    expect(failure).toEqual(message && { reason: 'protocol', message })
  })
})

describe('a rule for strict HTTP', () => {
  it.each([
    [undefined, ['bare-lf'], undefined],
    [false, ['bare-lf'], undefined],
    [true, [], undefined],
    [
      true,
      ['bare-lf', 'version'],
      'expected HTTP exactly as it is defined, got bare-lf (lines that end without a carriage return), version (a version of HTTP other than 1.0 and 1.1)',
    ],
  ] as const)('where strict is %s, of what is odd in %j', (strict, oddities, message) => {
    const rules = { versions: [], ...(strict !== undefined && { strict }) }
    expect(judgeProtocol({ version: 1.1, ssl: false, oddities }, rules)).toEqual(
      message && { reason: 'protocol', message },
    )
  })
})

describe('a body rule', () => {
  it.each<[string, Partial<BodyRules>, string | undefined]>([
    ['all is well', { contains: ['well'] }, undefined],
    ['all is well', { contains: ['all', 'ill'] }, 'expected the body to contain "ill"'],
    ['all is well', { notContains: ['ill'] }, undefined],
    ['all is well', { notContains: ['well'] }, 'expected the body not to contain "well"'],
    ['all is well', { matches: [pattern('(?i)ALL\\s+is')] }, undefined],
    ['all is well', { matches: [pattern('^well')] }, 'expected the body to match "^well"'],
    ['all is well', { notMatches: [pattern('ill')] }, undefined],
    ['all is well', { notMatches: [pattern('w.ll$')] }, 'expected the body not to match "w.ll$"'],
  ])('on %j, %j', (text, body, message) => {
    expect(judgeText(text, { body })).toBe(message)
  })

  it('reads the charset of the answer', () => {
    const headers = { 'content-type': 'text/plain; charset=ISO-8859-1' }
    expect(
      judgeText(Buffer.from('grün', 'latin1'), { body: { contains: ['grün'] }, headers }),
    ).toBeUndefined()
    const unknown = { 'content-type': 'text/plain; charset=klingon' }
    expect(judgeText('grün', { body: { contains: ['grün'] }, headers: unknown })).toBeUndefined()
  })

  it('is linear in what it reads', () => {
    const body = { matches: [pattern('(a+)+$')] }
    const judge = (): void => {
      expect(judgeText(`${'a'.repeat(50_000)}!`, { body })).toBe('expected the body to match "(a+)+$"')
    }
    expect(cpuTimeMs(judge)).toBeLessThan(3000)
  })
})

describe('a JSON rule', () => {
  const charge = '{"data":[{"status":"paid","amount":12,"refunded":false,"card":null}]}'

  it.each([
    ['$.data[0].status', 'paid'],
    ['$.data[0].amount', 12],
    ['$.data[0].refunded', false],
    ['$.data[0].card', null],
    ['$..status', 'paid'],
  ])('holds for %s', (path, equals) => {
    expect(judgeText(charge, { json: [json(path, equals)] })).toBeUndefined()
  })

  it.each([
    ['$.data[0].status', 'failed', 'expected $.data[0].status to be "failed", got another value (string)'],
    ['$.data[0].amount', '12', 'expected $.data[0].amount to be "12", got another value (number)'],
    ['$.data[1].status', 'paid', 'expected $.data[1].status to be "paid", got nothing'],
    ['$.data[0].*', 13, 'expected $.data[0].* to be 13, got 4 other values'],
    ['$.data', null, 'expected $.data to be null, got another value (array)'],
  ])('of %s and %j says what is wrong', (path, equals, message) => {
    expect(judgeText(charge, { json: [json(path, equals)] })).toBe(message)
  })

  it.each([
    ['', 'expected the body to be JSON, got an empty one'],
    ['<html>secret</html>', 'expected the body to be JSON, got something else'],
    ['{"data":', 'expected the body to be JSON, got something else'],
  ])('needs JSON, not %j', (text, message) => {
    expect(judgeText(text, { json: [json('$.data', 1)] })).toBe(message)
  })

  it('survives a document that is nested absurdly', () => {
    const depth = 200_000
    const nested = `${'['.repeat(depth)}1${']'.repeat(depth)}`
    expect(judgeText(nested, { json: [json('$..status', 'paid')] })).toMatch(/^expected /)
  })

  it('reads past a byte order mark', () => {
    expect(judgeText(`\uFEFF${charge}`, { json: [json('$.data[0].amount', 12)] })).toBeUndefined()
  })
})

describe('judgesBody', () => {
  it('is whether a rule needs the text', () => {
    expect(judgesBody(httpCheck('http://x.example').expect)).toBe(false)
    expect(judgesBody(httpCheck('http://x.example', { expect: { json: [json('$', 1)] } }).expect)).toBe(true)
    const body = { notMatches: [pattern('x')] }
    expect(judgesBody(httpCheck('http://x.example', { expect: { body } }).expect)).toBe(true)
  })
})

describe('the rules, in a probe', () => {
  it('make it fail, and say so in probe_failed_due_to_regex', async () => {
    const server = await startFaultServer({
      routes: { '/status': answer('{"status":"degraded"}', { 'Content-Type': 'application/json' }) },
    })
    const probe = (expectation: Parameters<typeof httpCheck>[1]): ReturnType<typeof runProbe> =>
      runProbe(httpCheck(`${server.url}/status`, expectation), { timeoutSeconds: 3 })
    expect(
      await probe({
        expect: {
          headers: [{ name: 'content-type', pattern: pattern('json') }],
          json: [json('$.status', 'degraded')],
          body: { contains: ['degraded'], notMatches: [pattern('(?i)maintenance')] },
        },
      }),
    ).toMatchObject({ success: true, http: { failedDueToRegex: false, bodyLength: 21 } })
    expect(await probe({ expect: { body: { notContains: ['degraded'] } } })).toMatchObject({
      failure: { reason: 'body' },
      http: { failedDueToRegex: true, statusCode: 200 },
    })
    expect(
      await probe({ expect: { headers: [{ name: 'x-version', pattern: pattern('.') }] } }),
    ).toMatchObject({
      failure: { reason: 'header' },
      http: { failedDueToRegex: true, statusCode: 200, bodyLength: 21 },
    })
    expect(
      await probe({ expect: { status: [{ from: 204, to: 204 }], body: { contains: ['ok'] } } }),
    ).toMatchObject({
      failure: { reason: 'status' },
      http: { failedDueToRegex: false },
    })
    expect(
      await probe({ expect: { notHeaders: [{ name: 'content-type', pattern: pattern('json') }] } }),
    ).toMatchObject({ failure: { reason: 'header' }, http: { failedDueToRegex: true, bodyLength: 21 } })
    expect(await probe({ expect: { versions: [1], ssl: false } })).toMatchObject({
      failure: { reason: 'protocol', message: 'expected HTTP/1.0, got HTTP/1.1' },
      http: { failedDueToRegex: false, bodyLength: 21 },
    })
    expect(await probe({ expect: { versions: [1.1], ssl: true } })).toMatchObject({
      failure: { reason: 'protocol', message: 'expected an answer over TLS, got one without' },
    })
    expect(await probe({ expect: { ssl: true, body: { contains: ['fine'] } } })).toMatchObject({
      failure: { reason: 'body' },
      http: { failedDueToRegex: true },
    })
    expect(await probe({ expect: { versions: [1.1], ssl: false } })).toMatchObject({ success: true })
    expect(await probe({ expect: { maxBody: 20 } })).toMatchObject({ failure: { reason: 'size' } })
    expect(await probe({ expect: { maxBody: 21 } })).toMatchObject({ success: true })
    await server.stop()
  })
})
