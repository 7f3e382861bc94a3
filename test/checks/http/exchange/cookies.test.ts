import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { CookieJar } from '../../../../src/checks/http/exchange/cookies.ts'

const url = new URL('https://www.shop.example/account/login')
const now = Date.parse('2026-11-20T12:00:00Z')

function sent(setCookies: string[], to: string, configured?: string): string | undefined {
  const jar = new CookieJar()
  jar.store(url, setCookies, now)
  return jar.header(new URL(to, url), configured)
}

describe('CookieJar', () => {
  it.each([
    ['a=1', '/account', 'a=1'],
    ['a=1', '/account/orders', 'a=1'],
    ['a=1', '/accounts', undefined],
    ['a=1', '/', undefined],
    ['a=1; Path=/', '/', 'a=1'],
    ['a=1; path=/acc', '/account', undefined],
    ['a=1; Path=/; Secure', 'http://www.shop.example/', undefined],
    ['a=1; Path=/', 'http://www.shop.example/', 'a=1'],
    ['a=1; Path=/', 'https://shop.example/', undefined],
    ['a=1; Path=/', 'https://api.www.shop.example/', undefined],
    ['a=1; Path=/; Domain=shop.example', 'https://shop.example/', 'a=1'],
    ['a=1; Path=/; Domain=.shop.example', 'https://api.shop.example/', 'a=1'],
    ['a=1; Path=/; Domain=shop.example', 'https://notshop.example/', undefined],
    ['a=1; Path=/; Domain=example', 'https://other.example/', undefined],
    ['a=1; Path=/; Domain=other.example', 'https://other.example/', undefined],
    ['a=1; Path=/; Max-Age=0', '/', undefined],
    ['a=1; Path=/; Max-Age=60', '/', 'a=1'],
    ['a=1; Path=/; Expires=Fri, 20 Nov 2026 11:59:59 GMT', '/', undefined],
    ['a=1; Path=/; Expires=Fri, 20-Nov-2026 12:00:01 GMT', '/', 'a=1'],
    ['a=b=c; Path=/', '/', 'a=b=c'],
    ['a=; Path=/', '/', 'a='],
    ['=1; Path=/', '/', undefined],
    ['nonsense', '/account', undefined],
  ])('sends back %s to %s', (setCookie, to, header) => {
    expect(sent([setCookie], to)).toBe(header)
  })

  it('replaces a cookie, and one that the check configures', () => {
    expect(sent(['a=1', 'b=2', 'a=3'], '/account', 'a=0; c=4')).toBe('c=4; b=2; a=3')
  })

  it('forgets a cookie that is set to expire', () => {
    expect(sent(['a=1; Path=/', 'a=; Path=/; Max-Age=-1'], '/')).toBeUndefined()
  })

  it('remembers no more than 50', () => {
    const many = Array.from({ length: 200 }, (_, index) => `c${index}=1; Path=/`)
    expect(sent(many, '/')?.split('; ')).toHaveLength(50)
  })

  it('never throws, and never sends anything to a stranger', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme-ascii' })), (setCookies) => {
        sent(setCookies, '/account')
        expect(sent(setCookies, 'https://stranger.test/')).toBeUndefined()
      }),
    )
  })
})
