import { describe, expect, it } from 'vitest'
import { briefly } from '../../../src/lib/time/briefly.ts'

/** A question whose answers are counted, and a clock that the test turns. */
function asked(takesMs = 0) {
  const state = { elapsed: 0, asked: 0, fails: false }
  const question = async (): Promise<number> => {
    state.asked++
    await Promise.resolve()
    state.elapsed += takesMs
    if (state.fails) throw new Error('no answer')
    return state.asked
  }
  const ask = briefly(question, { clock: { monotonic: () => state.elapsed }, ms: 5_000 })
  return { state, ask }
}

describe('an answer that is remembered briefly', () => {
  it('is given to all who ask at once, and to those who ask within its time', async () => {
    const { state, ask } = asked()
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1])
    state.elapsed = 4_999
    expect(await ask()).toBe(1)
    state.elapsed = 5_000
    expect(await ask()).toBe(2)
  })

  it('is kept for longer where it takes long, up to a quarter of a minute', async () => {
    const slow = asked(1_000)
    await slow.ask()
    slow.state.elapsed = 10_999
    expect(await slow.ask()).toBe(1)
    slow.state.elapsed = 11_000
    expect(await slow.ask()).toBe(2)
    const slowest = asked(10_000)
    await slowest.ask()
    slowest.state.elapsed = 25_000
    expect(await slowest.ask()).toBe(2)
  })

  it('is not an error', async () => {
    const { state, ask } = asked()
    state.fails = true
    await expect(Promise.all([ask(), ask()])).rejects.toThrow('no answer')
    expect(state.asked).toBe(1)
    state.fails = false
    expect(await ask()).toBe(2)
  })
})
