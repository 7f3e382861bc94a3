import { expect, it } from 'vitest'
import { Evaluator } from '../../../src/alerts/evaluator/evaluator.ts'
import type { Alert } from '../../../src/alerts/alert.ts'
import { aResult, aTarget } from '../../support/target.ts'

const slow = aResult({ durationSeconds: 2 })
const names = (alerts: readonly Alert[]): unknown[] => alerts.map(({ labels }) => labels['alertname'])

function watching(interval: number): { evaluator: Evaluator; check: (at: number) => Alert[] } {
  const target = aTarget({ interval, alertAfter: 2.5 * interval })
  const evaluator = new Evaluator({ location: 'here' })
  evaluator.setTargets({ targets: [target] }, 0)
  return { evaluator, check: (at) => evaluator.observe(target, slow, at, at) }
}

it('three slow checks within an evaluation begin no TargetSlow before it', () => {
  const { evaluator, check } = watching(5)
  expect([0, 5, 10].flatMap((at) => names(check(at)))).toEqual([])
  expect(names(evaluator.tick(15))).toEqual(['TargetSlow'])
})

it('three slow checks begin it at once where each is an evaluation apart', () => {
  const { check } = watching(15)
  expect([0, 15, 30].map((at) => names(check(at)))).toEqual([[], [], ['TargetSlow']])
})
