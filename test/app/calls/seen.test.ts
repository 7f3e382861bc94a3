import { describe, expect, it } from 'vitest'
import { watchCalls, type LiveCalls } from '../../../src/app/calls/seen.ts'
import { createCollector } from '../../../src/calls/collector.ts'
import type { CallTarget } from '../../../src/config/target/calls.ts'
import { aCallTarget } from '../../calls/support/calls.ts'
import { testTime } from '../../support/time/timers.ts'

const pay = aCallTarget('pay', { host: '^pay$' })
const probed = aCallTarget('shop', { host: '^shop$' }, { probed: true })

function watch(targets: readonly CallTarget[] = [pay, probed]) {
  const { clock: real, timers, pass } = testTime()
  let jumped = 0
  const clock = { ...real, now: () => real.now() + jumped * 1000 }
  const seen = watchCalls({ location: 'here', clock, timers })
  const collector = createCollector({ clock })
  collector.onCall(seen.observe)
  const set = (next: readonly CallTarget[]): void => {
    collector.setTargets(next)
    seen.setTargets(next)
  }
  set(targets)
  return {
    seen,
    set,
    clock,
    pass,
    /** Sets the wall clock forward. */
    jump: (seconds: number): void => {
      jumped += seconds
    },
    /** Each second, for so long. */
    calls: async (seconds: number, line: string): Promise<void> => {
      for (let second = 0; second < seconds; second++) {
        collector.receive('udp', Buffer.from(line))
        await pass(1)
      }
    },
  }
}

const [good, slow, bad] = ['40\t200', '140\t200', '40\t500'].map(
  (rest) => `2\tGET\thttp://pay/\t${rest}\n`,
) as [string, string, string]
const stateOf = (seen: LiveCalls, target = pay): string | undefined => seen.of(target).alert?.state

describe('what an exporter sees of calls', () => {
  it('is nothing before the first call', () => {
    const { seen } = watch()
    expect(seen.of(pay)).toEqual({ recent: { calls: 0, errors: 0, unknown: 0, overLimit: 0 } })
    expect(seen.incidents()).toEqual([])
  })

  it('has what was called, and when last', async () => {
    const { seen, calls, pass, clock } = watch()
    await calls(20, good + slow)
    const at = clock.now()
    await pass(60)
    expect(seen.of(pay)).toMatchObject({ recent: { calls: 40, errors: 0, overLimit: 20 } })
    expect(at - (seen.of(pay).lastCallAt?.getTime() ?? NaN)).toBe(1000)
    await pass(600)
    expect(seen.of(pay)).toMatchObject({ recent: { calls: 0 }, lastCallAt: expect.any(Date) })
  })

  it('fails and is slow as the alerts have it, and says of both that it fails', async () => {
    const { seen, calls } = watch()
    await calls(120, good)
    expect(stateOf(seen)).toBeUndefined()
    await calls(90, slow)
    expect(stateOf(seen)).toBe('slow')
    await calls(60, bad)
    expect(stateOf(seen)).toBe('failing')
    const [open, ...others] = seen.incidents()
    expect(others).toEqual([])
    expect(open).toMatchObject({
      firstFailure: { reason: 'CallsSlow' },
      lastFailure: { reason: 'CallsErrorRateHigh' },
    })
    expect(open).not.toHaveProperty('endedAt')
    await calls(900, good)
    expect(stateOf(seen)).toBeUndefined()
    const [newest, ...older] = seen.incidents()
    expect(older).toEqual([])
    expect(newest).toMatchObject({ target: 'pay', endedAt: expect.any(Date) })
    expect(newest?.firstFailure.message).toContain('of the calls to pay')
  })

  it('is silent while CallsMissing fires, until the next call', async () => {
    const { seen, calls, pass } = watch()
    await calls(1900, good)
    await pass(900)
    expect(stateOf(seen)).toBeUndefined()
    await pass(120)
    expect(stateOf(seen)).toBe('silent')
    expect(seen.incidents().map(({ firstFailure }) => firstFailure.reason)).toEqual(['CallsMissing'])
    await calls(30, good)
    expect(stateOf(seen)).toBeUndefined()
  })

  it('goes on through a jump of the clock, since when the alert says', async () => {
    const { seen, calls, jump } = watch()
    await calls(90, bad)
    const before = seen.of(pay).alert
    jump(3600)
    await calls(30, bad)
    expect(before?.state).toBe('failing')
    expect(seen.of(pay).alert).toEqual(before)
  })

  it('is kept through a renaming, and forgotten with its target', async () => {
    const { seen, set, calls } = watch()
    await calls(60, bad)
    const renamed = aCallTarget('payments', { host: '^pay$' }, { was: ['pay'] })
    set([renamed])
    await calls(30, bad)
    expect(seen.of(renamed).recent.calls).toBe(90)
    expect(stateOf(seen, renamed)).toBe('failing')
    set([])
    expect(seen.incidents()).toMatchObject([{ noLongerWatched: true, endedAt: expect.any(Date) }])
    expect(seen.of(renamed)).not.toHaveProperty('lastCallAt')
  })

  it('leaves those that have a check to the check', async () => {
    const { seen, calls } = watch()
    await calls(60, '2\tGET\thttp://shop/\t140\t500\n')
    expect(seen.of(probed)).toMatchObject({ recent: { calls: 60, errors: 60 }, lastCallAt: expect.any(Date) })
    expect(seen.of(probed)).not.toHaveProperty('alert')
    expect(seen.of({ name: 'pay' })).not.toHaveProperty('lastCallAt')
    expect(seen.incidents()).toEqual([])
  })

  it('has the names that no target asks for, cut, until a configuration does; of strangers the first hundred', async () => {
    const { seen, calls, set } = watch()
    const call = (operation: string): string => `2\t\t\t40\t200\t${operation}\n`
    await calls(2, call('pay.charge') + call('x'.repeat(300)) + good)
    expect([...seen.unmatched()]).toEqual([
      ['pay.charge', 2],
      ['x'.repeat(100), 2],
    ])
    set([pay, aCallTarget('charge', { operation: '^pay' })])
    expect([...seen.unmatched()]).toEqual([])
    await calls(1, Array.from({ length: 150 }, (_, index) => call(`name ${index}`)).join(''))
    expect(seen.unmatched().size).toBe(101)
    expect(seen.unmatched().get('other')).toBe(50)
  })
})
