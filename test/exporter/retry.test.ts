import { describe, expect, it } from 'vitest'
import { SharedProbes, type Observation, type ProbeRequest } from '../../src/exporter/shared-probes.ts'
import type { Target } from '../../src/config/target/target.ts'
import type { ProbeResult } from '../../src/checks/result.ts'
import { renderProbe } from '../../src/metrics/render.ts'
import { testTime } from '../support/time/timers.ts'
import { aResult, aTarget } from '../support/target.ts'

const shop = aTarget({ interval: 30, timeout: 5, retry: 10 })

/** What each check comes to, in seconds that it takes; negative where it fails. More succeed at once. */
function probing(takes: readonly number[], target: Target = shop) {
  const { clock, timers, pass } = testTime()
  const observed: string[] = []
  const given: number[] = []
  const begun = clock.monotonic()
  let made = 0
  const at = (): number => (clock.monotonic() - begun) / 1000
  const said = ({ result }: Pick<Observation, 'result'>): string => {
    const startedAt = (result.startedAt.getTime() - Date.parse('2026-11-20T12:00:00Z')) / 1000
    const { retried } = result
    return `${startedAt}s ${result.success ? 'succeeds' : 'fails'}${retried ? `, ${retried.failure.message} first` : ''}`
  }
  const probes = new SharedProbes({
    clock,
    timers,
    async run({ timeoutSeconds }) {
      given.push(timeoutSeconds)
      const seconds = takes[made++] ?? 0
      const startedAt = new Date(clock.now())
      if (seconds !== 0) await new Promise<void>((resolve) => timers.after(Math.abs(seconds) * 1000, resolve))
      const failure = { reason: 'connect', message: `refused ${made}` } as const
      const outcome: Partial<ProbeResult> = seconds < 0 ? { success: false, failure } : {}
      return aResult({ startedAt, durationSeconds: Math.abs(seconds), ...outcome })
    },
    onObservation: (observation) => observed.push(said(observation)),
  })
  /** What a scrape is answered, and when. */
  async function scrape(more: Partial<ProbeRequest> = {}): Promise<string> {
    const answer = await probes.probe({ target, timeoutSeconds: target.timeout, ...more })
    return `at ${at()}s: ${said(answer)}`
  }
  return { probes, pass, scrape, observed, given, target }
}

describe('retry: a check that fails is made again before it counts', () => {
  it('counts the second result, with the first as evidence', async () => {
    const { pass, scrape, observed, probes } = probing([-1, 0])
    const answer = scrape()
    await pass(11)
    expect(await answer).toBe('at 11s: 11s succeeds, refused 1 first')
    expect(observed).toEqual(['11s succeeds, refused 1 first'])
    const { result } = probes.last(shop)!
    expect(renderProbe({ target: shop, result, timeoutSeconds: 5 })).toContain(
      'probe_retried_failure_info{reason="connect"} 1\n',
    )
  })

  it('counts one failure where both fail', async () => {
    const { pass, scrape, observed, given } = probing([-5, -5])
    const answer = scrape()
    await pass(20)
    expect(await answer).toBe('at 20s: 15s fails, refused 1 first')
    expect(observed).toHaveLength(1)
    expect(given).toEqual([5, 5])
  })

  it('gives the second check what is left of the interval', async () => {
    const tight = aTarget({ interval: 30, timeout: 10, retry: 10 })
    const { pass, scrape, given, observed } = probing([-10, -9.5], tight)
    const answer = scrape({ patienceSeconds: 29.5 })
    await pass(30)
    expect(await answer).toBe('at 29.5s: 20s fails, refused 1 first')
    expect(given).toEqual([10, 9.5])
    expect(observed).toHaveLength(1)
  })

  it('answers a scrape that has too little time with the result in force, and the next one with the new one', async () => {
    const { pass, scrape, observed } = probing([0, -1, 2, 0])
    expect(await scrape({ patienceSeconds: 9.5 })).toBe('at 0s: 0s succeeds')
    await pass(30)
    const during = scrape({ patienceSeconds: 9.5 })
    await pass(1)
    expect(await during).toBe('at 31s: 0s succeeds')
    expect(observed).toHaveLength(1)
    // Another Prometheus, which asks while it is made again.
    const other = scrape({ patienceSeconds: 5 })
    await pass(29)
    expect(observed).toEqual(['0s succeeds', '41s succeeds, refused 2 first'])
    expect(await other).toMatch(/: 0s succeeds$/)
    expect(await scrape({ patienceSeconds: 9.5 })).toBe('at 60s: 41s succeeds, refused 2 first')
    await pass(1)
    expect(await scrape({ patienceSeconds: 9.5 })).toBe('at 61s: 41s succeeds, refused 2 first')
    await pass(29)
    expect(await scrape({ patienceSeconds: 9.5 })).toBe('at 90s: 90s succeeds')
  })

  it('keeps to the times of a target that is checked less often than it is scraped', async () => {
    const slow = aTarget({ interval: 300, timeout: 10, retry: 90 })
    const { pass, scrape, observed } = probing([0, -1, 0, 0], slow)
    const seen: string[] = []
    for (let minute = 0; minute <= 10; minute++) {
      const answer = scrape({ patienceSeconds: 10.5 })
      await pass(60)
      seen.push((await answer).replace(/^at \S+ /, ''))
    }
    expect(seen).toEqual([
      ...Array.from({ length: 7 }, () => '0s succeeds'),
      ...Array.from({ length: 3 }, () => '391s succeeds, refused 2 first'),
      '600s succeeds',
    ])
    expect(observed).toHaveLength(3)
  })

  it('counts the first check of the process at once where the scrape cannot wait: nothing else is in force', async () => {
    const { pass, scrape, observed } = probing([-1, 0])
    const answer = scrape({ patienceSeconds: 9.5 })
    await pass(1)
    expect(await answer).toBe('at 1s: 0s fails')
    expect(observed).toEqual(['0s fails'])
  })

  it('occupies nobody who only wants it made', async () => {
    const { pass, probes, observed } = probing([-1, 0])
    let ended = false
    const begun = probes.begin({ target: shop, timeoutSeconds: 5 }).then(() => (ended = true))
    await pass(1)
    expect(ended).toBe(true)
    await begun
    expect(observed).toEqual([])
    await pass(10)
    expect(observed).toEqual(['11s succeeds, refused 1 first'])
  })

  it('counts the first check where the process ends before the second', async () => {
    const { pass, probes, scrape, observed } = probing([-1])
    const answer = scrape()
    await pass(2)
    await probes.end()
    expect(await answer).toBe('at 2s: 0s fails')
    expect(observed).toEqual(['0s fails'])
  })

  it('makes a check that fails once where nothing is said', async () => {
    const { pass, scrape, observed } = probing([-1, 0], aTarget())
    const answer = scrape()
    await pass(1)
    expect(await answer).toBe('at 1s: 0s fails')
    expect(observed).toHaveLength(1)
  })
})
