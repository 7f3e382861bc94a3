import { describe, expect, it } from 'vitest'
import { within } from '../../../src/lib/time/within.ts'

const never = new Promise<never>(() => undefined)

describe('within', () => {
  it('gives what the work comes to, where it ends in time', async () => {
    expect(await within(Promise.resolve(1), 3_600_000, () => 2)).toBe(1)
    await expect(within(Promise.reject(new Error('no')), 3_600_000, () => 2)).rejects.toThrow('no')
  })

  it('gives what is said for late work, where the time is over', async () => {
    expect(await within(never, 0, () => 'late')).toBe('late')
  })

  it('rejects with what is thrown for late work', async () => {
    const late = () => {
      throw new Error('too late')
    }
    await expect(within(never, 0, late)).rejects.toThrow('too late')
  })

  it('leaves no timer behind', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const before = timers()
    await within(Promise.resolve(), 3_600_000, () => undefined)
    expect(timers()).toBe(before)
  })
})
