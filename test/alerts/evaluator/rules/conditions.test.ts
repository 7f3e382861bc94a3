import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isMet } from '../../../../src/alerts/evaluator/rules/condition.ts'
import { allRules, alertRules } from '../../../../src/alerts/evaluator/rules/index.ts'
import type { AlertRule, CallCounts, TargetView } from '../../../../src/alerts/evaluator/rules/rule.ts'
import { Outcomes } from '../../../../src/alerts/evaluator/checks/outcomes.ts'
import { Samples } from '../../../../src/alerts/evaluator/checks/samples.ts'
import { credentialNames } from '../../../../src/checks/result.ts'
import { partOf } from '../../../support/proof.ts'
import { parseTarget } from '../../../support/parse-config.ts'
import { aTarget } from '../../../support/target.ts'
import { play } from '../play.ts'
import { timelines } from '../timelines.ts'

/** How often each rule was found to hold, and not. */
interface Seen {
  holds: number
  not: number
}

/** The same rule, which compares what it decides with what it says to people. */
function compared(rule: AlertRule, seen: Map<string, Seen>): AlertRule {
  return {
    ...rule,
    decide(view, firing) {
      const value = rule.decide(view, firing)
      const ways = rule.conditions(view, firing)
      // Plain comparisons: there are very many.
      if (isMet(ways) !== (value !== undefined) || ways.flat().some(({ what }) => what === ''))
        throw new Error(`${rule.id} at ${view.now}: ${value} and ${JSON.stringify(ways)}`)
      const counts = seen.get(rule.id) ?? { holds: 0, not: 0 }
      counts[value === undefined ? 'not' : 'holds']++
      seen.set(rule.id, counts)
      return value
    },
  }
}

describe('the conditions that a rule says', () => {
  it.each([
    { intervals: [5, 30, 60], length: 6000, longestGap: 20, count: 60, all: 7 },
    { intervals: [300, 1200], length: 100_000, longestGap: 20, count: 32, all: 5 },
  ])('hold exactly where it fires: $intervals', ({ count, all, ...shape }) => {
    const seen = new Map<string, Seen>()
    const rules = alertRules.map((rule) => compared(rule, seen))
    for (const timeline of fc.sample(timelines(shape), { numRuns: partOf(count, 4), seed: 20261129 }))
      play(timeline, shape.intervals.includes(300) ? 300 : 15, rules)
    expect([...seen.values()].filter(({ holds, not }) => holds > 0 && not > 0).length).toBeGreaterThanOrEqual(
      all,
    )
  })

  it('hold exactly where it fires, of what checks use up and of calls', () => {
    const seen = new Map<string, Seen>()
    const others = allRules.targets.filter((rule) => !alertRules.includes(rule))
    const rules = others.map((rule) => compared(rule, seen))
    fc.assert(
      fc.property(aView(), (view) => {
        for (const rule of rules) rule.decide(view, false)
      }),
      { seed: 20261129, numRuns: partOf(2000, 4) },
    )
    expect(seen.size).toBe(others.length)
    for (const { holds, not } of seen.values()) expect(Math.min(holds, not)).toBeGreaterThan(0)
  })
})

const now = 1_790_000_000
const day = 86_400

/** A target with credentials, a rate limit and calls, any of which may be near their end. */
function aView(): fc.Arbitrary<TargetView> {
  const share = fc.constantFrom(0, 0.01, 0.05, 0.099, 0.2, 1)
  return fc
    .record({
      interval: fc.constantFrom(15, 60, 600),
      credential: fc.record({
        name: fc.constantFrom(...credentialNames),
        left: fc.constantFrom(-5, 100, 600, day, 8 * day),
        lifetimeSeconds: fc.option(fc.constantFrom(60, 3600, 30 * day, 365 * day), { nil: undefined }),
      }),
      rateLimit: fc.option(fc.record({ share, reset: fc.constantFrom(-1, 60, 1800) }), { nil: undefined }),
      used: fc.constantFrom(0, 1, 20),
      calls: fc.option(fc.record({ ok: fc.nat({ max: 40 }), errors: fc.nat({ max: 3 }) }), {
        nil: undefined,
      }),
      failingFor: fc.constantFrom(0, 60, 600),
      foundDownAgo: fc.constantFrom(5, 100),
      domain: fc.option(
        fc.record({
          left: fc.constantFrom(-5, 6 * day, 8 * day, 40 * day),
          ago: fc.constantFrom(60, 5 * day),
        }),
        { nil: undefined },
      ),
    })
    .map(({ interval, credential, rateLimit, used, calls, failingFor, foundDownAgo, domain }) => {
      const { check } = parseTarget('targets: [{ name: it, domain: example.com }]')
      const target = aTarget({ interval, alertAfter: 300, ...(domain && { check }) })
      const samples = new Samples({ interval })
      const left = (rateLimit?.share ?? 0) * 1000
      for (let check = 10; check >= 0; check--)
        samples.add({ at: now - check * interval, durationSeconds: 1, requestsLeft: left + check * used })
      const fiveMinutes: CallCounts = { total: 0, slow: 0, ok: 0, errors: 0, ...calls }
      const { name, left: ends, lifetimeSeconds } = credential
      return {
        target,
        now,
        samples,
        outcomes: new Outcomes(interval),
        turns: { count: () => 0, falls: () => 0, down: false },
        lastSuccessAt: now - failingFor,
        failingFor,
        down: failingFor >= target.alertAfter,
        lastDownAt: -Infinity,
        foundDownAt: now - foundDownAgo,
        credentials: [
          { name, expiresAt: now + ends, ...(lifetimeSeconds !== undefined && { lifetimeSeconds }) },
        ],
        ...(domain && { domain: { expiresAt: now + domain.left, at: now - domain.ago } }),
        ...(rateLimit && { rateLimit: { remaining: left, limit: 1000, resetAt: now + rateLimit.reset } }),
        ...(calls && {
          calls: {
            target: { expect: { maxErrorRatio: 0.05, maxLatency: 1 } },
            fiveMinutes,
          } as TargetView['calls'] & object,
        }),
      }
    })
}
