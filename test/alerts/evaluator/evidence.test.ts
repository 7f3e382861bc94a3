import { describe, expect, it } from 'vitest'
import { Evaluator } from '../../../src/alerts/evaluator/evaluator.ts'
import { createHeartbeats } from '../../../src/checks/heartbeat/heartbeats.ts'
import type { Target } from '../../../src/config/target/target.ts'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { aResult, aTarget } from '../../support/target.ts'
import { testClock } from '../../support/time/clock.ts'

const shop = aTarget({ secrets: ['s3cret'] })

function failed(overrides: Partial<ProbeResult> = {}): ProbeResult {
  return aResult({
    success: false,
    failure: { reason: 'status', message: 'expected 2xx, got 500' },
    ...overrides,
  })
}

/** Checks a target every 30 s, and says what the alerts of it say that fire then. */
function told(target: Target, results: readonly ProbeResult[], state = {}): Record<string, string>[] {
  const evaluator = new Evaluator({ location: 'here', state })
  evaluator.setTargets({ targets: [target] }, 1_800_000_000)
  results.forEach((result, count) => {
    const now = 1_800_000_000 + count * target.interval
    evaluator.observe(target, result, now, now)
  })
  return evaluator.firing().map(({ annotations }) => ({ ...annotations }))
}

describe('what TargetDown says', () => {
  it('has the message of the newest failure and the phases of the last check', () => {
    const last = failed({
      failure: { reason: 'status', message: 'expected 2xx, got 503' },
      phases: { resolve: 0.0021, connect: 0.001, tls: 0.012, processing: 1.234 },
    })
    const [words] = told(shop, [aResult(), failed(), failed(), last])
    expect(words).toMatchObject({
      summary: 'shop has failed every check for 1m 30s, expected less than 1m 15s, reason: status',
      seen: 'expected 2xx, got 503',
      phases: 'dns 2 ms, connect 1 ms, tls 12 ms, first byte 1.2 s',
      last_success: '1800000000',
    })
  })

  it('keeps a secret, and is one line of a bounded length', () => {
    const message = `got "s3cret\n${'long '.repeat(200)}"`
    const results = [1, 2, 3].map(() => failed({ failure: { reason: 'body', message } }))
    const seen = told(shop, results)[0]?.seen ?? ''
    expect(seen).toMatch(/^got "<secret> long long .*…$/)
    expect(seen).toHaveLength(300)
  })

  it('invents nothing about a target that never worked', () => {
    expect(told(shop, [failed(), failed(), failed()])[0]).toMatchObject({
      summary: 'shop has failed every check since the first, 1m ago, reason: status',
      last_success: 'never',
      failing_since: '1799999970',
    })
    expect(told(aTarget({ alertAfter: 15 }), [failed()])[0]).toMatchObject({
      summary: 'shop has failed its first check, reason: status',
    })
  })

  it('knows after a restart whether it ever worked', () => {
    const before = new Evaluator({ location: 'here' })
    before.setTargets({ targets: [shop] }, 1_799_999_000)
    before.observe(shop, failed(), 1_799_999_970, 1_799_999_970)
    const state = JSON.parse(JSON.stringify(before.state())) as object
    expect(told(shop, [failed(), failed()], state)[0]).toMatchObject({ last_success: 'never' })
    before.observe(shop, aResult(), 1_799_999_971, 1_799_999_971)
    expect(told(shop, [failed(), failed(), failed()], before.state())[0]).toMatchObject({
      last_success: '1799999971',
    })
  })

  it('goes on after a restart with the words of before, until something was checked', () => {
    const before = new Evaluator({ location: 'here' })
    before.setTargets({ targets: [shop] }, 1000)
    for (const at of [1000, 1030, 1060]) before.observe(shop, failed(), at, at)
    const after = new Evaluator({ location: 'here', state: before.state() })
    const [alert] = after.setTargets({ targets: [shop] }, 1080)
    expect(alert?.annotations).toMatchObject({ reason: 'status', seen: 'expected 2xx, got 500' })
  })
})

it('an alert about slowness says where the time goes, and nothing of failures', () => {
  const slow = aResult({ durationSeconds: 2, phases: { connect: 0.01, processing: 1.99 } })
  const [words] = told(shop, [failed(), slow, slow, slow, slow])
  expect(words).toMatchObject({ phases: 'connect 10 ms, first byte 2 s' })
  expect(words).not.toHaveProperty('seen')
})

it('a job that does not call is said not to call, also where it never did', async () => {
  const clock = testClock()
  const check = { kind: 'heartbeat', name: 'job', rhythm: 60, grace: 0 } as const
  const job = aTarget({ name: 'job', check, alertAfter: 15 })
  const heartbeats = createHeartbeats({ clock })
  await heartbeats.expect(['job'])
  const probe = async () => {
    const result = await heartbeats.probe(check, {
      signal: AbortSignal.abort(),
      log: { add: () => undefined },
    })
    return told(job, [result])[0]
  }
  clock.advance(123)
  expect(await probe()).toMatchObject({
    summary: 'job has had no call for 2m 3s, expected one every 1m, reason: timeout',
    seen: 'no call yet for 2m3s, expected one every 1m',
    last_success: 'never',
  })
  await heartbeats.report('job', { type: 'success' })
  const called = clock.now() / 1000
  clock.advance(75)
  expect(await probe()).toMatchObject({
    summary: 'job has had no call for 1m 15s, expected one every 1m, reason: timeout',
    last_success: called.toFixed(0),
  })
  await heartbeats.report('job', { type: 'fail', message: 'disk full' })
  expect(await probe()).toMatchObject({
    summary: 'job has reported a failure, and no success after it, reason: command',
  })
})
