import { describe, expect, it } from 'vitest'
import { Evaluator } from '../../../../src/alerts/evaluator/evaluator.ts'
import { aResult, aTarget } from '../../../support/target.ts'

const expectNothing = { maxLatency: Infinity, maxErrorRatio: 1, slo: 0, minCertificate: -Infinity }

interface Story {
  readonly interval?: number
  readonly usual?: number
  readonly slow?: number
  readonly factor?: number
  /** Checks until it is slow, and until it is no more. */
  readonly from?: number
  readonly until?: number
}

/** Says at which check the alert began and ended, and what it said. */
function play(story: Story): string[] {
  const { interval = 60, usual = 0.2, slow = 0.7, factor, from = 200, until = 260 } = story
  const asked = factor === undefined ? {} : { latencySpike: factor }
  const target = aTarget({ interval, expect: { ...expectNothing, ...asked } })
  const evaluator = new Evaluator({ location: 'here' })
  evaluator.setTargets({ targets: [target] }, 0)
  const told: string[] = []
  let fired = false
  for (let check = 0; check < 400; check++) {
    const durationSeconds = check >= from && check < until ? slow : usual
    evaluator.observe(target, aResult({ durationSeconds }), check * interval, check * interval)
    const [alert] = evaluator.firing()
    if (fired !== (alert !== undefined))
      told.push(alert ? `${check} ${alert.annotations.summary}` : `${check} ends`)
    fired = alert !== undefined
  }
  return told
}

describe('TargetLatencySpike', () => {
  it('begins when half of ten minutes are slower than so many times the usual, and ends with it', () => {
    expect(play({ factor: 3 })).toEqual([
      '205 shop takes 700ms (median of 10m), expected at most 3 times its usual 200ms',
      '274 ends',
    ])
  })

  it('is only where it is asked for, and where it is much slower than usual', () => {
    expect(play({})).toEqual([])
    expect(play({ factor: 4 })).toEqual([])
    expect(play({ factor: 3, usual: 0.01, slow: 0.1 })).toEqual([])
  })

  it('takes 100 checks of what is usual, and 3 of now', () => {
    expect(play({ factor: 3, from: 80, until: 100 })).toEqual([])
    expect(play({ factor: 3, interval: 300 })).toEqual([])
  })
})
