import { describe, expect, it } from 'vitest'
import { Evaluator } from '../../../src/alerts/evaluator/evaluator.ts'
import type { Target } from '../../../src/config/target/target.ts'
import { aResult, aTarget } from '../../support/target.ts'

const expectNothing = { maxLatency: Infinity, maxErrorRatio: 1, slo: 0, minCertificate: -Infinity }
const gate = aTarget({ name: 'gate', expect: expectNothing })
const shop = aTarget({ name: 'shop', dependsOn: ['gate'], expect: expectNothing })

/** When a target fails, in seconds: from the first to the last failed check. */
type Outage = readonly [from: number, to: number]

/** Checks both every 30s, the gate a second later, and says what was told when. */
function play(outages: { readonly gate?: Outage; readonly shop?: Outage }, child: Target = shop): string[] {
  let evaluator = new Evaluator({ location: 'here' })
  const told: string[] = []
  const last = new Map<string, string>()
  const check = (target: Target, at: number, [from, to]: Outage = [Infinity, 0]): void => {
    const success = at < from || at > to + 1
    const failure = success ? {} : { failure: { reason: 'status' as const, message: 'x' } }
    for (const { labels, status } of evaluator.observe(target, aResult({ success, ...failure }), at, at)) {
      const name = labels.target!
      // After each restart it is told again.
      if (last.get(name) !== status) told.push(`${at} ${name} ${status}`)
      last.set(name, status)
    }
  }
  evaluator.setTargets({ targets: [gate, child] }, 0)
  for (let at = 0; at <= 1200; at += 30) {
    check(child, at, outages.shop)
    check(gate, at + 1, outages.gate)
    // What holds an alert back is known after a restart too.
    const state = JSON.parse(JSON.stringify(evaluator.state())) as ReturnType<Evaluator['state']>
    evaluator = new Evaluator({ location: 'here', state })
    evaluator.setTargets({ targets: [gate, child] }, at + 1)
  }
  return told
}

describe('a target that depends on another', () => {
  it('begins no alert while that is down, and none where both recover', () => {
    expect(play({ gate: [300, 600], shop: [330, 660] })).toEqual(['361 gate firing', '631 gate resolved'])
  })

  it('begins none where it fails a moment earlier', () => {
    expect(play({ gate: [300, 600], shop: [300, 600] })).toEqual(['361 gate firing', '631 gate resolved'])
  })

  it('begins one alert_after after that recovers, if it still fails', () => {
    expect(play({ gate: [300, 600], shop: [330, 870] })).toEqual([
      '361 gate firing',
      '631 gate resolved',
      '720 shop firing',
      '900 shop resolved',
    ])
  })

  it('goes on where it fired before that was down, and ends by itself', () => {
    expect(play({ gate: [300, 900], shop: [150, 600] })).toEqual([
      '210 shop firing',
      '361 gate firing',
      '630 shop resolved',
      '931 gate resolved',
    ])
  })

  it('begins its alert where that fails now and then only, or for less than makes it one check short of down', () => {
    expect(play({ gate: [360, 360], shop: [300, 600] })).toEqual(['360 shop firing', '630 shop resolved'])
  })

  it('begins its alert where that is not there, or is in order', () => {
    const alone = aTarget({ ...shop, dependsOn: ['gone'] })
    expect(play({ gate: [300, 600], shop: [300, 600] }, alone)).toContain('360 shop firing')
    expect(play({ shop: [300, 600] })).toEqual(['360 shop firing', '630 shop resolved'])
  })

  it('begins the alert of its certificate all the same', () => {
    const expiring = aTarget({ ...shop, expect: { ...expectNothing, minCertificate: 86_400 } })
    const evaluator = new Evaluator({ location: 'here' })
    evaluator.setTargets({ targets: [gate, expiring] }, 0)
    const failed = { success: false, failure: { reason: 'status' as const, message: 'x' } }
    for (let at = 0; at < 300; at += 30) evaluator.observe(gate, aResult(failed), at, at)
    const tls = { chain: [], verified: true, earliestExpiry: 400 }
    const certificate = { subject: 'a', issuer: 'b', subjectAlternative: '', serialNumber: '1' }
    const chain = [{ ...certificate, fingerprintSha256: '', notBefore: 0, notAfter: 400 }]
    const alerts = evaluator.observe(expiring, aResult({ ...failed, tls: { ...tls, chain } }), 300, 300)
    expect(alerts.map(({ labels }) => labels.alertname)).toContain('CertificateExpiring')
  })
})
