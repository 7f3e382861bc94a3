import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { complement, formatRatio, parseRatio } from '../../../src/settings/values/ratio.ts'

describe('parseRatio', () => {
  it.each([
    ['1%', 0.01],
    ['99.9%', 0.999],
    ['99.95%', 0.9995],
    ['0.01', 0.01],
    ['.5', 0.5],
    ['0', 0],
    ['100%', 1],
    ['1', 1],
  ])('%s', (text, ratio) => {
    expect(parseRatio(text)).toBe(ratio)
  })

  it.each(['', '%', '101%', '1.1', '-1%', '1 %', '1e-2', '0x1', '.', '1.', 'NaN', '5'])(
    'refuses %j',
    (text) => {
      expect(parseRatio(text)).toBeUndefined()
    },
  )
})

describe('formatRatio', () => {
  it('is read back as it was', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (millionths) => {
        const ratio = Number(`${millionths}e-6`)
        expect(parseRatio(formatRatio(ratio))).toBe(ratio)
      }),
    )
  })
})

describe('complement', () => {
  it('leaves no dust of digits', () => {
    expect(complement(0.07)).toBe(0.93)
    expect(complement(0.001)).toBe(0.999)
  })
})
