import { describe, expect, it } from 'vitest'
import { SharedProbes, type Observation } from '../../src/exporter/shared-probes.ts'
import type { ProbeResult } from '../../src/checks/result.ts'
import { testClock } from '../support/time/clock.ts'
import { aResult, aTarget } from '../support/target.ts'
import { waitFor } from '../support/time/wait-for.ts'

/** Probes that end when the test says so. */
function controlled(maxTargets?: number) {
  const clock = testClock()
  const pending: ((result: ProbeResult) => void)[] = []
  const observed: Observation[] = []
  let runs = 0
  const probes = new SharedProbes({
    clock,
    run: () => {
      runs++
      return new Promise((resolve) => pending.push(resolve))
    },
    onObservation: (observation) => observed.push(observation),
    ...(maxTargets !== undefined && { maxTargets }),
  })
  return {
    probes,
    clock,
    observed,
    runs: () => runs,
    finish: (result: ProbeResult = aResult()) => pending.shift()?.(result),
  }
}

describe('SharedProbes', () => {
  it('lets concurrent requests for one target share one probe', async () => {
    const { probes, runs, finish, observed } = controlled()
    const request = { target: aTarget(), timeoutSeconds: 5 }
    const both = Promise.all([probes.probe(request), probes.probe(request)])
    finish()
    const [first, second] = await both
    expect(runs()).toBe(1)
    expect(second.result).toBe(first.result)
    expect(observed).toHaveLength(1)
  })

  it('does not let two targets wait for each other', async () => {
    const { probes, runs, finish } = controlled()
    const hanging = probes.probe({ target: aTarget({ name: 'hangs' }), timeoutSeconds: 5 })
    const other = probes.probe({ target: aTarget({ name: 'other' }), timeoutSeconds: 5 })
    expect(runs()).toBe(2)
    finish()
    finish()
    await Promise.all([hanging, other])
  })

  it('serves a result again until half of the interval has passed', async () => {
    const { probes, runs, finish, clock } = controlled()
    const request = { target: aTarget({ interval: 30 }), timeoutSeconds: 5 }
    const first = probes.probe(request)
    finish()
    await first
    clock.advance(14.9)
    expect((await probes.probe(request)).result).toBe((await first).result)
    expect(runs()).toBe(1)
    clock.advance(0.2)
    const again = probes.probe(request)
    finish(aResult({ success: false, failure: { reason: 'connect', message: 'refused' } }))
    expect((await again).result.success).toBe(false)
    expect(runs()).toBe(2)
  })

  it('probes an hourly target once an hour though it is scraped every minute', async () => {
    const { probes, runs, finish, clock } = controlled()
    const request = { target: aTarget({ interval: 3600 }), timeoutSeconds: 5 }
    for (let minute = 0; minute <= 120; minute++) {
      const answer = probes.probe(request)
      finish()
      await answer
      clock.advance(60)
    }
    expect(runs()).toBe(3)
  })

  it('answers somebody with less time than the running probe has, in time', async () => {
    const { probes, finish } = controlled()
    const target = aTarget()
    const patient = probes.probe({ target, timeoutSeconds: 5 })
    const hurried = await probes.probe({ target, timeoutSeconds: 0.02 })
    expect(hurried.result.failure).toEqual({
      reason: 'timeout',
      message: 'no result within 0.02s of a probe that was already running',
    })
    finish()
    expect((await patient).result.success).toBe(true)
  })

  describe('a timeout of somebody with little time', () => {
    const timedOut = aResult({ success: false, failure: { reason: 'timeout', message: 'no answer' } })

    it('is not served again to somebody with more', async () => {
      const { probes, runs, finish } = controlled()
      const target = aTarget()
      const hurried = probes.probe({ target, timeoutSeconds: 0.005 })
      finish(timedOut)
      await hurried
      const patient = probes.probe({ target, timeoutSeconds: 5 })
      finish()
      expect((await patient).result.success).toBe(true)
      expect((await probes.probe({ target, timeoutSeconds: 0.005 })).result.success).toBe(true)
      expect(runs()).toBe(2)
    })

    it('is not shared with somebody who has more', async () => {
      const { probes, runs, finish } = controlled()
      const target = aTarget()
      const hurried = probes.probe({ target, timeoutSeconds: 0.005 })
      const patient = Promise.all([1, 2].map(() => probes.probe({ target, timeoutSeconds: 5 })))
      finish(timedOut)
      expect((await hurried).result.success).toBe(false)
      await waitFor('a probe with more time', () => runs() === 2)
      finish()
      expect((await patient).map(({ result }) => result.success)).toEqual([true, true])
      expect(runs()).toBe(2)
    })

    it('is one for somebody with as much, too', async () => {
      const { probes, runs, finish } = controlled()
      const request = { target: aTarget(), timeoutSeconds: 5 }
      const both = Promise.all([probes.probe(request), probes.probe(request)])
      finish(timedOut)
      await both
      expect((await probes.probe(request)).result).toBe(timedOut)
      expect(runs()).toBe(1)
    })
  })

  it('forgets a result when the check changed, and keeps it when only other targets did', async () => {
    const { probes, runs, finish } = controlled()
    const before = aTarget()
    const first = probes.probe({ target: before, timeoutSeconds: 5 })
    finish()
    await first
    const same = aTarget()
    probes.retain([same, aTarget({ name: 'new' })])
    expect(probes.last(same)?.result).toBe((await first).result)
    const edited = aTarget({ shown: { name: 'shop', url: 'http://127.0.0.1:2/' } })
    probes.retain([edited])
    expect(probes.last(edited)).toBeUndefined()
    const again = probes.probe({ target: edited, timeoutSeconds: 5 })
    finish()
    await again
    expect(runs()).toBe(2)
  })

  it('judges a result that is served again by the thresholds now in force', async () => {
    const { probes, finish } = controlled()
    const first = probes.probe({ target: aTarget(), timeoutSeconds: 5 })
    finish()
    await first
    const relabelled = aTarget({ alertAfter: 600 })
    expect((await probes.probe({ target: relabelled, timeoutSeconds: 5 })).target.alertAfter).toBe(600)
  })

  it('remembers a bounded number of targets', async () => {
    const { probes, finish } = controlled(2)
    for (const name of ['a', 'b', 'c']) {
      const answer = probes.probe({ target: aTarget({ name }), timeoutSeconds: 5 })
      finish()
      await answer
    }
    expect(['a', 'b', 'c'].filter((name) => probes.last(aTarget({ name })))).toEqual(['b', 'c'])
  })

  it('lets the next request try again after a run that threw', async () => {
    let runs = 0
    const probes = new SharedProbes({
      clock: testClock(),
      run: () => (runs++ === 0 ? Promise.reject(new Error('a bug')) : Promise.resolve(aResult())),
    })
    const request = { target: aTarget(), timeoutSeconds: 5 }
    await expect(probes.probe(request)).rejects.toThrow('a bug')
    expect((await probes.probe(request)).result.success).toBe(true)
  })
})
