import { expect, it } from 'vitest'
import { sharedByFailing, sharedWords, type Observed } from '../../../src/alerts/evidence/shared.ts'

const fails = (name: string, has: Observed['has'] = {}): Observed => ({ name, failing: true, has })
const works = (name: string, has: Observed['has'] = {}): Observed => ({ name, failing: false, has })
const wordsOf = (target: string, ...all: readonly Observed[]): string | undefined =>
  sharedWords(sharedByFailing(all), target)

const address = '203.0.113.7'

it('what all share that fail, and none that works, is said', () => {
  const seven = Array.from({ length: 7 }, (_, index) => fails(`t${index}`, { address }))
  const words = 'all 7 that fail share address 203.0.113.7, and none that works does'
  expect(wordsOf('t3', ...seven, works('other', { address: '203.0.113.8' }))).toBe(words)
})

it('some of them may share something, and others something else: most comes first', () => {
  const all = [
    fails('a', { address, vendor: 'acme' }),
    fails('b', { address, vendor: 'acme' }),
    fails('c', { vendor: 'acme' }),
    fails('d', { certificate: 'CN=x' }),
    works('e', { vendor: 'other' }),
  ]
  expect(wordsOf('a', ...all)).toBe('3 of the 4 that fail share vendor acme, and none that works does')
  expect(wordsOf('d', ...all)).toBeUndefined()
})

it('what the same targets share is named together', () => {
  const has = { host: 'api.example', address, 'name server': '192.0.2.53:53', certificate: 'CN=api' }
  expect(wordsOf('a', fails('a', has), fails('b', has), works('c'))).toBe(
    'all 2 that fail share address 203.0.113.7 and host api.example and certificate CN=api, and none that works does',
  )
})

it.each<[what: string, all: readonly Observed[]]>([
  [
    'what a target that works has too',
    [fails('a', { address }), fails('b', { address }), works('c', { address })],
  ],
  ['what nobody else has', [fails('a', { address }), fails('b'), works('c')]],
  ['what everything has, as everything fails', [fails('a', { address }), fails('b', { address })]],
  [
    'what a target has that works itself',
    [works('a', { address }), fails('b', { address }), fails('c', { address })],
  ],
])('nothing is said of %s', (_what, all) => {
  expect(wordsOf('a', ...all)).toBeUndefined()
})
