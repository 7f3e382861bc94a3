import { describe, expect, it } from 'vitest'
import { parseRetryAfter } from '../../../src/lib/http/retry-after.ts'

const now = Date.parse('2026-11-20T12:00:00Z')

describe('Retry-After', () => {
  it.each<[string | undefined, number | undefined]>([
    ['120', 120],
    [' 0 ', 0],
    ['Fri, 20 Nov 2026 12:00:30 GMT', 30],
    ['Friday, 20-Nov-26 12:00:30 GMT', 30],
    ['Fri Nov 20 12:00:30 2026', 30],
    ['Fri, 20 Nov 2026 11:00:00 GMT', 0],
    [undefined, undefined],
    ['', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['2026-11-20', undefined],
    ['Fri, 99 Nov 2026 12:00:30 GMT', undefined],
  ])('%j is %p seconds', (text, seconds) => {
    expect(parseRetryAfter(text, now)).toBe(seconds)
  })
})
