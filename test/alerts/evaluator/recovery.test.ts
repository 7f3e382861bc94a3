import { describe, expect, it } from 'vitest'
import { Evaluator } from '../../../src/alerts/evaluator/evaluator.ts'
import type { Target } from '../../../src/config/target/target.ts'
import { parseEvaluatorState } from '../../../src/alerts/evaluator/state.ts'
import { aResult, aTarget } from '../../support/target.ts'

const expectNothing = { maxLatency: Infinity, maxErrorRatio: 1, slo: 0, minCertificate: -Infinity }
const shop = aTarget({ recoverAfter: 3, expect: expectNothing })

interface Story {
  /** What its checks come to, one character each: 1 succeeds, 0 fails, a blank is a check that is not made. */
  readonly checks: string
  readonly target?: Target
  /** From which check on it is another target. */
  readonly edit?: { readonly from: number; readonly target: Target }
  /** Whether the process is another one at each check. */
  readonly restarts?: true
}

/** Checks a target, evaluates every 15 s, and says what was told of it when, repeats left out. */
function play({ checks, target = shop, edit, restarts }: Story): string[] {
  let evaluator = new Evaluator({ location: 'here', lingers: 'again' })
  const told: string[] = []
  let last = 'resolved'
  for (let at = 0; at < checks.length * target.interval; at++) {
    const index = at / target.interval
    const now = edit && index >= edit.from ? edit.target : target
    if (restarts) {
      const left = JSON.stringify({ version: 2, ended: [], ...evaluator.state() })
      const state = parseEvaluatorState(JSON.parse(left))
      evaluator = new Evaluator({ location: 'here', lingers: 'again', ...(state && { state }) })
    }
    const failure = { reason: 'status' as const, message: 'x' }
    const result = { '1': aResult(), '0': aResult({ success: false, failure }) }[checks[index] ?? ' ']
    const isSet = at === 0 || restarts || index === edit?.from
    const alerts = [
      ...(isSet ? evaluator.setTargets({ targets: [now] }, at) : []),
      ...(result ? evaluator.observe(now, result, at, at) : []),
      ...(at % 15 === 0 ? evaluator.tick(at) : []),
    ]
    for (const { status, labels } of alerts) {
      if (labels.alertname !== 'TargetDown' || status === last) continue
      told.push(`${at / target.interval} ${status}`)
      last = status
    }
  }
  return told
}

const ones = (count: number): string => '1'.repeat(count)

describe('recover_after', () => {
  it('ends TargetDown with the last of so many checks in a row that succeed', () => {
    expect(play({ checks: '1000111111' })).toEqual(['3 firing', '6 resolved'])
    expect(play({ checks: '1000111111', target: aTarget({ expect: expectNothing }) })).toEqual([
      '3 firing',
      '4 resolved',
    ])
  })

  it('makes one outage of a target that goes up and down', () => {
    expect(play({ checks: '1000110110101100011111' })).toEqual(['3 firing', '19 resolved'])
    expect(play({ checks: `1000${'10'.repeat(20)}111111` })).toEqual(['3 firing', '46 resolved'])
  })

  it('counts across checks that are not made, and across restarts', () => {
    expect(play({ checks: '100011                    111' })).toEqual(['3 firing', '26 resolved'])
    expect(play({ checks: '1000110111', restarts: true })).toEqual(['3 firing', '9 resolved'])
  })

  it('takes failures as always before it begins again', () => {
    expect(play({ checks: `1000111${ones(5)}0010011111` })).toEqual(['3 firing', '6 resolved'])
  })

  it('goes on with what was counted when the target is edited', () => {
    const edited = { ...shop, labels: { team: 'b' } }
    expect(play({ checks: '1000111111', edit: { from: 5, target: edited } })).toEqual([
      '3 firing',
      '6 resolved',
    ])
    const patient = { ...shop, recoverAfter: 5 }
    expect(play({ checks: '100011111111', edit: { from: 5, target: patient } })).toEqual([
      '3 firing',
      '8 resolved',
    ])
    const hasty = aTarget({ expect: expectNothing })
    expect(play({ checks: '100010111111', edit: { from: 5, target: hasty } })).toEqual([
      '3 firing',
      '5 resolved',
    ])
  })

  it('is decided with the next evaluation where checks are more frequent', () => {
    const often = aTarget({ interval: 5, alertAfter: 12.5, recoverAfter: 2, expect: expectNothing })
    // Checks 3, 6, 9, ... are at an evaluation. Two succeed before the one at 6, which fails.
    expect(play({ checks: '1000110110111', target: often })).toEqual(['3 firing', '12 resolved'])
  })

  it('says why the alert goes on, with the reason of the last failure', () => {
    const evaluator = new Evaluator({ location: 'here' })
    evaluator.setTargets({ targets: [shop] }, 0)
    const failure = { reason: 'timeout' as const, message: 'x' }
    for (const at of [0, 30, 60]) evaluator.observe(shop, aResult({ success: false, failure }), at, at)
    for (const at of [90, 120]) evaluator.observe(shop, aResult(), at, at)
    const [told] = evaluator.tick(400).filter(({ labels }) => labels.alertname === 'TargetDown')
    expect(told?.annotations).toMatchObject({
      summary: 'shop was down, and has not passed 3 checks in a row since, reason: timeout',
      reason: 'timeout',
      failing_since: '-30',
      last_success: '120',
    })
    const { rule } = evaluator.examine('shop', 400)!.rules[0]!
    const { view } = evaluator.examine('shop', 400)!
    expect(rule.conditions(view, true).at(-1)).toEqual([
      {
        what: '{} of 3 passes in a row were seen since it was found down',
        value: 2,
        unit: 'count',
        takes: 'less than',
        limit: 3,
        key: 'recover_after',
        holds: true,
      },
    ])
    expect(evaluator.health('shop')).toBe('down')
  })
})
