import { describe, expect, it } from 'vitest'
import { createSlots } from '../../../src/lib/time/slots.ts'

const never = new AbortController().signal

describe('createSlots', () => {
  it('lets so many in, the others in the order in which they came', async () => {
    const slots = createSlots(2)
    const order: number[] = []
    const enter = async (id: number): Promise<() => void> => {
      const release = await slots.take(never)
      order.push(id)
      return release!
    }
    const [first, second] = [await enter(1), await enter(2)]
    const third = enter(3)
    const fourth = enter(4)
    await Promise.resolve()
    expect(order).toEqual([1, 2])
    second()
    await third
    first()
    await fourth
    expect(order).toEqual([1, 2, 3, 4])
  })

  it('does not count a turn twice that is given back twice', async () => {
    const slots = createSlots(1)
    const release = (await slots.take(never))!
    release()
    release()
    await slots.take(never)
    const waiting = new AbortController()
    const late = slots.take(waiting.signal)
    waiting.abort()
    expect(await late).toBeUndefined()
  })

  it('forgets who gave up waiting', async () => {
    const slots = createSlots(1)
    const release = (await slots.take(never))!
    const gaveUp = new AbortController()
    const lost = slots.take(gaveUp.signal)
    const next = slots.take(never)
    gaveUp.abort()
    release()
    expect(await lost).toBeUndefined()
    expect(await next).toBeInstanceOf(Function)
    expect(await slots.take(AbortSignal.abort())).toBeUndefined()
  })
})
