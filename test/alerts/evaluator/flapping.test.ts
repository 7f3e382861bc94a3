import { describe, expect, it } from 'vitest'
import type { Lingering } from '../../../src/alerts/evaluator/rules/rule.ts'
import { Evaluator } from '../../../src/alerts/evaluator/evaluator.ts'
import { parseEvaluatorState } from '../../../src/alerts/evaluator/state.ts'
import { aResult, aTarget } from '../../support/target.ts'

const failure = { reason: 'status' as const, message: 'x' }
const expectNothing = { maxLatency: Infinity, maxErrorRatio: 1, slo: 0, minCertificate: -Infinity }

interface Story {
  /** Seconds. */
  readonly interval: number
  /** Whether a check at this second fails. */
  readonly fails: (at: number) => boolean
  readonly seconds: number
  /** Seconds. Default: three checks in a row. */
  readonly alertAfter?: number
  readonly restartAt?: number
  /** Default: always. */
  readonly lingers?: Lingering
}

/** Checks a target every interval, evaluates every 15 s, and says what was told when, repeats left out. */
function play(story: Story): string[] {
  const { interval, alertAfter = 2.5 * interval, fails, seconds, restartAt = -1, lingers } = story
  const target = aTarget({ interval, alertAfter, expect: expectNothing })
  let evaluator = new Evaluator({ location: 'here', ...(lingers && { lingers }) })
  evaluator.setTargets({ targets: [target] }, 0)
  const told: string[] = []
  const last = new Map<string, string>()
  for (let at = 0; at <= seconds; at++) {
    if (at === restartAt) {
      const left = JSON.stringify({ version: 2, ended: [], ...evaluator.state() })
      const state = parseEvaluatorState(JSON.parse(left))
      expect(state).toBeDefined()
      evaluator = new Evaluator({ location: 'here', ...(lingers && { lingers }), ...(state && { state }) })
      evaluator.setTargets({ targets: [target] }, at)
    }
    const alerts = [
      ...(at % interval === 0
        ? evaluator.observe(target, aResult(fails(at) ? { success: false, failure } : {}), at, at)
        : []),
      ...(at % 15 === 0 ? evaluator.tick(at) : []),
    ]
    for (const { status, labels } of alerts) {
      const name = labels.alertname ?? ''
      if (last.get(name) === status) continue
      last.set(name, status)
      told.push(`${at} ${name} ${status}`)
    }
  }
  return told
}

/** Up and down for so many seconds each, until it stays one way. */
const flaps = (phase: number, until: number, then: boolean) => (at: number) =>
  at >= until ? then : Math.floor(at / phase) % 2 === 1

