import { expect, it } from 'vitest'
import { checkOf } from '../../support/checks.ts'
import { targetAsWritten } from '../../../src/checks/http/as-written.ts'

it('is kept from targets.yml on', () => {
  const check = checkOf('http', { url: 'http://shop.example/a/%2e%2E/b' })
  expect([check.url.pathname, check.target]).toEqual(['/b', '/a/%2e%2E/b'])
  expect(checkOf('http', { url: 'http://shop.example/a' })).not.toHaveProperty('target')
})

it.each([
  ['http://shop.example/a/b', undefined, undefined],
  ['http://shop.example/a/%2e%2e/b?c=%2e', undefined, '/a/%2e%2e/b?c=%2e'],
  ['http://shop.example/a/%2E%2e/ü', undefined, '/a/%2E%2e/%C3%BC'],
  ['http://shop%2eexample/%2e', undefined, '/%2e'],
  ['%2e/b', 'http://shop.example/a/c', '/a/%2e/b'],
  ['/x/../%2e', 'http://shop.example/a', '/%2e'],
  ['//shop.example/%2e#%2e', 'http://other.example/', '/%2e'],
])('asks for what %j says', (text, base, target) => {
  expect(targetAsWritten(text, base === undefined ? undefined : new URL(base))).toBe(target)
})
