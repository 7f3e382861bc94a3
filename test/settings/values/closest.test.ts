import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { closest, editDistance } from '../../../src/settings/values/closest.ts'

const keys = ['url', 'name', 'timeout', 'interval', 'max_latency', 'certificate_days', 'expect']

describe('closest', () => {
  it.each([
    ['tmieout', 'timeout'],
    ['timout', 'timeout'],
    ['Timeout', 'timeout'],
    ['uri', 'url'],
    ['max-latency', 'max_latency'],
    ['certificate_day', 'certificate_days'],
  ])('%s is %s', (word, meant) => {
    expect(closest(word, keys)).toBe(meant)
  })

  it.each(['notify', 'x', '', 'a'.repeat(1000)])('%s is none of them', (word) => {
    expect(closest(word, keys)).toBeUndefined()
  })
})

describe('editDistance', () => {
  it('is 0 for the same, symmetric, and 1 for two neighbours swapped', () => {
    const word = fc.string({ maxLength: 8 })
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, a)).toBe(0)
        expect(editDistance(a, b)).toBe(editDistance(b, a))
        expect(editDistance(`${a}xy${b}`, `${a}yx${b}`)).toBe(1)
      }),
    )
  })
})