describe('a target that flaps', () => {
  it('is told as flapping once it was down three times, and then no more until it stays up', () => {
    expect(play({ interval: 30, fails: flaps(120, 3600, false), seconds: 6000 })).toEqual([
      '180 TargetDown firing',
      '240 TargetDown resolved',
      '420 TargetDown firing',
      '480 TargetDown resolved',
      '660 TargetDown firing',
      '720 TargetDown resolved',
      '720 TargetFlapping firing',
      '4170 TargetFlapping resolved',
    ])
  })

  it('is told as down at most ten minutes after it goes down for good', () => {
    const told = play({ interval: 30, fails: flaps(120, 3480, true), seconds: 6000 })
    const [, , , , , , ...after] = told
    // It fails from 3480 s on.
    expect(after).toEqual([
      '720 TargetFlapping firing',
      '4050 TargetFlapping resolved',
      '4050 TargetDown firing',
    ])
  })

  it('is told the same by a process that is restarted meanwhile', () => {
    const story = { interval: 30, fails: flaps(120, 3600, false), seconds: 6000 }
    expect(play({ ...story, restartAt: 700 })).toEqual(play(story))
    expect(play({ ...story, restartAt: 1000 })).toEqual(play(story))
  })

  it('is found by its changes alone where it is never down for long enough', () => {
    expect(play({ interval: 30, fails: (at) => at < 3600 && at % 60 === 30, seconds: 6000 })).toEqual([
      '330 TargetFlapping firing',
      '4170 TargetFlapping resolved',
    ])
  })

  it('is told as down by the check that also makes it flap, until a check succeeds', () => {
    const changes = (at: number) => at < 300 && at % 60 === 30
    const told = play({
      interval: 30,
      alertAfter: 15,
      fails: (at) => changes(at) || (at >= 1230 && at < 1560),
      seconds: 1800,
    })
    expect(told.filter((line) => Number.parseInt(line) >= 600)).toEqual([
      '870 TargetFlapping resolved',
      '1230 TargetDown firing',
      '1230 TargetFlapping firing',
      '1560 TargetDown resolved',
    ])
  })

  it.each([
    { name: 'a target that was up before', firstAt: 60 },
    { name: 'one that its first check finds down', firstAt: 0 },
  ])('flaps when it was down three times within half an hour: $name', ({ firstAt }) => {
    const lasts = 150
    const told = (thirdAt: number): string[] => {
      const begins = [firstAt, firstAt + 300, firstAt + thirdAt]
      const fails = (at: number) => begins.some((from) => at >= from && at < from + lasts)
      return play({ interval: 15, alertAfter: 7.5, fails, seconds: 2400 })
    }
    const within = 1800 - 30 - lasts
    expect(told(within)).toContain(`${firstAt + within + lasts} TargetFlapping firing`)
    expect(told(within + 15).filter((line) => line.includes('TargetFlapping'))).toEqual([])
  })

  it('that is checked every second is not a message every few seconds', () => {
    expect(play({ interval: 1, fails: (at) => at < 600 && at % 5 < 3, seconds: 1800 })).toEqual([
      '2 TargetDown firing',
      '135 TargetFlapping firing',
      '136 TargetDown resolved',
      '1200 TargetFlapping resolved',
    ])
  })

  it.each([
    { lingers: 'always', name: 'at the evaluation after the first without a failure', ends: [45, 105] },
    {
      lingers: 'again',
      name: 'with its first success, but not if it was down shortly before',
      ends: [20, 105],
    },
    { lingers: 'never', name: 'with its first success', ends: [20, 80] },
  ] as const)(
    'that is checked more often than rules are evaluated is up again $name',
    ({ lingers, ends }) => {
      const fails = (at: number): boolean => (at >= 5 && at < 20) || (at >= 70 && at < 80)
      const told = play({ interval: 1, lingers, fails, seconds: 600 })
      const [first, second] = ends
      expect(told).toEqual([
        '7 TargetDown firing',
        `${first} TargetDown resolved`,
        '72 TargetDown firing',
        `${second} TargetDown resolved`,
      ])
    },
  )

  it('that is checked every second, in solo, is told once more than in the rules', () => {
    const fails = (at: number): boolean => at < 600 && at % 6 < 3
    expect(play({ interval: 1, lingers: 'again', fails, seconds: 1800 })).toEqual([
      '2 TargetDown firing',
      '3 TargetDown resolved',
      '8 TargetDown firing',
      '165 TargetFlapping firing',
      '166 TargetDown resolved',
      '1200 TargetFlapping resolved',
    ])
  })

  it('is one outage to a process that is restarted before the end', () => {
    const fails = (at: number): boolean => at < 60 && at % 10 > 4
    const told = play({ interval: 1, fails, seconds: 300, restartAt: 41 })
    expect(told).toEqual(['7 TargetDown firing', '75 TargetDown resolved'])
  })

  it.each([
    { name: 'one failure in a hundred', fails: (at: number) => at % 3000 === 0 },
    { name: 'two outages of ten minutes', fails: (at: number) => at % 1200 < 600 && at < 2400 },
    { name: 'five single failures in half an hour', fails: (at: number) => at < 1800 && at % 360 === 0 },
  ])('is not one with $name', ({ fails }) => {
    const told = play({ interval: 30, fails: (at) => at > 0 && fails(at), seconds: 7200 })
    expect(told.filter((line) => line.includes('TargetFlapping'))).toEqual([])
  })
})
