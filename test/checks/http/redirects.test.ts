import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { ProbeFailure } from '../../../src/net/failure.ts'
import {
  isRedirect,
  redirected,
  redirectedMethod,
  redirectedUrl,
} from '../../../src/checks/http/redirects.ts'
import type { HttpRequest } from '../../../src/checks/http/exchange/request.ts'

const from = new URL('https://ada:pw@shop.example:8443/a/b?q=1#top')

describe('isRedirect', () => {
  it('is what a client follows by itself', () => {
    const followed = Array.from({ length: 500 }, (_, index) => index + 100).filter(isRedirect)
    expect(followed).toEqual([301, 302, 303, 307, 308])
  })
})

describe('redirectedMethod', () => {
  it.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [303, 'HEAD', 'HEAD'],
    [301, 'PUT', 'PUT'],
    [302, 'DELETE', 'DELETE'],
    [307, 'POST', 'POST'],
    [308, 'POST', 'POST'],
  ])('of %d for %s is %s', (status, method, next) => {
    expect(redirectedMethod(status, method)).toBe(next)
  })

  it('leaves GET and HEAD alone, and never makes up another method', () => {
    const status = fc.constantFrom(301, 302, 303, 307, 308)
    const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS')
    fc.assert(
      fc.property(status, method, (code, before) => {
        const after = redirectedMethod(code, before)
        expect([before, 'GET']).toContain(after)
        if (before === 'GET' || before === 'HEAD' || code >= 307) expect(after).toBe(before)
      }),
    )
  })
})

describe('redirectedUrl', () => {
  it.each([
    ['https://other.example/x', 'https://other.example/x'],
    ['//other.example/x', 'https://other.example/x'],
    ['/x?y=1', 'https://shop.example:8443/x?y=1'],
    ['c', 'https://shop.example:8443/a/c'],
    ['../c', 'https://shop.example:8443/c'],
    ['?z=1', 'https://shop.example:8443/a/b?z=1'],
    ['http://eve:pw@other.example/#frag', 'http://other.example/'],
    ['/späti', 'https://shop.example:8443/sp%C3%A4ti'],
  ])('joins %s', (location, expected) => {
    expect(redirectedUrl(from, location).href).toBe(expected)
  })

  it.each([
    [undefined, /^https:\/\/shop\.example:8443\/a\/b redirects without a Location header/],
    ['', /redirects without a Location header/],
    ['https://', /redirects to an invalid URL$/],
    ['javascript:alert(1)', /redirects to a javascript: URL, expected http: or https:$/],
  ])('refuses %j', (location, message) => {
    expect(() => redirectedUrl(from, location)).toThrow(message)
    expect(() => redirectedUrl(from, location)).toThrow(expect.objectContaining({ reason: 'redirect' }))
  })

  it('gives an http(s) URL without credentials, or fails with reason redirect', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.webUrl({ withQueryParameters: true }), fc.webPath()),
        (location) => {
          try {
            const url = redirectedUrl(from, location)
            expect(['http:', 'https:']).toContain(url.protocol)
            expect([url.username, url.password, url.hash]).toEqual(['', '', ''])
          } catch (error) {
            expect(error).toBeInstanceOf(ProbeFailure)
            expect((error as ProbeFailure).reason).toBe('redirect')
          }
        },
      ),
    )
  })
})

describe('redirected', () => {
  const request: HttpRequest = {
    url: from,
    method: 'GET',
    headers: {
      accept: '*/*',
      authorization: 'Bearer x',
      host: 'x.example',
      'x-api-key': 'k',
      'content-type': 'a/b',
    },
    withheld: false,
  }

  it.each([
    ['/same', true],
    ['https://shop.example:8443/same', true],
    ['https://shop.example/other-port', false],
    ['http://shop.example:8443/other-scheme', false],
    ['https://www.shop.example:8443/other-host', false],
  ])('to %s keeps credentials: %s', (location, keeps) => {
    const next = redirected(request, 302, location)
    expect(next.headers).toEqual(keeps ? request.headers : { accept: '*/*', 'content-type': 'a/b' })
    expect(next.withheld).toBe(!keeps)
  })

  it('never forgets that something was withheld', () => {
    const away = redirected(request, 302, 'https://other.example/')
    expect(redirected(away, 302, '/next').withheld).toBe(true)
  })
})
