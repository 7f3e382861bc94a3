import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { rateLimitOf } from '../../../../src/checks/http/answer/rate-limit.ts'
import { parseItems } from '../../../../src/checks/http/answer/structured-list.ts'
import type { ResponseHeaders } from '../../../../src/checks/http/headers.ts'
import { cpuTimeMs } from '../../../support/time/cpu-time.ts'

/** 2026-11-21T12:00:00Z */
const nowSeconds = Date.UTC(2026, 10, 21, 12) / 1000
const read = (headers: ResponseHeaders, status = 200) => rateLimitOf(status, headers, nowSeconds * 1000)
const inSeconds = (seconds: number): number => nowSeconds + seconds

describe('a rate limit', () => {
  it.each<[string, ResponseHeaders, object | undefined]>([
    ['nothing', {}, undefined],
    [
      'RateLimit with its policy',
      { ratelimit: '"default";r=50;t=30', 'ratelimit-policy': '"default";q=100;w=60' },
      { limit: 100, remaining: 50, resetAt: inSeconds(30) },
    ],
    [
      'RateLimit without a policy',
      { ratelimit: '"default";r=50;t=30' },
      { remaining: 50, resetAt: inSeconds(30) },
    ],
    ['RateLimit without a reset', { ratelimit: 'default;r=0' }, { remaining: 0 }],
    [
      'the tightest of several limits',
      {
        ratelimit: '"second";r=9;t=1, "day";r=100;t=600',
        'ratelimit-policy': ['"second";q=10;w=1', '"day";q=10000;w=86400;pk=:c2Vj:'],
      },
      { limit: 10_000, remaining: 100, resetAt: inSeconds(600) },
    ],
    [
      'RateLimit of the older drafts',
      { ratelimit: 'limit=100, remaining=50, reset=5' },
      { limit: 100, remaining: 50, resetAt: inSeconds(5) },
    ],
    [
      'three headers, with policies behind the limit',
      { 'ratelimit-limit': '100, 100;w=60', 'ratelimit-remaining': '50', 'ratelimit-reset': '50' },
      { limit: 100, remaining: 50, resetAt: inSeconds(50) },
    ],
    [
      'X-RateLimit with a unix time (GitHub)',
      {
        'x-ratelimit-limit': '5000',
        'x-ratelimit-remaining': '4987',
        'x-ratelimit-reset': String(inSeconds(1800)),
      },
      { limit: 5000, remaining: 4987, resetAt: inSeconds(1800) },
    ],
    ['X-RateLimit with seconds', { 'x-ratelimit-reset': '12.5' }, { resetAt: inSeconds(12.5) }],
    [
      'X-RateLimit with milliseconds since 1970',
      { 'x-ratelimit-reset': String(inSeconds(60) * 1000) },
      { resetAt: inSeconds(60) },
    ],
    ['X-RateLimit with a date', { 'x-ratelimit-reset': '2026-11-21T12:01:00Z' }, { resetAt: inSeconds(60) }],
    [
      'X-RateLimit with a date of HTTP',
      { 'x-ratelimit-reset': 'Sat, 21 Nov 2026 12:02:00 GMT' },
      { resetAt: inSeconds(120) },
    ],
    [
      'X-Rate-Limit (two words)',
      { 'x-rate-limit-limit': '900', 'x-rate-limit-remaining': '899' },
      { limit: 900, remaining: 899 },
    ],
    ...(
      [
        ['6m0s', 360],
        ['1s', 1],
        ['12ms', 0.012],
        ['1h1m1.5s', 3661.5],
      ] as const
    ).map(([reset, seconds]): [string, ResponseHeaders, object] => [
      `the requests of OpenAI, with a reset in ${reset}`,
      {
        'x-ratelimit-limit-requests': '60',
        'x-ratelimit-limit-tokens': '150000',
        'x-ratelimit-remaining-requests': '59',
        'x-ratelimit-remaining-tokens': '149984',
        'x-ratelimit-reset-requests': reset,
      },
      { limit: 60, remaining: 59, resetAt: inSeconds(seconds) },
    ]),
    [
      'the requests of Anthropic',
      {
        'anthropic-ratelimit-requests-limit': '50',
        'anthropic-ratelimit-requests-remaining': '49',
        'anthropic-ratelimit-requests-reset': '2026-11-21T12:01:00Z',
        'anthropic-ratelimit-tokens-remaining': '1',
      },
      { limit: 50, remaining: 49, resetAt: inSeconds(60) },
    ],
    [
      'the standard rather than X-',
      { 'ratelimit-remaining': '1', 'x-ratelimit-remaining': '2' },
      { remaining: 1 },
    ],
    ['words', { 'ratelimit-limit': 'many', 'ratelimit-remaining': '-3', ratelimit: 'no' }, undefined],
    ['a number without end', { 'x-ratelimit-reset': '9'.repeat(400) }, undefined],
  ])('%s', (_name, headers, expected) => {
    expect(read(headers)).toEqual(expected)
  })

  it('that refuses says when to come back', () => {
    expect(read({ 'retry-after': '30' }, 429)).toEqual({ remaining: 0, resetAt: inSeconds(30) })
    expect(read({ 'retry-after': 'Sat, 21 Nov 2026 12:00:10 GMT' }, 429)).toEqual({
      remaining: 0,
      resetAt: inSeconds(10),
    })
    const said = { 'retry-after': '30', 'ratelimit-limit': '9', 'ratelimit-reset': '20' }
    expect(read(said, 429)).toEqual({ limit: 9, remaining: 0, resetAt: inSeconds(20) })
    expect(read({ 'retry-after': '30' }, 503)).toBeUndefined()
    expect(read({ 'retry-after': '9'.repeat(400) }, 429)).toBeUndefined()
  })

  const number = fc.nat(1e6)
  it('is read back from whatever is written in one of the forms', () => {
    fc.assert(
      fc.property(
        number,
        number,
        number,
        fc.stringMatching(/^[a-z]{1,9}$/),
        (limit, remaining, reset, name) => {
          const expected = { limit, remaining, resetAt: inSeconds(reset) }
          const policy = `"${name}";q=${limit}`
          expect(
            read({ ratelimit: `"${name}";r=${remaining};t=${reset}`, 'ratelimit-policy': policy }),
          ).toEqual(expected)
          for (const prefix of ['ratelimit', 'x-ratelimit', 'x-rate-limit']) {
            const triple = { limit, remaining, reset }
            const headers = Object.entries(triple).map(([key, value]) => [`${prefix}-${key}`, String(value)])
            expect(read(Object.fromEntries(headers) as ResponseHeaders)).toEqual(expected)
          }
        },
      ),
    )
  })

  it('is finite and never negative, whatever a server sends', () => {
    const names = ['ratelimit', 'ratelimit-policy', 'retry-after'].concat(
      ['ratelimit', 'x-ratelimit'].flatMap((prefix) =>
        ['limit', 'remaining', 'reset'].map((key) => `${prefix}-${key}`),
      ),
    )
    const value = fc.oneof(
      fc.string(),
      fc.stringMatching(/^[\d"a;=,?.: -]{0,60}$/),
      fc.double().map(String),
      fc.bigInt().map(String),
    )
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value), (headers) => {
        for (const found of Object.values(read(headers, 429) ?? {})) {
          expect(Number.isFinite(found) && found >= 0).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('takes no time, however long its header is', () => {
    const hostile = ['"', '\\', ';', 'a;', '"a";r=', ' '].map((part) => part.repeat(100_000))
    const readAll = (): void => {
      for (const header of hostile)
        read({ ratelimit: header, 'ratelimit-policy': header, 'x-ratelimit-reset': header })
    }
    expect(cpuTimeMs(readAll)).toBeLessThan(3000)
  })
})

describe('a list of items', () => {
  it('has names and parameters', () => {
    const items = parseItems('"a, b";x=1;y="c\\"d" , token/1;flag;n=?0')
    expect(items.map(({ name, parameters }) => [name, Object.fromEntries(parameters)])).toEqual([
      ['a, b', { x: '1', y: 'c\\"d' }],
      ['token/1', { flag: '?1', n: '?0' }],
    ])
  })

  it('ends where it is not a list', () => {
    expect(parseItems('a;r=1, ???, b')).toHaveLength(1)
    expect(parseItems('a;=1')).toEqual([])
    expect(parseItems('')).toEqual([])
    expect(parseItems('a,'.repeat(100))).toHaveLength(32)
  })
})
