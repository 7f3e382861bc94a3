import { describe, expect, it } from 'vitest'
import type { Alert } from '../../../src/alerts/alert.ts'
import { Evaluator } from '../../../src/alerts/evaluator/evaluator.ts'
import { parseEvaluatorState } from '../../../src/alerts/evaluator/state.ts'
import type { CallTarget } from '../../../src/config/target/calls.ts'
import type { Target } from '../../../src/config/target/target.ts'
import { aResult, aTarget } from '../../support/target.ts'

const expectNothing = { maxLatency: Infinity, maxErrorRatio: 1, slo: 0, minCertificate: -Infinity }
/** Unix seconds. */
const start = 1_800_000_000
const shop = aTarget({ interval: 30, alertAfter: 75, expect: expectNothing, labels: { team: 'a' } })

/** Plays edits and checks, and says what is sent. Between any two steps the process may be another one. */
function play(restarts: boolean, first: readonly Target[] = [shop]) {
  let targets = first
  let evaluator = new Evaluator({ location: 'here' })
  let now = start
  const alerts: Alert[] = []
  evaluator.setTargets({ targets }, now)
  function restart(): void {
    if (!restarts) return
    const state = parseEvaluatorState(
      JSON.parse(JSON.stringify({ version: 2, ...evaluator.state(), ended: [] })),
    )!
    evaluator = new Evaluator({ location: 'here', state })
  }
  return {
    alerts,
    /** Checks one target every interval. */
    check(successes: readonly boolean[], name = targets[0]!.name): void {
      for (const success of successes) {
        const target = targets.find((each) => each.name === name)!
        const failure = success ? {} : { failure: { reason: 'status' as const, message: 'x' } }
        alerts.push(...evaluator.observe(target, aResult({ success, ...failure }), now, now))
        now += target.interval
        alerts.push(...evaluator.tick(now - 1))
      }
    },
    edit(next: readonly Target[]): void {
      restart()
      targets = next
      alerts.push(...evaluator.setTargets({ targets }, now))
    },
    firing: () => evaluator.firing(),
    /** Beginnings and ends, without what is sent again. */
    told(): string[] {
      const seen = new Set<string>()
      return alerts.flatMap(({ status, labels, fingerprint, startsAt }) => {
        const change = `${status} ${fingerprint} ${startsAt.getTime()}`
        if (seen.has(change)) return []
        seen.add(change)
        return [`${labels['alertname'] ?? ''} of ${labels['target'] ?? ''} ${status}`]
      })
    },
  }
}

const down = [true, false, false, false]

