import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { formatSize, parseSize } from '../../../src/settings/values/size.ts'

describe('parseSize', () => {
  it.each([
    ['64KiB', 65_536],
    ['10MB', 10_000_000],
    ['1MiB', 1_048_576],
    ['1GiB', 1_073_741_824],
    ['5kB', 5000],
    ['5KB', 5000],
    ['7B', 7],
  ])('%s', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes)
  })

  it.each(['', '5', '5 MB', '1.5MB', '-1B', '5mb', '5TB', 'B', '9999999999999GiB'])('refuses %j', (text) => {
    expect(parseSize(text)).toBeUndefined()
  })
})

describe('formatSize', () => {
  it.each([
    [10 * 1024 * 1024, '10MiB'],
    [10_000_000, '10MB'],
    [1023, '1023B'],
    [0, '0B'],
  ])('%d', (bytes, text) => {
    expect(formatSize(bytes)).toBe(text)
  })

  it('is read back as it was', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 40 }), (bytes) => {
        expect(parseSize(formatSize(bytes))).toBe(bytes)
      }),
    )
  })
})
