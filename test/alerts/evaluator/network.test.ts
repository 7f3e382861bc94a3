import { describe, expect, it } from 'vitest'
import type { Alert } from '../../../src/alerts/alert.ts'
import { Evaluator } from '../../../src/alerts/evaluator/evaluator.ts'
import { parseEvaluatorState } from '../../../src/alerts/evaluator/state.ts'
import type { Target } from '../../../src/config/target/target.ts'
import type { FailureReason } from '../../../src/net/failure.ts'
import { aResult, aTarget } from '../../support/target.ts'

/** From the first to the last second, on which checks fail for this reason. */
type Outage = readonly [from: number, to: number, reason: FailureReason]

interface Story {
  readonly target: Target
  /** Where its name leads; a name that does not resolve leads nowhere. */
  readonly address?: string
  readonly outages: readonly Outage[]
}

const expectNothing = { maxLatency: Infinity, maxErrorRatio: 1, slo: 0, minCertificate: -Infinity }

function story(name: string, address: string | undefined, ...outages: Outage[]): Story {
  const target = aTarget({ name, instance: `https://${name}.example/`, expect: expectNothing })
  return { target, outages, ...(address !== undefined && { address }) }
}

/** So many targets on as many addresses, all of which fail of that. */
const many = (count: number, ...outages: Outage[]): Story[] =>
  Array.from({ length: count }, (_, index) =>
    story(`t${index}`, `10.0.${index >> 8}.${index & 255}`, ...outages),
  )

interface PlayOptions {
  readonly seconds?: number
  /** When the process is stopped and started again. Default: never. */
  readonly restartAt?: number
}

/** Checks each target every interval, spread over it, as a process does. Says what was told when, repeats left out. */
function play(stories: readonly Story[], { seconds = 1200, restartAt = Infinity }: PlayOptions = {}) {
  const targets = stories.map(({ target }) => target)
  let evaluator = new Evaluator({ location: 'here' })
  evaluator.setTargets({ targets }, 0)
  const alerts: Alert[] = []
  const told: string[] = []
  const tell = (at: number, some: readonly Alert[]): void => {
    for (const alert of some) {
      const { alertname = '', target = '' } = alert.labels
      const words = `${alertname}${target && ` of ${target}`} ${alert.status}`
      if (told.findLast((line) => line.includes(words.replace(/ \w+$/, '')))?.endsWith(words)) continue
      told.push(`${at} ${words}`)
      alerts.push(alert)
    }
  }
  for (let at = 0; at <= seconds; at++) {
    if (at === restartAt) {
      const state = parseEvaluatorState(
        JSON.parse(JSON.stringify({ version: 2, ended: [], ...evaluator.state() })),
      )
      expect(state).toBeDefined()
      evaluator = new Evaluator({ location: 'here', ...(state && { state }) })
      tell(at, evaluator.setTargets({ targets }, at))
    }
    if (at % 15 === 0) tell(at, evaluator.tick(at))
    stories.forEach(({ target, address, outages }, index) => {
      if ((at - index) % target.interval !== 0 || at < index % target.interval) return
      const reason = outages.find(([from, to]) => at >= from && at <= to)?.[2]
      const resolve = {
        durationSeconds: 0,
        ...(address !== undefined && reason !== 'dns' && { address }),
      }
      const result = aResult({
        resolve,
        success: reason === undefined,
        ...(reason && { failure: { reason, message: 'x' } }),
      })
      tell(at, evaluator.observe(target, result, at, at))
    })
  }
  return { told, alerts }
}

