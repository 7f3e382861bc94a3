import type { Check } from '../../src/checks/index.ts'
import { describe, expect, it } from 'vitest'
import type { Prober } from '../../src/checks/result.ts'
import { runProbe } from '../../src/checks/run.ts'
import { recordProbeLog } from '../../src/checks/log.ts'
import { testClock } from '../support/time/clock.ts'
import { httpCheck } from '../support/http-check.ts'
import { slackSeconds } from '../support/time/patience.ts'
import { aResult } from '../support/target.ts'

const check = httpCheck('http://x.example/')

function withProber(prober: Prober<Check>): { probers: { http: () => Promise<Prober<Check>> } } {
  return { probers: { http: () => Promise.resolve(prober) } }
}

describe('runProbe', () => {
  it('gives what the prober gives', async () => {
    const result = aResult()
    expect(await runProbe(check, { timeoutSeconds: 1, ...withProber(() => Promise.resolve(result)) })).toBe(
      result,
    )
  })

  it('aborts the prober at the deadline and lets it say what it saw', async () => {
    const heeding: Prober<Check> = (_check, { signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          const message = `${(signal.reason as Error).message} while testing`
          resolve(aResult({ success: false, failure: { reason: 'timeout', message } }))
        })
      })
    const result = await runProbe(check, { timeoutSeconds: 0.05, ...withProber(heeding) })
    expect(result.failure).toEqual({ reason: 'timeout', message: 'no answer within 0.05s while testing' })
    expect(result.http).toBeDefined()
  })

  it('answers in time for a prober that does not heed its signal', async () => {
    const began = performance.now()
    const stubborn: Prober<Check> = () => new Promise(() => undefined)
    const result = await runProbe(check, { timeoutSeconds: 0.1, ...withProber(stubborn) })
    expect(result.failure).toEqual({ reason: 'timeout', message: 'no answer within 0.1s' })
    expect(performance.now() - began).toBeLessThan(slackSeconds * 1000)
  })

  it('overlooks what such a prober throws later', async () => {
    let fail: ((error: Error) => void) | undefined
    const late: Prober<Check> = () => new Promise((_resolve, reject) => (fail = reject))
    const result = await runProbe(check, { timeoutSeconds: 0.02, ...withProber(late) })
    fail!(new Error('too late'))
    // An unhandled rejection would end the process in the turn that follows.
    await new Promise((resolve) => setImmediate(resolve))
    expect(result.failure?.reason).toBe('timeout')
  })

  it.each<[string, Prober<Check>]>([
    ['rejects', () => Promise.reject(new TypeError('x is not a function'))],
    [
      'throws',
      () => {
        throw new TypeError('x is not a function')
      },
    ],
  ])('turns a prober that %s into a failure', async (_how, prober) => {
    const clock = testClock()
    const log = recordProbeLog(clock.monotonic)
    const result = await runProbe(check, { timeoutSeconds: 1, clock, log, ...withProber(prober) })
    expect(result).toEqual({
      startedAt: new Date('2026-11-20T12:00:00Z'),
      durationSeconds: 0,
      success: false,
      failure: { reason: 'internal', message: 'x is not a function' },
    })
    expect(log.lines.map(({ message }) => message)).toEqual(['the prober failed, which is a bug in Probity'])
  })

  it('lets nothing pass that was finished after the deadline', async () => {
    const clock = testClock()
    const busy =
      (seconds: number): Prober<Check> =>
      () => {
        clock.advance(seconds)
        return Promise.resolve(aResult())
      }
    expect(await runProbe(check, { timeoutSeconds: 4, clock, ...withProber(busy(4)) })).toMatchObject({
      success: true,
    })
    expect(await runProbe(check, { timeoutSeconds: 4, clock, ...withProber(busy(4.7)) })).toMatchObject({
      success: false,
      failure: { reason: 'timeout', message: 'no answer within 4s' },
      http: aResult().http as object,
    })
  })

  it('never gives success together with a failure, or a failure without one', async () => {
    const failure = { reason: 'status', message: 'expected 2xx, got 500' } as const
    const both = await runProbe(check, {
      timeoutSeconds: 1,
      ...withProber(() => Promise.resolve(aResult({ success: true, failure }))),
    })
    expect(both).toMatchObject({ success: false, failure })
    const neither = await runProbe(check, {
      timeoutSeconds: 1,
      ...withProber(() => Promise.resolve(aResult({ success: false }))),
    })
    expect(neither).toMatchObject({ success: false, failure: { reason: 'internal' } })
  })

  it('can be cancelled, which says nothing about the target', async () => {
    const stubborn: Prober<Check> = () => new Promise(() => undefined)
    const controller = new AbortController()
    const running = runProbe(check, { timeoutSeconds: 5, signal: controller.signal, ...withProber(stubborn) })
    controller.abort(new Error('shutting down'))
    const expected = { reason: 'internal', message: 'the probe was cancelled: shutting down' }
    expect((await running).failure).toEqual(expected)
    const never = await runProbe(check, {
      timeoutSeconds: 5,
      signal: controller.signal,
      ...withProber(stubborn),
    })
    expect(never.failure).toEqual(expected)
  })

  it('does not count the time that loading the prober takes', async () => {
    const prober: Prober<Check> = (_check, { signal }) =>
      Promise.resolve(aResult(signal.aborted ? { success: false } : {}))
    const slow = new Promise<Prober<Check>>((resolve) => setTimeout(resolve, 60, prober))
    const result = await runProbe(check, { timeoutSeconds: 0.03, probers: { http: () => slow } })
    expect(result.success).toBe(true)
  })

  it('passes on the guard of addresses', async () => {
    const asked: string[] = []
    const asking: Prober<Check> = (_check, { allowAddress }) => {
      allowAddress?.('192.0.2.1')
      return Promise.resolve(aResult())
    }
    await runProbe(check, {
      timeoutSeconds: 1,
      allowAddress: (address) => asked.push(address),
      ...withProber(asking),
    })
    expect(asked).toEqual(['192.0.2.1'])
  })
})
