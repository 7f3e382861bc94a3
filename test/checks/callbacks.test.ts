import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/lib/time/clock.ts'
import { kinds } from '../../src/checks/index.ts'
import type { ProbeResult } from '../../src/checks/result.ts'
import { runProbe } from '../../src/checks/run.ts'
import { httpCheck } from '../support/http-check.ts'
import { startHttpPeer, type HttpPeer } from '../support/servers/http-peer.ts'
import { healthyChecks, type CheckCase } from './healthy-checks.ts'

const thrown = 'thrown by what the prober was given'

/** Makes the check with a clock and a log of which the `faulty`th call throws. Tells how many calls there were. */
async function run(
  { check, prober, onSilence }: CheckCase,
  faulty: number,
): Promise<{ result: ProbeResult; calls: number }> {
  let calls = 0
  const count = (): void => {
    if (++calls === faulty) throw new Error(thrown)
  }
  const clock = {
    now() {
      count()
      return systemClock.now()
    },
    monotonic() {
      count()
      return systemClock.monotonic()
    },
  }
  const controller = new AbortController()
  onSilence?.(() => {
    controller.abort(new Error('nobody waits for it'))
  })
  const result = await runProbe(check, {
    timeoutSeconds: 100,
    signal: controller.signal,
    probers: {
      // Only what the prober is given is faulty, not what runs it.
      [check.kind]: () =>
        Promise.resolve((given: never, context: object) =>
          prober()(given, { ...context, clock, log: { add: count } } as never),
        ),
    },
  })
  return { result, calls }
}

const stops: (() => unknown)[] = []
let neighbour: HttpPeer
beforeAll(async () => {
  neighbour = await startHttpPeer(() => ({ status: 200 }))
})
afterAll(() => Promise.all(stops.map((stop) => stop())))

it('is tried with every kind of check', async () => {
  const checks = await Promise.all(Object.values(healthyChecks).map((start) => start(stops)))
  expect(new Set(checks.map(({ check }) => check.kind))).toEqual(new Set(kinds.map(({ kind }) => kind)))
})

/** An exception that nobody catches fails the test, whichever callback it comes from: the runner listens for it. */
describe('what throws in the middle of a check, in whichever callback, fails that check and no other', () => {
  it.each(Object.entries(healthyChecks))(
    '%s',
    async (_name, start) => {
      const one = await start(stops)
      const { result, calls } = await run(one, Infinity)
      if (one.failure === undefined) expect(result).toMatchObject({ success: true })
      else expect(result.failure?.message).toContain(one.failure)
      expect(calls).toBeGreaterThan(0)
      for (let faulty = 1; faulty <= calls; faulty++) {
        const [{ result: broken }, beside] = await Promise.all([
          run(one, faulty),
          runProbe(httpCheck(neighbour.url), { timeoutSeconds: 100 }),
        ])
        const message = one.onSilence ? expect.any(String) : thrown
        expect([faulty, broken.failure]).toEqual([faulty, { reason: 'internal', message }])
        expect(beside.success).toBe(true)
      }
    },
    240_000,
  )
})
