import { describe, expect, it } from 'vitest'
import { LimitedMap } from '../../src/lib/limited-map.ts'

const make = (key: string): { readonly key: string } => ({ key })
const keys = (map: LimitedMap<{ readonly key: string }>): string[] => map.values().map(({ key }) => key)

describe('a map with a limit', () => {
  it('makes each entry once, and lets those beyond the limit share one', () => {
    const map = new LimitedMap({ max: 2, idle: 10, other: 'other', make })
    const first = map.get('a', 0)
    map.get('b', 0)
    expect(map.get('a', 1)).toBe(first)
    expect(map.get('c', 1)).toBe(map.get('d', 1))
    expect(keys(map)).toEqual(['a', 'b', 'other'])
  })

  it('gives the place of an entry that nobody asks for to a new one, and never that of the others', () => {
    const map = new LimitedMap({ max: 2, idle: 10, other: 'other', make })
    for (const key of ['a', 'b', 'c']) map.get(key, 0)
    map.get('b', 9)
    expect(map.get('d', 9).key).toBe('other')
    expect(map.get('d', 10).key).toBe('d')
    expect(keys(map)).toEqual(['b', 'other', 'd'])
    expect(map.get('e', 18).key).toBe('other')
  })
})
