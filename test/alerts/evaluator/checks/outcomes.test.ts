import { describe, expect, it } from 'vitest'
import { Evaluator } from '../../../../src/alerts/evaluator/evaluator.ts'
import { Outcomes } from '../../../../src/alerts/evaluator/checks/outcomes.ts'
import { scrapeInterval } from '../../../../src/config/target/scrape-interval.ts'
import { aResult, aTarget } from '../../../support/target.ts'
import { randomFrom } from '../timelines.ts'

interface Check {
  readonly at: number
  readonly failed: boolean
}

/** Checks that fail in spells, as they come in practice: a few milliseconds early or late, and some left out. */
function checksOf(interval: number, count: number, seed: number): Check[] {
  const random = randomFrom(seed)
  let failed = false
  return Array.from({ length: count }, (_, index) => {
    if (random() < 0.2) failed = !failed
    return { at: 1000 + index * interval + random() * 0.01, failed }
  }).filter(() => random() > 0.02)
}

/** Every scrape by itself: what the runs have to come to. */
function naive(checks: readonly Check[], interval: number, seconds: number, now: number) {
  const every = scrapeInterval(interval)
  const sum = { scrapes: 0, succeeded: 0, checks: 0 }
  checks.forEach(({ at, failed }, index) => {
    const until = checks[index + 1]?.at ?? Infinity
    const scrapes = Array.from({ length: Math.round(interval / every) }, (_, step) => at + step * every)
    const seen = scrapes.filter((time) => time > now - seconds && time <= now && time < until).length
    sum.scrapes += seen
    if (!failed) sum.succeeded += seen
    sum.checks += Number(seen > 0)
  })
  return sum
}

describe('outcomes of three days', () => {
  it.each([1, 10, 30, 60, 300, 3600])('are those of every scrape, at an interval of %d s', (interval) => {
    for (const seed of [1, 2, 3]) {
      const outcomes = new Outcomes(interval)
      const checks = checksOf(interval, 200, seed)
      checks.forEach(({ at, failed }, index) => {
        outcomes.add(at, failed ? 'status' : undefined)
        if (index % 20 !== 0) return
        for (const seconds of [interval * 5.5, interval * 31.5]) {
          const now = at + interval / 3
          const seen = outcomes.within(seconds, now)!
          const wanted = naive(checks.slice(0, index + 1), interval, seconds, now)
          // Where the times jitter, a scrape at the edge of a window may be taken for its neighbour.
          expect(Math.abs(seen.scrapes - wanted.scrapes)).toBeLessThanOrEqual(1.01)
          expect(Math.abs(seen.succeeded - wanted.succeeded)).toBeLessThanOrEqual(1.01)
          expect(Math.abs(seen.checks - wanted.checks)).toBeLessThanOrEqual(1.01)
          const failures = seen.scrapes - seen.succeeded
          if (failures > 0) expect(outcomes.mayHaveFailed(seconds, now)).toBe(true)
          expect(outcomes.reasons(seconds, now).get('status') ?? 0).toBeCloseTo(failures, 6)
        }
      })
    }
  })

  it('take a bounded room: of a target that always changes, the oldest are averaged, and none is lost', () => {
    const outcomes = new Outcomes(1)
    for (let at = 0; at < 20_000; at++) outcomes.add(at, at % 2 === 0 ? 'status' : undefined)
    expect(outcomes.within(30_000, 19_999)).toEqual({ scrapes: 20_000, succeeded: 10_000, checks: 20_000 })
    expect(outcomes.within(600, 19_999)).toEqual({ scrapes: 600, succeeded: 300, checks: 600 })
    expect(outcomes.within(15_000, 19_999)!.succeeded).toBeCloseTo(7500, -1)
  })

  it('know without a look at each that none failed within a window', () => {
    const outcomes = new Outcomes(120)
    expect(outcomes.mayHaveFailed(600, 0)).toBe(false)
    outcomes.add(0, 'status')
    for (let at = 120; at <= 1200; at += 120) outcomes.add(at)
    expect(outcomes.mayHaveFailed(1300, 1200)).toBe(true)
    expect(outcomes.mayHaveFailed(900, 1200)).toBe(false)
    outcomes.shift(3600)
    expect(outcomes.mayHaveFailed(1300, 4800)).toBe(true)
    // What is averaged may be anywhere in the time that it stands for.
    const many = new Outcomes(1)
    for (let at = 0; at < 9000; at++) many.add(at, at % 3 === 0 ? 'status' : undefined)
    const tally = many.within(8000, 9000)!
    expect(tally.succeeded < tally.scrapes && many.mayHaveFailed(8000, 9000)).toBe(true)
  })

  it('are forgotten after three days, where nothing was checked too', () => {
    const outcomes = new Outcomes(30)
    outcomes.add(0, 'status')
    outcomes.add(30)
    expect(outcomes.within(4 * 86_400, 3 * 86_400)).toEqual({ scrapes: 2, succeeded: 1, checks: 2 })
    outcomes.add(4 * 86_400)
    outcomes.add(4 * 86_400 + 30)
    expect(outcomes.within(8 * 86_400, 4 * 86_400 + 30)).toEqual({ scrapes: 2, succeeded: 2, checks: 2 })
    expect(new Outcomes(30).within(60, 0)).toBeUndefined()
  })

  it('move with the wall clock', () => {
    const outcomes = new Outcomes(30)
    outcomes.add(0, 'status')
    outcomes.add(30)
    outcomes.shift(7200)
    expect(outcomes.within(60, 7230)).toEqual({ scrapes: 2, succeeded: 1, checks: 2 })
    expect(outcomes.within(60, 7291)).toBeUndefined()
  })
})

