import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { compilePattern } from '../../src/calls/pattern.ts'
import { readPattern } from '../../src/settings/values/scalars.ts'

describe('a compiled pattern', () => {
  const piece = fc.constantFrom(
    'a',
    'b',
    'api',
    '.',
    '\\.',
    '\\/',
    '/',
    '-',
    '\\-',
    '_',
    '1',
    ':',
    ' ',
    '~',
    '\\$',
  )
  const source = fc
    .tuple(fc.constantFrom('', '^'), fc.array(piece, { maxLength: 8 }), fc.constantFrom('', '$'))
    .map(([start, pieces, end]) => start + pieces.join('') + end)
  const text = fc.oneof(
    fc
      .array(fc.constantFrom('a', 'b', 'api', '.', '/', '-', '_', '1', ':', ' ', '~', '$', 'é', '🙂', '\r'))
      .map((parts) => parts.join('')),
    fc.string({ unit: 'grapheme' }),
  )

  it('says of every text what the RE2 engine says', () => {
    fc.assert(
      fc.property(source, text, (written, candidate) => {
        const pattern = readPattern(written)
        expect(compilePattern(pattern)(candidate)).toBe(pattern.regex.matcher(candidate).find())
      }),
      { numRuns: 5000 },
    )
  })

  it('may have as many dots as it likes', () => {
    const tests = [600, 16_000].map((dots) => compilePattern(readPattern('.'.repeat(dots))))
    expect(tests.map((test) => test('x'.repeat(600)))).toEqual([true, false])
  })

  it.each([
    ['^/v1/charges', '/v1/charges/ch_1', true],
    ['^/v1/charges', '/api/v1/charges', false],
    ['^/v1/charges$', '/v1/charges/', false],
    ['stripe', 'api.stripe.com', true],
    ['stripe', 'api.Stripe.com', false],
    ['api.stripe.com', 'api.stripe.com', true],
    ['api.stripe.com', 'eu-api-stripe.com', true],
    [String.raw`api\.stripe\.com`, 'api-stripe.com', false],
    ['^(GET|HEAD)$', 'HEAD', true],
    [String.raw`^/users/\d+/orders`, '/users/17/orders', true],
    ['(?i)STRIPE', 'api.stripe.com', true],
  ])('%s in %s: %s', (written, candidate, found) => {
    expect(compilePattern(readPattern(written))(candidate)).toBe(found)
  })
})
