import { describe, expect, it } from 'vitest'
import { isDiskTrouble, patience } from '../../../src/lib/time/patience.ts'
import { testTime } from '../../support/time/timers.ts'

/** A write that ends when it is told to. */
function aWrite() {
  const write = { begun: 0, end: (): void => undefined }
  const step = (): Promise<void> =>
    new Promise((resolve) => {
      write.begun++
      write.end = resolve
    })
  return { write, step }
}

describe('the patience with a disk', () => {
  it('passes on what a write comes to', async () => {
    const patiently = patience({ timers: testTime().timers })
    await expect(patiently(() => Promise.resolve())).resolves.toBeUndefined()
    await expect(patiently(() => Promise.reject(new Error('EIO')))).rejects.toThrow('EIO')
  })

  it('ends with a write that hangs; nothing else is begun until that has ended', async () => {
    const time = testTime()
    const patiently = patience({ timers: time.timers, limitMs: 2000 })
    const { write, step } = aWrite()
    const first = expect(patiently(step)).rejects.toMatchObject({
      code: 'STATE_SLOW',
      message: 'the disk has not answered for 2 s',
    })
    await time.pass(2)
    await first
    const error: unknown = await patiently(step).catch((cause: unknown) => cause)
    expect([isDiskTrouble(error), write.begun]).toEqual([true, 1])
    write.end()
    await time.pass(0)
    const third = patiently(step)
    write.end()
    await third
    expect(write.begun).toBe(2)
  })
})