describe('a network of the prober that is down', () => {
  it('is one message for 300 targets, and one when it is back, within one interval', () => {
    const { told, alerts } = play(many(300, [300, 600, 'dns']))
    expect(told).toEqual(['360 ProberNetworkDown firing', '615 ProberNetworkDown resolved'])
    const names = [0, 1, 10, 100, 101, 102, 103, 104, 105, 106].map((index) => `t${index}`).join(', ')
    expect(alerts[0]).toMatchObject({
      labels: { alertname: 'ProberNetworkDown', location: 'here', severity: 'critical' },
      annotations: {
        summary:
          '300 of 300 addresses cannot be reached from here at the same time, expected at most half, mostly: dns',
        description: `Likely cause: the network, the DNS or the proxy of the prober. Its targets are not to blame, and their alerts are held back: ${names} and others, 300 in all`,
        runbook_url: 'docs/alerts.md#probernetworkdown',
      },
    })
    expect(Object.keys(alerts[0]!.labels).sort()).toEqual(['alertname', 'location', 'severity'])
    expect(alerts[1]!.fingerprint).toBe(alerts[0]!.fingerprint)
  })

  it('lasts through a restart of the process, and holds back what it held back', () => {
    const stories = many(10, [300, 600, 'connect'])
    const expected = ['360 ProberNetworkDown firing', '605 ProberNetworkDown resolved']
    expect(play(stories).told).toEqual(expected)
    for (const restartAt of [330, 400, 602]) expect(play(stories, { restartAt }).told).toEqual(expected)
  })

  it('leaves what fails on its own account: alerts that fire, and targets that answer', () => {
    const before = story('before', '192.0.2.1', [100, 900, 'connect'])
    const answers = story('answers', '192.0.2.2', [300, 600, 'status'])
    expect(play([...many(10, [300, 600, 'timeout']), before, answers]).told).toEqual([
      '160 TargetDown of before firing',
      '360 ProberNetworkDown firing',
      '371 TargetDown of answers firing',
      '605 ProberNetworkDown resolved',
      '611 TargetDown of answers resolved',
      '910 TargetDown of before resolved',
    ])
  })

  it('gives a target that does not recover its alert_after, once it is back', () => {
    const stays = story('stays', '192.0.2.1', [300, 900, 'connect'])
    const { told } = play([...many(10, [300, 600, 'connect']), stays])
    expect(told).toEqual([
      '360 ProberNetworkDown firing',
      '606 ProberNetworkDown resolved',
      '700 TargetDown of stays firing',
      '910 TargetDown of stays resolved',
    ])
  })

  it('is not told where something else holds the alerts back', () => {
    const window = { endAt: (at: number) => (at >= 200 && at < 800 ? 800 : undefined) }
    const maintained = many(10, [300, 600, 'connect']).map((one) => ({
      ...one,
      target: { ...one.target, maintenance: [window] },
    }))
    expect(play(maintained).told).toEqual([])
  })

  it('is forgotten with its targets', () => {
    const stories = many(4, [0, 600, 'connect'])
    const targets = stories.map(({ target }) => target)
    const evaluator = new Evaluator({ location: 'here' })
    evaluator.setTargets({ targets }, 0)
    for (let at = 0; at <= 120; at += 30) {
      for (const { target } of stories) {
        const failure = { reason: 'connect' as const, message: 'x' }
        evaluator.observe(
          target,
          aResult({
            success: false,
            failure,
            resolve: { durationSeconds: 0, address: `10.0.0.${targets.indexOf(target)}` },
          }),
          at,
          at,
        )
      }
    }
    expect(evaluator.firing().map(({ labels }) => labels.alertname)).toEqual(['ProberNetworkDown'])
    const ended = evaluator.setTargets({ targets: targets.slice(2) }, 121)
    expect(ended.map(({ labels, status }) => `${labels.alertname!} ${status}`)).toEqual([
      'ProberNetworkDown resolved',
    ])
  })
})

describe('what is no sign of it', () => {
  const downAndUp = (...names: string[]): string[] =>
    names.flatMap((name) => [`TargetDown of ${name} firing`, `TargetDown of ${name} resolved`]).sort()
  const toldOf = (stories: readonly Story[]): string[] =>
    play(stories)
      .told.map((line) => line.replace(/^\d+ /, ''))
      .sort()

  it('one server with five names, where two others answer', () => {
    const names = ['a', 'b', 'c', 'd', 'e'].map((name) => story(name, '192.0.2.1', [300, 600, 'connect']))
    const others = [story('x', '192.0.2.2'), story('y', '192.0.2.3')]
    expect(toldOf([...names, ...others])).toEqual(downAndUp('a', 'b', 'c', 'd', 'e'))
  })

  it('one host with five paths that never resolved', () => {
    const paths = ['a', 'b', 'c', 'd', 'e'].map((name) => {
      const one = story(name, undefined, [300, 600, 'dns'])
      return { ...one, target: { ...one.target, instance: `https://shop.example:8080/${name}` } }
    })
    const others = [story('x', '192.0.2.2'), story('y', undefined)]
    expect(toldOf([...paths, ...others])).toEqual(downAndUp('a', 'b', 'c', 'd', 'e'))
  })

  it.each(['status', 'tls', 'body'] as const)('vendors that answer with a bad %s', (reason) => {
    expect(toldOf(many(5, [300, 600, reason]))).toEqual(downAndUp('t0', 't1', 't2', 't3', 't4'))
  })

  it('half of the addresses', () => {
    const two = many(4).map((one, index) =>
      index < 2 ? { ...one, outages: [[300, 600, 'connect'] as const] } : one,
    )
    expect(toldOf(two)).toEqual(downAndUp('t0', 't1'))
  })

  it('all of two addresses', () => {
    expect(toldOf(many(2, [300, 600, 'connect']))).toEqual(downAndUp('t0', 't1'))
  })

  it('an address of which one target answers', () => {
    const shared = many(3, [300, 600, 'connect'])
    const others = [story('x', '10.0.0.0'), story('y', '10.0.0.1')]
    expect(toldOf([...shared, ...others])).toEqual(downAndUp('t0', 't1', 't2'))
  })

  it('commands that fail, which lead to no address', () => {
    const commands = ['a', 'b', 'c'].map((name) => {
      const one = story(name, undefined, [300, 600, 'timeout'])
      return { ...one, target: { ...one.target, instance: name } }
    })
    expect(toldOf(commands)).toEqual(downAndUp('a', 'b', 'c'))
  })

  it('checks that are made more rarely than every 5 minutes', () => {
    const rare = many(3, [0, 2000, 'connect']).map((one) => ({
      ...one,
      target: { ...one.target, interval: 301, alertAfter: 150 },
    }))
    expect(play(rare).told.map((line) => line.replace(/^\d+ /, ''))).toEqual([
      'TargetDown of t0 firing',
      'TargetDown of t1 firing',
      'TargetDown of t2 firing',
    ])
  })
})
