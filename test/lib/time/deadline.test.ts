import { describe, expect, it } from 'vitest'
import { getEventListeners } from 'node:events'
import { withDeadline, type Deadline } from '../../../src/lib/time/deadline.ts'

const aborted = ({ signal }: Deadline): Promise<void> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error)
    })
  })

describe('a deadline', () => {
  it('gives what the work gives', async () => {
    const { signal } = new AbortController()
    await expect(withDeadline(signal, 10_000, () => Promise.resolve(1))).resolves.toBe(1)
  })

  it('ends the work when its time is over, and says so', async () => {
    let deadline: Deadline | undefined
    const work = withDeadline(new AbortController().signal, 20, (given) => aborted((deadline = given)))
    await expect(work).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(deadline?.passed()).toBe(true)
  })

  it('ends the work when its caller gives up', async () => {
    const controller = new AbortController()
    let deadline: Deadline | undefined
    const work = withDeadline(controller.signal, 10_000, (given) => aborted((deadline = given)))
    controller.abort(new Error('stopping'))
    await expect(work).rejects.toThrow('stopping')
    expect(deadline?.passed()).toBe(false)
  })

  it('does not begin where its caller gave up before', async () => {
    let begun = false
    const work = withDeadline(AbortSignal.abort(), 10_000, () => Promise.resolve((begun = true)))
    await expect(work).rejects.toThrow('aborted')
    expect(begun).toBe(false)
  })

  it('leaves nothing behind on the signal of its caller', async () => {
    const { signal } = new AbortController()
    await withDeadline(signal, 10_000, () => Promise.resolve())
    await withDeadline(signal, 10_000, () => Promise.reject(new Error('x'))).catch(() => undefined)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})
