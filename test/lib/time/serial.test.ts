import { describe, expect, it } from 'vitest'
import { serialByKey } from '../../../src/lib/time/serial.ts'

describe('serial work', () => {
  it('of one key is done in order and one at a time, also after a failure', async () => {
    const serial = serialByKey()
    const events: string[] = []
    const step = (name: string, fail = false) =>
      serial('a', async () => {
        events.push(`${name} begins`)
        await new Promise(setImmediate)
        events.push(`${name} ends`)
        if (fail) throw new Error(name)
        return name
      })
    const results = await Promise.allSettled([step('1'), step('2', true), step('3')])
    expect(events).toEqual(['1 begins', '1 ends', '2 begins', '2 ends', '3 begins', '3 ends'])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  it('of several keys is not held up by one another', async () => {
    const serial = serialByKey()
    let release: () => void = () => undefined
    const held = serial('a', () => new Promise<void>((resolve) => (release = resolve)))
    await expect(serial('b', () => Promise.resolve('done'))).resolves.toBe('done')
    release()
    await held
  })
})
