import { describe, expect, it } from 'vitest'
import { Evaluator } from '../../../src/alerts/evaluator/evaluator.ts'
import type { Target } from '../../../src/config/target/target.ts'
import { aResult, aTarget } from '../../support/target.ts'

const expectNothing = { maxLatency: Infinity, maxErrorRatio: 1, slo: 0, minCertificate: -Infinity }
const window = { endAt: (at: number) => (at >= 300 && at < 600 ? 600 : undefined) }
const worked = aTarget({ expect: expectNothing, maintenance: [window] })

/** Checks every 30s a target that fails from the first to the last second, and says what was told when. */
function play(from: number, to: number, targetAt: (at: number) => Target = () => worked): string[] {
  let evaluator = new Evaluator({ location: 'here' })
  const told: string[] = []
  for (let at = 0; at <= 1200; at += 30) {
    // Everything is known after a restart too.
    const state = JSON.parse(JSON.stringify(evaluator.state())) as ReturnType<Evaluator['state']>
    evaluator = new Evaluator({ location: 'here', state })
    evaluator.setTargets({ targets: [targetAt(at)] }, at)
    const success = at < from || at > to
    const failure = success ? {} : { failure: { reason: 'status' as const, message: 'x' } }
    for (const { status } of evaluator.observe(worked, aResult({ success, ...failure }), at, at))
      if (told.at(-1)?.endsWith(status) !== true) told.push(`${at} ${status}`)
  }
  return told
}

describe('a target in maintenance', () => {
  it('begins no alert in it, nor where it is up again shortly after', () => {
    expect(play(330, 570)).toEqual([])
    expect(play(330, 630)).toEqual([])
  })

  it('begins one alert_after later where it still fails', () => {
    expect(play(330, 900)).toEqual(['690 firing', '930 resolved'])
  })

  it('goes on where it fired before, and ends in it', () => {
    expect(play(150, 450)).toEqual(['210 firing', '480 resolved'])
  })

  it('begins as always where the maintenance is taken out of the configuration', () => {
    const free = aTarget({ expect: expectNothing })
    expect(play(330, 900, (at) => (at < 450 ? worked : free))).toEqual(['450 firing', '930 resolved'])
  })
})
