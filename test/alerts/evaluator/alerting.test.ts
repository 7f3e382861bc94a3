import { describe, expect, it } from 'vitest'
import type { Alert } from '../../../src/alerts/alert.ts'
import { startAlerting, type Alerting } from '../../../src/alerts/evaluator/alerting.ts'
import type { Target } from '../../../src/config/target/target.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import type { StateFile } from '../../../src/lib/io/state-file.ts'
import { aResult, aTarget } from '../../support/target.ts'
import { testTime, type TestTime } from '../../support/time/timers.ts'

/** A disk that can be full, or slow, or lose power: what was saved is what there is. */
function aDisk() {
  const disk = { saved: undefined as string | undefined, saves: 0, full: false }
  const file: StateFile = {
    load: (parse) => Promise.resolve(disk.saved === undefined ? undefined : parse(JSON.parse(disk.saved))),
    save(state) {
      if (disk.full) return Promise.reject(new Error('no space left'))
      disk.saved = JSON.stringify(state)
      disk.saves++
      return Promise.resolve()
    },
  }
  return { disk, file }
}

const shop = aTarget({
  interval: 30,
  alertAfter: 75,
  expect: { maxLatency: 1, maxErrorRatio: 1, slo: 0, minCertificate: -Infinity },
})

interface Rig {
  readonly time: TestTime
  readonly told: Alert[]
  readonly alerting: Alerting
  readonly refuse: { on: boolean }
  /** Makes a check of the target, and lets an interval pass. */
  readonly check: (success: boolean, target?: Target) => Promise<void>
}

async function start(file: StateFile, time = testTime(), targets: readonly Target[] = [shop]): Promise<Rig> {
  const told: Alert[] = []
  const refuse = { on: false }
  const alerting = await startAlerting({
    file,
    targets,
    location: 'here',
    lingers: 'always',
    clock: time.clock,
    timers: time.timers,
    log: createLogger({ level: 'error', destination: { write: () => undefined } }),
    sink(alerts) {
      if (refuse.on) return Promise.reject(new Error('the backlog is full'))
      told.push(...alerts)
      return Promise.resolve()
    },
  })
  const check = async (success: boolean, target = shop): Promise<void> => {
    const failure = success
      ? {}
      : { failure: { reason: 'status' as const, message: 'expected 200, got 503' } }
    alerting.observe(target, aResult({ success, durationSeconds: 0, ...failure }))
    await time.pass(target.interval)
  }
  return { time, told, alerting, refuse, check }
}

const words = (alerts: readonly Alert[]): string[] => {
  const changes = alerts.filter(
    (alert, index) =>
      !alerts
        .slice(0, index)
        .some(
          (before) =>
            before.status === alert.status && before.startsAt.getTime() === alert.startsAt.getTime(),
        ),
  )
  return changes.map(({ status, labels }) => `${labels.alertname ?? ''} ${status}`)
}

