import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { jwtLifetime } from '../../../../src/checks/http/access/jwt.ts'
import { jwt } from '../../../support/jwt.ts'

describe('the lifetime of a JSON Web Token', () => {
  it.each([
    [
      { exp: 2000, iat: 1000 },
      { expiresAt: 2000, issuedAt: 1000 },
    ],
    [
      { exp: 2000, nbf: 1500 },
      { expiresAt: 2000, issuedAt: 1500 },
    ],
    [
      { exp: 2000, iat: 1000, nbf: 1500 },
      { expiresAt: 2000, issuedAt: 1000 },
    ],
    [{ exp: 2000.5 }, { expiresAt: 2000.5 }],
    [{ exp: 2000, iat: 3000 }, { expiresAt: 2000 }],
    [{ exp: 2000, iat: '1000' }, { expiresAt: 2000 }],
    [{ iat: 1000 }, undefined],
    [{ exp: '2000' }, undefined],
    [{ exp: -1 }, undefined],
    [{ exp: 1_800_000_000_000 }, undefined],
    [{ exp: null }, undefined],
    [[], undefined],
    ['text', undefined],
    [null, undefined],
  ])('with the claims %j is %j', (claims, expected) => {
    expect(jwtLifetime(jwt(claims))).toEqual(expected)
  })

  it.each(['', 'sk_live_abc', 'a.b', 'a.b.c', 'a..c', 'a.b.c.d', `a.${'A'.repeat(40_000)}.c`])(
    'is not looked for in %s',
    (token) => {
      expect(jwtLifetime(token)).toBeUndefined()
    },
  )

  it('is found in whatever token says it, and breaks on none', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 2, max: 1e10 }), (other, exp) => {
        expect(jwtLifetime(jwt({ other, iat: 1, exp }))).toEqual({ expiresAt: exp, issuedAt: 1 })
      }),
    )
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (text, claims) => {
        for (const token of [text, `${text}.${text}.${text}`, jwt(claims)]) {
          const { expiresAt = 1 } = jwtLifetime(token) ?? {}
          expect(expiresAt).toBeGreaterThan(0)
        }
      }),
    )
  })
})
