import { describe, expect, it } from 'vitest'
import { Evaluator } from '../../../src/alerts/evaluator/evaluator.ts'
import { Outcomes } from '../../../src/alerts/evaluator/checks/outcomes.ts'
import { Samples } from '../../../src/alerts/evaluator/checks/samples.ts'
import { aResult, aTarget } from '../../support/target.ts'

describe('an edit of the interval', () => {
  it('leaves the checks before it as they were scraped', () => {
    const samples = new Samples({ interval: 120 })
    const outcomes = new Outcomes(120)
    for (const at of [0, 120, 240]) {
      samples.add({ at, durationSeconds: 1, reason: 'status' })
      outcomes.add(at, 'status')
    }
    const after = new Samples({ interval: 30 }, samples)
    outcomes.configure(30)
    for (const at of [270, 300]) {
      after.add({ at, durationSeconds: 1 })
      outcomes.add(at)
    }
    const seen: (readonly [at: number, scrapes: number, apart: number])[] = []
    after.within(301, 300, ({ at }, scrapes, _firstAt, apart) => seen.push([at, scrapes, apart]))
    // The check at 240 was scraped once before the next one was made.
    expect(seen).toEqual([
      [300, 1, 30],
      [270, 1, 30],
      [240, 1, 60],
      [120, 2, 60],
      [0, 2, 60],
    ])
    expect(outcomes.within(301, 300)).toEqual({ scrapes: 7, succeeded: 2, checks: 5 })
    expect(after.newest).toMatchObject({ at: 300 })
    expect(new Samples({ interval: 60 }, after).newest).toMatchObject({ at: 300 })
  })

  it('is moved with the wall clock like every other', () => {
    const before = new Samples({ interval: 30 })
    before.add({ at: 0, durationSeconds: 1 })
    const after = new Samples({ interval: 60 }, before)
    after.shift(3600)
    const seen: number[] = []
    after.within(60, 3600, ({ at }) => seen.push(at))
    expect(seen).toEqual([3600])
  })

  it('does not end an alert that the checks before it explain', () => {
    const target = aTarget()
    const evaluator = new Evaluator({ location: 'here' })
    evaluator.setTargets({ targets: [target] }, 0)
    for (let at = 0; at <= 600; at += 30) evaluator.observe(target, aResult({ durationSeconds: 3 }), at, at)
    const names = (): (string | undefined)[] => evaluator.firing().map(({ labels }) => labels.alertname)
    expect(names()).toEqual(['TargetSlow'])
    const often = aTarget({ interval: 15 })
    evaluator.setTargets({ targets: [often] }, 610)
    // From 930 on, fewer than 3 in 10 of the last ten minutes are slow, and the alert goes on for five minutes after it last held.
    for (let at = 615; at <= 1215; at += 15)
      evaluator.observe(often, aResult({ durationSeconds: 0.1 }), at, at)
    expect(names()).toEqual(['TargetSlow'])
    evaluator.observe(often, aResult({ durationSeconds: 0.1 }), 1230, 1230)
    expect(names()).toEqual([])
  })
})