describe.each([
  ['in one process', false],
  ['with a restart at each edit', true],
])('a target that is edited while its alert fires, %s', (_how, restarts) => {
  it.each<[string, Partial<Target>]>([
    ['a label', { labels: { team: 'b', vendor: 'v' } }],
    ['the severity', { severity: 'warning' }],
    ['the URL', { instance: 'http://127.0.0.1:2/' }],
    ['the interval', { interval: 60, alertAfter: 75 }],
    ['the limits', { expect: { ...expectNothing, maxLatency: 5 }, alertAfter: 45 }],
  ])('keeps the alert: %s', (_what, edit) => {
    const story = play(restarts)
    story.check(down)
    const [before] = story.firing()
    story.edit([{ ...shop, ...edit }])
    story.check([false, false])
    expect(story.told()).toEqual(['TargetDown of shop firing'])
    const [after] = story.firing()
    expect(after).toMatchObject({ startsAt: before!.startsAt, fingerprint: before!.fingerprint })
    story.check([true])
    expect(story.told()).toEqual(['TargetDown of shop firing', 'TargetDown of shop resolved'])
    expect(story.alerts.at(-1)?.annotations['ended']).toBeUndefined()
  })

  it('says at once what is new, as the same alert', () => {
    const story = play(restarts)
    story.check(down)
    story.edit([{ ...shop, severity: 'warning', labels: { team: 'b' } }])
    expect(story.alerts.at(-1)).toMatchObject({
      status: 'firing',
      labels: { alertname: 'TargetDown', target: 'shop', team: 'b', severity: 'warning' },
    })
  })

  it('counts on where it fails but no alert fires yet', () => {
    const story = play(restarts)
    story.check([true, false, false])
    story.edit([{ ...shop, labels: { team: 'b' } }])
    story.check([false])
    expect(story.told()).toEqual(['TargetDown of shop firing'])
  })

  it('ends the alert where the new limits allow what is seen', () => {
    const story = play(restarts)
    story.check(down)
    story.edit([{ ...shop, alertAfter: 600 }])
    expect(story.told()).toEqual(['TargetDown of shop firing', 'TargetDown of shop resolved'])
    expect(story.alerts.at(-1)?.annotations['ended']).toBeUndefined()
  })

  it('keeps an alert about a rate while the rate stays what it was, whatever the interval', () => {
    const limits = { ...expectNothing, maxErrorRatio: 0.05 }
    const story = play(restarts, [{ ...shop, expect: limits }])
    const everyFifth = [true, true, false, true, true]
    const rates = (): string[] => story.told().filter((change) => change.startsWith('TargetErrorRateHigh'))
    for (let count = 0; count < 24; count++) story.check(everyFifth)
    expect(rates()).toEqual(['TargetErrorRateHigh of shop firing'])
    story.edit([{ ...shop, expect: limits, interval: 60, alertAfter: 150 }])
    for (let count = 0; count < 13; count++) story.check(everyFifth)
    expect(rates()).toEqual(['TargetErrorRateHigh of shop firing'])
  })

  it('ends the alert of a target that is gone, and says why', () => {
    const story = play(restarts)
    story.check(down)
    story.edit([])
    expect(story.told()).toEqual(['TargetDown of shop firing', 'TargetDown of shop resolved'])
    expect(story.alerts.at(-1)?.annotations).toMatchObject({ ended: 'unwatched', reason: 'status' })
  })

  it('moves to its new name with its alert, where that says what it was called', () => {
    const story = play(restarts)
    story.check(down)
    const [before] = story.firing()
    story.edit([{ ...shop, name: 'store', was: ['market', 'shop'] }])
    story.check([false])
    expect(story.told()).toEqual(['TargetDown of shop firing'])
    const moved = story.alerts.at(-1)!
    expect(moved).toMatchObject({
      labels: { target: 'store' },
      startsAt: before!.startsAt,
      fingerprint: before!.fingerprint,
    })
    expect(moved.annotations['was']).toBe('market\nshop\n')
    // After a restart it is said in the words of before, until a check has seen it and it is told again.
    const name = restarts ? 'shop' : 'store'
    expect(moved.annotations['summary']).toContain(`${name} has failed every check for`)
    story.check([true])
    expect(story.told()).toEqual(['TargetDown of shop firing', 'TargetDown of store resolved'])
  })

  it('ends the alert under the old name where nothing says that it is the same target', () => {
    const story = play(restarts)
    story.check(down)
    story.edit([{ ...shop, name: 'store' }])
    expect(story.told()).toEqual(['TargetDown of shop firing', 'TargetDown of shop resolved'])
    expect(story.alerts.at(-1)?.annotations['ended']).toBe('unwatched')
    story.check([false, false])
    expect(story.told()).toHaveLength(2)
  })
})

describe('the state of the version before', () => {
  it('is taken up, with the labels that the target has now', () => {
    const story = play(false)
    story.check(down)
    const [before] = story.firing()
    const at = start + 90
    const alert = {
      startsAt: at,
      begunAt: at,
      heldAt: at,
      toldAt: at,
      labels: before!.labels,
      annotations: {},
    }
    const target = { series: 'a1b2', lastCheckAt: at, lastSuccessAt: start, failing: true }
    const state = parseEvaluatorState({
      version: 2,
      targets: { shop: { ...target, alerts: { TargetDown: alert } } },
      calls: {},
      ended: [],
    })
    expect(state).toBeDefined()
    const after = new Evaluator({ location: 'here', state: state! })
    const told = after.setTargets({ targets: [{ ...shop, labels: { team: 'b' } }] }, at + 10)
    expect(told).toMatchObject([
      {
        status: 'firing',
        fingerprint: before!.fingerprint,
        labels: { team: 'b' },
        startsAt: new Date(at * 1000),
      },
    ])
  })
})

describe('alerts about the calls of a target that is edited or renamed', () => {
  const pay: CallTarget = {
    name: 'pay',
    severity: 'critical',
    labels: { vendor: 'v' },
    expect: { maxLatency: 1, maxErrorRatio: 0.05 },
    match: {},
    probed: false,
  }

  it('go on', () => {
    const evaluator = new Evaluator({ location: 'here' })
    evaluator.setTargets({ targets: [], callTargets: [pay] }, start)
    const begun: Alert[] = []
    for (let at = 0; at < 60; at++) {
      evaluator.observeCall('pay', { durationSeconds: 5, outcome: 'ok' }, start + at)
      if (at % 15 === 0) begun.push(...evaluator.tick(start + at))
    }
    expect(begun.map(({ labels }) => labels['alertname'])).toEqual(['CallsSlow'])
    const renamed = { ...pay, name: 'payments', was: ['pay'], labels: { vendor: 'w' } }
    const told = [
      ...evaluator.setTargets({ targets: [], callTargets: [renamed] }, start + 80),
      ...evaluator.tick(start + 90),
    ]
    expect(told.map(({ status, labels, fingerprint }) => ({ status, labels, fingerprint }))).toEqual([
      {
        status: 'firing',
        labels: { ...begun[0]!.labels, target: 'payments', vendor: 'w' },
        fingerprint: begun[0]!.fingerprint,
      },
    ])
  })
})
