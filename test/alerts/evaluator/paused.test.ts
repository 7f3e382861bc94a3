import { describe, expect, it } from 'vitest'
import type { Alert } from '../../../src/alerts/alert.ts'
import { Evaluator, type Subjects } from '../../../src/alerts/evaluator/evaluator.ts'
import { parseEvaluatorState } from '../../../src/alerts/evaluator/state.ts'
import { aCallTarget } from '../../calls/support/calls.ts'
import { aResult, aTarget } from '../../support/target.ts'

/** Unix seconds. */
const start = 1_800_000_000
const shop = aTarget({ interval: 30, alertAfter: 75 })
const paused = { ...shop, paused: true } as const
const watched: Subjects = { targets: [shop], listed: [shop] }
const failed = aResult({ success: false, failure: { reason: 'status', message: 'x' } })

const endsOf = (alerts: readonly Alert[]): unknown[] =>
  alerts
    .filter(({ status }) => status === 'resolved')
    .map(({ labels, annotations }) => [labels.alertname, annotations.ended])

/** An evaluator that has fired TargetDown, and the time. */
function down(): { evaluator: Evaluator; now: number } {
  const evaluator = new Evaluator({ location: 'here' })
  evaluator.setTargets(watched, start)
  let now = start
  for (const result of [aResult(), failed, failed, failed]) evaluator.observe(shop, result, now, (now += 30))
  expect(evaluator.active('shop')).toContain('TargetDown')
  return { evaluator, now }
}

function restarted(evaluator: Evaluator): Evaluator {
  const kept = JSON.stringify({ version: 2, ...evaluator.state(), ended: [] })
  return new Evaluator({ location: 'here', state: parseEvaluatorState(JSON.parse(kept))! })
}

describe.each([
  ['in one process', (evaluator: Evaluator) => evaluator],
  ['over a restart', restarted],
])('a target that is paused while its alert fires, %s', (_how, next) => {
  it('ends it, and says why', () => {
    const { evaluator, now } = down()
    const later = next(evaluator)
    expect(endsOf(later.setTargets({ targets: [], listed: [paused] }, now))).toEqual([
      ['TargetDown', 'paused'],
    ])
    expect(later.observe(shop, failed, now, now)).toEqual([])
    expect(later.tick(now + 600)).toEqual([])
    expect(later.firing()).toEqual([])
  })

  it('also under another name', () => {
    const { evaluator, now } = down()
    const renamed = { ...paused, name: 'market', was: ['shop'] }
    expect(endsOf(next(evaluator).setTargets({ targets: [], listed: [renamed] }, now))).toEqual([
      ['TargetDown', 'paused'],
    ])
  })

  it('fires again once it is watched again and fails for as long as it has to', () => {
    const { evaluator, now: at } = down()
    const later = next(evaluator)
    later.setTargets({ targets: [], listed: [paused] }, at)
    let now = at + 3600
    expect(later.setTargets(watched, now)).toEqual([])
    const told: Alert[] = []
    for (let check = 0; check < 4; check++) told.push(...later.observe(shop, failed, now, (now += 30)))
    expect(told.map(({ status, labels }) => [status, labels.alertname])).toContainEqual([
      'firing',
      'TargetDown',
    ])
    expect(told[0]!.startsAt.getTime()).toBeGreaterThan((at + 3600 + 60) * 1000)
  })
})

it('what depends on a target that is paused is not held back by it', () => {
  const child = aTarget({ name: 'child', interval: 30, alertAfter: 75, dependsOn: ['shop'] })
  const { evaluator, now: at } = down()
  evaluator.setTargets({ targets: [child], listed: [paused, child] }, at)
  let now = at
  for (let check = 0; check < 4; check++) evaluator.observe(child, failed, now, (now += 30))
  expect(evaluator.active('child')).toContain('TargetDown')
})

it('the calls to a target that is paused are judged by nobody, and its alert ends', () => {
  const pay = aCallTarget('pay', { host: '^pay$' })
  const evaluator = new Evaluator({ location: 'here' })
  const call = {
    caller: '',
    version: '',
    durationSeconds: 0.1,
    leastSeconds: 0.1,
    status: 500,
    outcome: 'error' as const,
    error: '',
  }
  let now = start
  const callFor = (seconds: number): Alert[] => {
    const told: Alert[] = []
    for (let second = 0; second < seconds; second++) {
      evaluator.observeCall('pay', call, ++now)
      if (now % 15 === 0) told.push(...evaluator.tick(now))
    }
    return told
  }
  evaluator.setTargets({ targets: [], callTargets: [pay] }, now)
  callFor(300)
  expect(evaluator.firing().map(({ labels }) => labels.alertname)).toEqual(['CallsErrorRateHigh'])
  const ended = evaluator.setTargets({ targets: [], callTargets: [{ ...pay, paused: true }] }, now)
  expect(endsOf(ended)).toEqual([['CallsErrorRateHigh', 'paused']])
  expect(callFor(300)).toEqual([])
})
