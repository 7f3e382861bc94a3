import { describe, expect, it } from 'vitest'
import { Evaluator } from '../../../../src/alerts/evaluator/evaluator.ts'
import type { Target } from '../../../../src/config/target/target.ts'
import { aResult, aTarget } from '../../../support/target.ts'

const expectNothing = { maxLatency: Infinity, maxErrorRatio: 1, slo: 0, minCertificate: -Infinity }

function aim(interval: number, maxLatencyP99?: number): Target {
  const limit = maxLatencyP99 === undefined ? {} : { maxLatencyP99 }
  return aTarget({ interval, expect: { ...expectNothing, ...limit } })
}

/** Checks a target so often, and says at which check the alert began and ended. @param isSlow Whether a check takes 5 s. */
function play(target: Target, checks: number, isSlow: (check: number) => boolean): string[] {
  const evaluator = new Evaluator({ location: 'here' })
  evaluator.setTargets({ targets: [target] }, 0)
  const told: string[] = []
  let fired = false
  for (let check = 0; check < checks; check++) {
    const at = check * target.interval
    evaluator.observe(target, aResult({ durationSeconds: isSlow(check) ? 5 : 0.2 }), at, at)
    const fires = evaluator.active(target.name).includes('TargetTailSlow')
    if (fires !== fired) told.push(`${check} ${fires ? 'begins' : 'ends'}`)
    fired = fires
  }
  return told
}

const within =
  (...slow: number[]) =>
  (check: number): boolean =>
    slow.includes(check)

describe('TargetTailSlow', () => {
  it('begins with the third slow check of 120, and goes on until fewer than 1 in 200 are', () => {
    // An hour after the second, and keep_firing_for.
    expect(play(aim(30, 4.5), 400, within(200, 202, 204))).toEqual(['204 begins', '332 ends'])
    expect(play(aim(30, 4.5), 400, within(200, 202))).toEqual([])
    expect(play(aim(30), 400, within(200, 202, 204))).toEqual([])
  })

  it('takes 100 checks', () => {
    const early = (check: number): boolean => check >= 50 && check < 55
    expect(play(aim(30, 4.5), 99, early)).toEqual([])
    expect(play(aim(30, 4.5), 110, early)).toEqual(['99 begins'])
  })

  it('looks at a day where the interval is long, while a check of the last hour was slow', () => {
    const often = (check: number): boolean => check >= 300 && check < 306
    expect(play(aim(240, 4.5), 420, often)).toEqual(['304 begins', '322 ends'])
    expect(play(aim(900, 4), 420, often)).toEqual([])
  })

  it('is said with its limit', () => {
    const evaluator = new Evaluator({ location: 'here' })
    const target = aim(30, 4.5)
    evaluator.setTargets({ targets: [target] }, 0)
    for (let check = 0; check < 120; check++)
      evaluator.observe(target, aResult({ durationSeconds: check < 5 ? 5 : 0.2 }), check * 30, check * 30)
    const [alert] = evaluator.firing()
    expect(alert?.annotations).toMatchObject({
      summary: 'shop takes 5s (99th percentile of 1h), expected at most 4.5s',
    })
  })
})
