import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { createMatcher } from '../../src/calls/matcher.ts'
import { aCallTarget } from './support/calls.ts'
import { cpuTimeMs } from '../support/time/cpu-time.ts'

const none = { method: '', host: '', path: '', operation: '' }

describe('the target of a call', () => {
  const targets = [
    aCallTarget('charges', { method: '^POST$', host: 'api.stripe.com', path: '^/v1/charges' }),
    aCallTarget('stripe', { host: 'stripe.com' }),
    aCallTarget('wrapped', { operation: String.raw`^stripe\.Charge\.create$` }),
    aCallTarget('orders', { path: '/orders$' }),
  ]
  const match = createMatcher(targets)

  it.each([
    ['all parts', { method: 'POST', host: 'api.stripe.com', path: '/v1/charges/1' }, 'charges'],
    ['the first in file order', { method: 'GET', host: 'api.stripe.com', path: '/v1/charges' }, 'stripe'],
    ['a name', { operation: 'stripe.Charge.create' }, 'wrapped'],
    ['not a longer name', { operation: 'stripe.Charge.createAll' }, undefined],
    ['a part alone', { method: 'GET', host: 'a.example', path: '/1/orders' }, 'orders'],
    ['nothing', { method: 'GET', host: 'a.example', path: '/' }, undefined],
  ])('by %s', (_by, call, expected) => {
    const found = match({ ...none, ...call })
    expect(found?.name).toBe(expected)
    expect(match({ ...none, ...call })).toBe(found)
  })

  it('is the first that matches, whatever was asked before', () => {
    const word = fc.constantFrom('a', 'b', 'ab', 'ba', '')
    const part = fc.option(fc.constantFrom('a', 'b', '^a', 'b$', '^ab$', 'a.', '(a|b)b'), { nil: undefined })
    const patterns = fc
      .record({ method: part, host: part, path: part, operation: part })
      .map((all) => Object.fromEntries(Object.entries(all).filter(([, source]) => source !== undefined)))
    const call = fc.record({ method: word, host: word, path: word, operation: word })
    fc.assert(
      fc.property(
        fc.array(patterns, { maxLength: 6 }),
        fc.array(call, { maxLength: 20 }),
        (written, calls) => {
          const rows = written.map((match, index) => aCallTarget(String(index), match))
          const matcher = createMatcher(rows)
          for (const one of calls) {
            const expected = rows.find(({ match: patterns }) =>
              (['method', 'host', 'path', 'operation'] as const).every(
                (name) => patterns[name]?.regex.matcher(one[name]).find() ?? true,
              ),
            )
            expect(matcher(one)?.name).toBe(expected?.name)
          }
        },
      ),
    )
  })

  it('is found quickly among hundreds, also for hosts that were never seen', () => {
    const many = Array.from({ length: 500 }, (_, index) =>
      aCallTarget(`t${index}`, { host: `api${index}.example.com`, path: '^/v1' }),
    )
    const matcher = createMatcher(many)
    const find = (): void => {
      for (let index = 0; index < 20_000; index++)
        matcher({ ...none, method: 'GET', host: `h${index}.example.org`, path: '/' })
    }
    // 20,000 x 500 comparisons with the RE2 engine take more than 10 s.
    expect(cpuTimeMs(find)).toBeLessThan(5000)
    expect(matcher({ ...none, method: 'GET', host: 'api499.example.com', path: '/v1/x' })?.name).toBe('t499')
  })
})
