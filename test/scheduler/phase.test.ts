import { describe, expect, it } from 'vitest'
import { phaseOf } from '../../src/scheduler/phase.ts'

describe('phaseOf', () => {
  it('is the same for a name at every start', () => {
    expect(phaseOf('shop')).toBe(phaseOf('shop'))
    expect(phaseOf('shop')).not.toBe(phaseOf('shop2'))
  })

  it('spreads many names evenly', () => {
    const tenths = new Array<number>(10).fill(0)
    for (let index = 0; index < 2000; index++) {
      const phase = phaseOf(`target-${index}`)
      expect(phase).toBeGreaterThanOrEqual(0)
      expect(phase).toBeLessThan(1)
      tenths[Math.floor(phase * 10)]! += 1
    }
    expect(Math.min(...tenths)).toBeGreaterThan(150)
    expect(Math.max(...tenths)).toBeLessThan(250)
  })
})
