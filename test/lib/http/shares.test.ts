import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { createShares } from '../../../src/lib/http/shares.ts'

describe('places that are shared', () => {
  it('are half for one address, and half of the rest for each further one', () => {
    const shares = createShares(16)
    const take = (address: string): number => {
      let count = 0
      while (shares(address)) count++
      return count
    }
    expect(['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4', '192.0.2.5'].map(take)).toEqual([
      8, 4, 2, 1, 1,
    ])
  })

  it('are given back once, to anybody', () => {
    const shares = createShares(2)
    const giveBack = shares('192.0.2.1')
    expect(shares('192.0.2.1')).toBeUndefined()
    giveBack?.()
    giveBack?.()
    expect(shares('192.0.2.1')).toBeDefined()
    expect(shares('192.0.2.2')).toBeDefined()
    expect(shares('192.0.2.3')).toBeUndefined()
  })

  it('belong to a whole network of IPv6, and to an address of IPv4 however it is written', () => {
    const shares = createShares(2)
    expect(shares('2001:db8::1')).toBeDefined()
    expect(shares('2001:db8::ffff:1')).toBeUndefined()
    expect(shares('2001:db8:0:1::1')).toBeDefined()
    const others = createShares(2)
    expect(others('192.0.2.1')).toBeDefined()
    expect(others('::ffff:192.0.2.1')).toBeUndefined()
  })

  it('are never more than there are, and a newcomer finds one while fewer than log2 of them are greedy', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 16, max: 2000 }),
        fc.array(fc.nat(3), { maxLength: 9000 }),
        (most, who) => {
          const shares = createShares(most)
          const taken = who.filter((address) => shares(`192.0.2.${address}`) !== undefined)
          expect(taken.length).toBeLessThanOrEqual(most)
          expect(shares('192.0.2.9')).toBeDefined()
        },
      ),
      { numRuns: 20 },
    )
  })
})
