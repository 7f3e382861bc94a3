import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { Evaluator } from '../../../src/alerts/evaluator/evaluator.ts'
import type { PastCheck } from '../../../src/alerts/replay/past-check.ts'
import { playedAlerts, startReplay } from '../../../src/alerts/replay/replay.ts'
import { createTold, type Told } from '../../../src/alerts/replay/told.ts'
import type { Target } from '../../../src/config/target/target.ts'
import { partOf } from '../../support/proof.ts'
import { aResult, aTarget } from '../../support/target.ts'

const start = 1_790_000_000
/** Nobody promised how often it answers. */
const withoutPromise = { ...aTarget().expect, slo: 0 }
const shop = aTarget({ name: 'shop', interval: 60, alertAfter: 150, expect: withoutPromise })

function check(at: number, failed: boolean, overrides: Partial<PastCheck> = {}): PastCheck {
  return {
    target: 'shop',
    location: 'home',
    at,
    durationSeconds: 0.2,
    ...(failed && { failure: { reason: 'status', message: 'got 500' } }),
    ...overrides,
  }
}

/** One check a minute: `.` as expected, `x` failed. */
function checks(story: string, overrides: Partial<PastCheck> = {}): PastCheck[] {
  return Array.from(story, (sign, minute) => check(start + minute * 60, sign === 'x', overrides))
}

function replayed(targets: readonly Target[], past: readonly PastCheck[]): readonly Told[] {
  const replay = startReplay(targets, 'home')
  for (const one of past) replay.observe(one)
  return replay.finish(past.at(-1)!.at + 60)
}

describe('a replay', () => {
  it('tells what the rules say of checks that were made', () => {
    expect(replayed([shop], checks('.....xxxxx...'))).toEqual([
      {
        location: 'home',
        alertname: 'TargetDown',
        target: 'shop',
        severity: 'critical',
        beganAt: start + 7 * 60 + 0.2,
        endedAt: start + 10 * 60 + 0.2,
        summary: 'shop has failed every check for 3m, expected less than 2m 30s, reason: status',
      },
    ])
  })

  it('leaves open what goes on', () => {
    const [told] = replayed([shop], checks('..xxxx'))
    expect(told).toMatchObject({ alertname: 'TargetDown' })
    expect(told).not.toHaveProperty('endedAt')
  })

  it('takes the checks of a former name, and none of a target that is not configured', () => {
    const renamed = { ...shop, name: 'store', was: ['shop'] }
    expect(replayed([renamed], checks('..xxxxx.')).map(({ target }) => target)).toEqual(['store'])
    expect(replayed([aTarget({ name: 'other' })], checks('..xxxxx.'))).toEqual([])
  })

  it('takes a reason of a newer version', () => {
    const past = checks('..xxxx').map((one) =>
      one.failure ? { ...one, failure: { reason: 'gremlins', message: '' } } : one,
    )
    expect(replayed([shop], past)[0]!.summary).toContain('reason: internal')
  })

  it('holds back in maintenance', () => {
    const maintained = { ...shop, maintenance: [{ endAt: () => start + 3600 }] }
    expect(replayed([maintained], checks('..xxxxxxxxx.')).map(({ alertname }) => alertname)).toEqual([])
  })

  it('tells the same as an evaluator that never leaves an evaluation out', () => {
    const targets = [
      aTarget({ name: 'shop', interval: 60, alertAfter: 150 }),
      aTarget({ name: 'bank', interval: 60, alertAfter: 30, instance: 'http://127.0.0.2/' }),
    ]
    const runs = fc.array(
      fc.record({ failed: fc.boolean(), slow: fc.boolean(), length: fc.integer({ min: 1, max: 25 }) }),
      { minLength: 4, maxLength: 14 },
    )
    fc.assert(
      fc.property(runs, runs, (first, second) => {
        const past = [first, second].flatMap((story, index) =>
          story
            .flatMap(({ failed, slow, length }) =>
              Array<{ failed: boolean; slow: boolean }>(length).fill({ failed, slow }),
            )
            .map(({ failed, slow }, minute) =>
              check(start + minute * 60 + index * 7, failed, {
                target: targets[index]!.name,
                durationSeconds: slow ? 1.5 : 0.2,
              }),
            ),
        )
        past.sort((a, b) => a.at + a.durationSeconds - b.at - b.durationSeconds)
        const names = (told: readonly Told[]) =>
          told.map(({ target, alertname, beganAt, endedAt }) => ({ target, alertname, beganAt, endedAt }))
        expect(names(replayed(targets, past))).toEqual(names(evaluated(targets, past)))
      }),
      { numRuns: partOf(200, 20), seed: 7 },
    )
  })
})

/** As solo does it: everything is decided every 15 s. */
function evaluated(targets: readonly Target[], past: readonly PastCheck[]): readonly Told[] {
  const evaluator = new Evaluator({ location: 'home', lingers: 'again' })
  const told = createTold('home')
  const first = past[0]!.at + past[0]!.durationSeconds
  told.take(evaluator.setTargets({ targets }, first), first)
  let tick = Math.ceil(first / 15) * 15
  const goTo = (now: number): void => {
    for (; tick <= now; tick += 15) told.take(evaluator.tick(tick), tick)
  }
  for (const { target: name, at, durationSeconds, failure } of past) {
    const now = at + durationSeconds
    goTo(now)
    const result = aResult({
      startedAt: new Date(at * 1000),
      durationSeconds,
      success: !failure,
      ...(failure && { failure: { reason: 'status', message: failure.message } }),
    })
    const target = targets.find((one) => one.name === name)!
    told.take(evaluator.observe(target, { ...result }, at, now), now)
  }
  goTo(past.at(-1)!.at + 60)
  return told.all().filter(({ alertname }) => playedAlerts.includes(alertname))
}