describe('the alerts about the error budget', () => {
  const target = aTarget({
    expect: { maxLatency: Infinity, maxErrorRatio: 1, slo: 0.99, minCertificate: -Infinity },
  })
  const failure = { reason: 'status' as const, message: 'x' }

  it('go on after a restart for as long as the failures may last, and end without them', () => {
    const first = new Evaluator({ location: 'here' })
    first.setTargets({ targets: [target] }, 0)
    for (let at = 0; at < 14_400; at += 30)
      first.observe(target, aResult(at % 120 === 0 ? { success: false, failure } : {}), at, at)
    const names = (evaluator: Evaluator) => evaluator.firing().map(({ labels }) => labels.alertname)
    const both = ['TargetFlapping', 'TargetBudgetBurnFast', 'TargetBudgetBurnSlow']
    expect(names(first).sort()).toEqual(both.toSorted())
    const second = new Evaluator({ location: 'here', state: first.state() })
    second.setTargets({ targets: [target] }, 14_400)
    const endAt = new Map<string, number>()
    for (let at = 14_400; at < 43_200; at += 30)
      for (const { status, labels } of second.observe(target, aResult(), at, at))
        if (status === 'resolved') endAt.set(labels.alertname!, at - 14_400)
    expect(Object.fromEntries(endAt)).toEqual({
      TargetBudgetBurnFast: 1800,
      TargetFlapping: 480,
      TargetBudgetBurnSlow: 21_600,
    })
  })

  // Of 3 days of its checks, 86.4 may fail.
  it.each([
    ['the first outage of a new target', 86, []],
    ['one that uses up a tenth of its budget', 87, ['TargetBudgetBurnSlow']],
  ])('TargetBudgetBurnSlow looks at what is used up: %s', (_name, failures, expected) => {
    const evaluator = new Evaluator({ location: 'here' })
    evaluator.setTargets({ targets: [target] }, 0)
    const begun = new Set<string | undefined>()
    for (let check = 0; check < 1000; check++) {
      const result = check >= 2 && check < 2 + failures ? { success: false, failure } : {}
      for (const { labels } of evaluator.observe(target, aResult(result), check * 30, check * 30))
        begun.add(labels.alertname)
    }
    expect([...begun].filter((name) => name !== 'TargetDown')).toEqual(expected)
  })
})
