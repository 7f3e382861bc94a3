import { describe, expect, it } from 'vitest'
import { suggestCalls } from '../../src/calls/suggest.ts'
import { createMatcher } from '../../src/calls/matcher.ts'
import { parse } from '../support/parse-config.ts'

const base = { method: 'GET', host: 'api.example.com', operation: '' }

describe('a suggested calls:', () => {
  it.each([
    ['/v1/charges/ch_3Nk8aZ', '/v1/charges/ch_9Yq1bb', '/v1/refunds/ch_3Nk8aZ'],
    ['/users/17/orders', '/users/18/orders', '/users/17/carts'],
    ['/a/0b0e2f3a-1111-4222-8333-123456789abc', '/a/1b0e2f3a-1111-4222-8333-123456789abc', '/b/x'],
    ["/it's (a) $pecial+path", "/it's (a) $pecial+path", '/its'],
    ['/', '/', '/x'],
  ])('of %s matches it and those like it', (path, alike, other) => {
    const { callTargets } = parse(`targets:\n  - name: t\n    ${suggestCalls({ ...base, path })}\n`)
    const match = createMatcher(callTargets)
    expect(match({ ...base, path })?.name).toBe('t')
    expect(match({ ...base, path: alike })?.name).toBe('t')
    expect(match({ ...base, path: other })).toBeUndefined()
    expect(match({ ...base, path, method: 'POST' })).toBeUndefined()
    expect(match({ ...base, path, host: 'api-example.com' })).toBeUndefined()
  })

  it('of a wrapped function is its name', () => {
    expect(suggestCalls({ method: '', host: '', path: '', operation: 'stripe.Charge.create' })).toBe(
      String.raw`calls: { operation: '^stripe\.Charge\.create$' }`,
    )
  })
})