describe('startAlerting', () => {
  it('tells at the failure that decides, and at the first success', async () => {
    const { told, check } = await start(aDisk().file)
    await check(true)
    await check(false)
    await check(false)
    expect(told).toEqual([])
    await check(false)
    expect(words(told)).toEqual(['TargetDown firing'])
    expect(told[0]).toMatchObject({
      labels: { alertname: 'TargetDown', target: 'shop', severity: 'critical', location: 'here' },
      annotations: { reason: 'status', interval: '30' },
    })
    await check(true)
    expect(words(told)).toEqual(['TargetDown firing', 'TargetDown resolved'])
  })

  it('counts on where a process was killed, at every moment, and tells of nothing twice', async () => {
    // Killed after each check: nothing is kept but what was on the disk.
    const { file } = aDisk()
    const time = testTime()
    const everything: Alert[] = []
    for (const success of [true, false, false, false, false, true, true]) {
      const { told, check } = await start(file, time)
      await check(success)
      everything.push(...told)
    }
    expect(words(everything)).toEqual(['TargetDown firing', 'TargetDown resolved'])
    expect(new Set(everything.map(({ startsAt }) => startsAt.getTime())).size).toBe(1)
  })

  it('is on the disk before it is told', async () => {
    const { file } = aDisk()
    let takeIt = (): void => undefined
    const slow = {
      ...file,
      save: (state: unknown) =>
        new Promise<void>((resolve) => {
          takeIt = () => {
            resolve(file.save(state))
          }
        }),
    }
    const { told, check, time } = await start(slow)
    for (let count = 0; count < 3; count++) {
      takeIt()
      await check(false)
    }
    expect(told).toEqual([])
    takeIt()
    await time.pass(0)
    takeIt()
    await time.pass(0)
    expect(words(told)).toEqual(['TargetDown firing'])
  })

  it('is told, once, though the disk is full, and all of it is on the disk once there is room', async () => {
    const { disk, file } = aDisk()
    const { told, check, time } = await start(file)
    await check(false)
    disk.full = true
    await check(false)
    await check(false)
    expect(words(told)).toEqual(['TargetDown firing'])
    await check(true)
    expect(words(told)).toEqual(['TargetDown firing', 'TargetDown resolved'])
    const before = told.length
    await time.pass(15)
    disk.full = false
    await time.pass(60)
    expect(told).toHaveLength(before)
    const next = await start(file, time)
    await next.time.pass(60)
    expect(next.told).toEqual([])
  })

  it('goes on from the disk where it is killed while that is full: told again, and the end is not forgotten', async () => {
    const { disk, file } = aDisk()
    const first = await start(file)
    await first.check(false)
    await first.check(false)
    disk.full = true
    await first.check(false)
    expect(words(first.told)).toEqual(['TargetDown firing'])
    disk.full = false
    const second = await start(file, first.time)
    await second.check(false)
    await second.check(true)
    expect(words(second.told)).toEqual(['TargetDown firing', 'TargetDown resolved'])
    expect(second.told[0]?.fingerprint).toBe(first.told[0]?.fingerprint)
  })

  it('says when nothing is decided, checked or told any more', async () => {
    const { alerting, check, refuse, time } = await start(aDisk().file)
    for (let count = 0; count < 4; count++) await check(true)
    expect(alerting.stalled()).toBeUndefined()
    refuse.on = true
    for (let count = 0; count < 6; count++) await check(false)
    expect(alerting.stalled()).toBe('alerts are decided on, but not taken by what delivers them')
    refuse.on = false
    await check(false)
    expect(alerting.stalled()).toBeUndefined()
    await time.pass(120)
    expect(alerting.stalled()).toBe('no check has ended for too long')
    await check(false)
    expect(alerting.stalled()).toBeUndefined()
    time.clock.advance(61)
    alerting.observe(shop, aResult())
    expect(alerting.stalled()).toBe('alerts are no longer decided on')
  })

  it('tells again what was refused, in order, by this process or by the next', async () => {
    const { file } = aDisk()
    const first = await start(file)
    for (const success of [false, false, false]) await first.check(success)
    first.refuse.on = true
    await first.check(true)
    expect(words(first.told)).toEqual(['TargetDown firing'])
    const second = await start(file, first.time)
    await second.time.pass(1)
    expect(words(second.told)).toEqual(['TargetDown resolved'])
    first.refuse.on = false
    await first.time.pass(15)
    expect(words(first.told)).toEqual(['TargetDown firing', 'TargetDown resolved'])
  })

  it('knows when each target was last checked, also in the process before', async () => {
    const { file } = aDisk()
    const first = await start(file)
    await first.check(true)
    const second = await start(file, first.time)
    expect(second.alerting.lastRun(shop)).toBeCloseTo(Date.parse('2026-11-20T12:00:00Z'), -1)
    expect(second.alerting.lastRun(aTarget({ name: 'new' }))).toBeUndefined()
  })

  it('does not write for every check', async () => {
    const { disk, file } = aDisk()
    const targets = Array.from({ length: 50 }, (_, index) => ({ ...shop, name: `t${index}` }))
    const { alerting, time } = await start(file, testTime(), targets)
    for (const target of targets) {
      alerting.observe(target, aResult())
      await time.pass(0.5)
    }
    expect(disk.saves).toBeLessThan(10)
  })

  it('ends the alerts of a target that is taken away, also where that was done meanwhile', async () => {
    const { file } = aDisk()
    const first = await start(file)
    for (const success of [false, false, false]) await first.check(success)
    const second = await start(file, first.time, [])
    await second.time.pass(1)
    expect(words(second.told)).toEqual(['TargetDown resolved'])
    first.alerting.setTargets({ targets: [] })
    await first.time.pass(1)
    expect(words(first.told)).toEqual(['TargetDown firing', 'TargetDown resolved'])
  })

  it('takes another threshold at once, and goes on where the labels change', async () => {
    const { alerting, told, check, time } = await start(aDisk().file)
    for (const success of [false, false, false]) await check(success)
    alerting.setTargets({ targets: [{ ...shop, alertAfter: 600 }] })
    await time.pass(1)
    expect(words(told)).toEqual(['TargetDown firing', 'TargetDown resolved'])
    alerting.setTargets({ targets: [shop] })
    await time.pass(1)
    expect(words(told)).toHaveLength(3)
    alerting.setTargets({ targets: [{ ...shop, labels: { team: 'x' } }] })
    await time.pass(1)
    await check(false)
    await check(false)
    expect(words(told)).toHaveLength(3)
    expect(told.at(-1)?.labels).toMatchObject({ alertname: 'TargetDown', team: 'x' })
  })

  it('tells again of what still fires, for those that repeat: with fresh words and the same beginning', async () => {
    const { told, check } = await start(aDisk().file)
    await check(true)
    for (let count = 0; count < 3 + 15; count++) await check(false)
    const starts = new Set(
      told.map(({ startsAt, annotations }) => `${startsAt.toISOString()} ${annotations.failing_since ?? ''}`),
    )
    expect(starts.size).toBe(1)
    // With the 1st, 2nd, 4th, 8th and 16th failure that counts.
    expect(told.map(({ annotations }) => /for (.*?),/.exec(annotations.summary ?? '')?.[1])).toEqual([
      '1m 30s',
      '2m',
      '3m',
      '5m',
      '9m',
    ])
  })

  it('holds back what TargetDown explains', async () => {
    const slow = { ...shop, alertAfter: 60, expect: { ...shop.expect, maxLatency: 0.1 } }
    const { alerting, told, time } = await start(aDisk().file, testTime(), [slow])
    for (let count = 0; count < 4; count++) {
      alerting.observe(
        slow,
        aResult({ success: false, durationSeconds: 2, failure: { reason: 'timeout', message: '' } }),
      )
      await time.pass(30)
    }
    expect(alerting.firing().map(({ labels }) => labels.alertname)).toEqual(['TargetDown', 'TargetSlow'])
    expect(words(told)).toEqual(['TargetDown firing'])
    alerting.observe(slow, aResult({ durationSeconds: 2 }))
    await time.pass(1)
    expect(words(told)).toEqual(['TargetDown firing', 'TargetDown resolved', 'TargetSlow firing'])
  })

  it('counts neither more nor less when the wall clock jumps, and then tells the right time', async () => {
    const time = testTime()
    let jump = 0
    const clock = { now: () => time.clock.now() + jump, monotonic: time.clock.monotonic }
    const { told, check } = await start(aDisk().file, { ...time, clock: { ...time.clock, ...clock } })
    await check(true)
    await check(false)
    jump = 3_600_000
    await check(false)
    expect(told).toEqual([])
    await check(false)
    expect(words(told)).toEqual(['TargetDown firing'])
    expect(told[0]?.startsAt.toISOString()).toBe('2026-11-20T13:01:30.000Z')
    expect(told[0]?.annotations.summary).toContain('for 1m 30s')
    jump = -7_200_000
    await check(false)
    await check(true)
    expect(words(told)).toEqual(['TargetDown firing', 'TargetDown resolved'])
  })

  it('tells the right time of what begins between a jump and the next tick', async () => {
    const time = testTime()
    let jump = 0
    const clock = { now: () => time.clock.now() + jump, monotonic: time.clock.monotonic }
    const { told, check } = await start(aDisk().file, { ...time, clock: { ...time.clock, ...clock } })
    for (const success of [true, false, false, false]) await check(success)
    await time.pass(29)
    expect(words(told)).toEqual(['TargetDown firing'])
    jump = 28_800_000
    await check(true)
    expect(words(told)).toEqual(['TargetDown firing', 'TargetDown resolved'])
    expect(told.at(-1)?.endsAt?.toISOString()).toBe('2026-11-20T20:02:29.000Z')
  })

  it('goes on with an alert that looks back, after a restart, until it has seen as much again', async () => {
    const { file } = aDisk()
    const slow = { ...shop, expect: { ...shop.expect, maxLatency: 0.1 } }
    const first = await start(file, testTime(), [slow])
    const look = async ({ alerting, time }: Rig, durationSeconds: number): Promise<void> => {
      alerting.observe(slow, aResult({ durationSeconds }))
      await time.pass(30)
    }
    for (let count = 0; count < 4; count++) await look(first, 2)
    expect(words(first.told)).toEqual(['TargetSlow firing'])
    const second = await start(file, first.time, [slow])
    for (let count = 0; count < 19; count++) await look(second, 0.01)
    expect(words(second.told)).toEqual(['TargetSlow firing'])
    for (let count = 0; count < 3; count++) await look(second, 0.01)
    expect(words(second.told)).toEqual(['TargetSlow firing', 'TargetSlow resolved'])
  })

  it('keeps what fires through two restarts in a row, before anything is decided again', async () => {
    const { file } = aDisk()
    const first = await start(file)
    for (const success of [false, false, false]) await first.check(success)
    await first.alerting.stop()
    const second = await start(file, first.time)
    await second.alerting.stop()
    const third = await start(file, first.time)
    expect(third.alerting.firing()).toMatchObject([{ labels: { alertname: 'TargetDown' } }])
    await third.check(true)
    expect(words(third.told).at(-1)).toBe('TargetDown resolved')
  })

  it('saves what it knows when it stops', async () => {
    const { disk, file } = aDisk()
    const { alerting } = await start(file)
    alerting.observe(shop, aResult())
    await alerting.stop()
    await alerting.stop()
    expect(disk.saved).toContain('"shop"')
  })

  it('begins anew where the file is of another version', async () => {
    const { disk, file } = aDisk()
    disk.saved = '{"version":99,"targets":"?"}'
    const { check, told } = await start(file)
    await check(true)
    expect(told).toEqual([])
  })
})
