import { expect, it } from 'vitest'
import { watchTraits } from '../../src/app/status/traits.ts'
import { aResult, aTarget } from '../support/target.ts'
import { testClock } from '../support/time/clock.ts'

const refused = { reason: 'connect', message: 'refused' } as const
const leaf = {
  subject: 'CN=api.example',
  issuer: 'CN=ca',
  subjectAlternative: '',
  serialNumber: '1',
  fingerprintSha256: 'ab'.repeat(32),
  notBefore: 0,
  notAfter: 4e9,
}
const tls = { chain: [leaf], verified: true, earliestExpiry: 4e9 }

it('a target keeps the address and the certificate that were seen before it failed', () => {
  const clock = testClock()
  const traits = watchTraits({ clock })
  const [a, b, c] = ['a', 'b', 'c'].map((name) => aTarget({ name, instance: `https://${name}.example/` }))
  for (const target of [a!, b!])
    traits.observe(target, aResult({ resolve: { durationSeconds: 0, address: '203.0.113.7' }, tls }))
  traits.observe(c!, aResult({ resolve: { durationSeconds: 0, address: '203.0.113.8' } }))
  expect(traits.of('a')).toBeUndefined()
  for (const target of [a!, b!])
    traits.observe(target, aResult({ success: false, failure: refused, resolve: { durationSeconds: 0 } }))
  clock.advance(1)
  expect(traits.of('a')).toBe(
    'all 2 that fail share address 203.0.113.7 and certificate CN=api.example (abababababababab), and none that works does',
  )
  expect(traits.of('c')).toBeUndefined()
  traits.retain([a!, c!])
  clock.advance(1)
  expect(traits.of('a')).toBeUndefined()
})

it('the machine of Probity itself is nothing that targets share', () => {
  const traits = watchTraits({ clock: testClock() })
  for (const host of ['127.0.0.1', 'localhost', '[::1]'])
    for (const port of [1, 2])
      traits.observe(
        aTarget({ name: `${host} ${port}`, instance: `http://${host}:${port}/` }),
        aResult({ success: false, failure: refused, resolve: { durationSeconds: 0, address: '127.0.0.1' } }),
      )
  traits.observe(aTarget({ name: 'works', instance: 'http://printer.example/' }), aResult())
  expect(traits.of('127.0.0.1 1')).toBeUndefined()
})
