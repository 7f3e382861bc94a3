import { describe, expect, it } from 'vitest'
import { pino } from 'pino'
import type { Alert } from '../../../src/alerts/alert.ts'
import { startAlerting, type Alerting } from '../../../src/alerts/evaluator/alerting.ts'
import type { CallTarget } from '../../../src/config/target/calls.ts'
import type { StateFile } from '../../../src/lib/io/state-file.ts'
import { aCallTarget } from '../../calls/support/calls.ts'
import { testTime, type TestTime } from '../../support/time/timers.ts'

const pay = aCallTarget(
  'pay',
  { host: 'pay' },
  { labels: { vendor: 'v' }, runbook: 'https://wiki.example/pay' },
)

function memory(): StateFile {
  let saved: unknown
  return {
    load: (parse) => Promise.resolve(parse(saved)),
    save(state) {
      saved = JSON.parse(JSON.stringify(state))
      return Promise.resolve()
    },
  }
}

interface Play {
  readonly time: TestTime
  readonly told: Alert[]
  readonly file: StateFile
  alerting: Alerting
  refuse: boolean
  /** By how much the wall clock has jumped. */
  jumpMs: number
  readonly restart: () => Promise<void>
  /** Each second: so many calls, of which so many are slow, and so many fail. */
  readonly calls: (seconds: number, perSecond: number, slow: number, errors: number) => Promise<void>
}

async function play(callTargets: readonly CallTarget[] = [pay]): Promise<Play> {
  const time = testTime()
  const clock = { ...time.clock, now: () => time.clock.now() + running.jumpMs }
  const told: Alert[] = []
  const file = memory()
  const start = (): Promise<Alerting> =>
    startAlerting({
      file,
      targets: [],
      callTargets,
      location: 'here',
      lingers: 'always',
      clock,
      timers: time.timers,
      log: pino({ level: 'silent' }),
      sink: (alerts) => {
        if (running.refuse) return Promise.reject(new Error('not now'))
        told.push(...alerts)
        return Promise.resolve()
      },
    })
  const running: Play = {
    time,
    told,
    file,
    alerting: undefined as never,
    refuse: false,
    jumpMs: 0,
    async restart() {
      await running.alerting.stop()
      running.alerting = await start()
    },
    async calls(seconds, perSecond, slow, errors) {
      for (let second = 0; second < seconds; second++) {
        for (let index = 0; index < perSecond; index++) {
          running.alerting.observeCall('pay', {
            durationSeconds: index < slow ? 0.14 : 0.04,
            outcome: index >= perSecond - errors ? 'error' : 'ok',
          })
        }
        await time.pass(1)
      }
    },
  }
  running.alerting = await start()
  return running
}

const names = (alerts: readonly Alert[]): string[] =>
  alerts.map(({ status, labels }) => `${labels['alertname'] ?? ''} ${status}`)

describe('calls, decided without Prometheus', () => {
  it('that are the first of a method count, and show one scrape later', async () => {
    const { calls, told } = await play()
    await calls(14, 5, 5, 5)
    await calls(1, 0, 0, 0)
    expect(told).toEqual([])
    await calls(15, 0, 0, 0)
    expect(names(told)).toEqual(['CallsSlow firing', 'CallsErrorRateHigh firing'])
  })

  it('that slow down are told within a minute, and end 5m after the last minute that was slow', async () => {
    const { calls, told } = await play()
    await calls(300, 2, 0, 0)
    expect(told).toEqual([])
    await calls(60, 2, 2, 0)
    expect(told).toMatchObject([
      {
        status: 'firing',
        labels: { target: 'pay', vendor: 'v', alertname: 'CallsSlow', severity: 'warning' },
        annotations: {
          summary: expect.stringMatching(
            /^\d+(\.\d+)?% of the calls to pay are too slow: expected at most 100ms for 95%$/,
          ),
          runbook_url: 'https://wiki.example/pay',
          dashboard_url: '/d/probity-calls?var-target=pay',
        },
      },
    ])
    await calls(330, 2, 0, 0) // 45 to 60 s until the minute is clear, and 5m
    expect(names(told)).toEqual(['CallsSlow firing', 'CallsSlow firing'])
    await calls(60, 2, 0, 0)
    expect(names(told).at(-1)).toBe('CallsSlow resolved')
  })

  it('whose agent may have measured them wrong are slow only if they certainly were', async () => {
    const fire = async (leastSeconds: number): Promise<string[]> => {
      const { alerting, time, told } = await play()
      for (let second = 0; second < 60; second++) {
        for (let index = 0; index < 5; index++)
          alerting.observeCall('pay', { durationSeconds: 0.9, leastSeconds, outcome: 'unknown' })
        await time.pass(1)
      }
      return names(told)
    }
    expect(await fire(0.1)).toEqual([])
    expect(await fire(0.2)).toContain('CallsSlow firing')
  })

  it('that are rare, and all slow, are evidence from the fourth on', async () => {
    const rare = await play()
    await rare.calls(1, 1, 0, 0)
    await rare.time.pass(59)
    for (let call = 0; call < 3; call++) {
      await rare.calls(1, 1, 1, 0)
      await rare.time.pass(19)
    }
    expect(rare.told).toEqual([])
    await rare.calls(1, 1, 1, 0)
    await rare.time.pass(19)
    expect(names(rare.told)).toEqual(['CallsSlow firing'])
  })

  it('that chance explains, or that are slow for a moment of many, are not evidence', async () => {
    const chance = await play()
    for (let minute = 0; minute < 10; minute++) {
      await chance.calls(20, 1, 0, 0)
      await chance.calls(2, 1, 1, 0)
      await chance.time.pass(38)
    }
    expect(chance.told).toEqual([])
    const blip = await play()
    await blip.calls(300, 10, 0, 0)
    await blip.calls(10, 10, 10, 0)
    await blip.calls(300, 10, 0, 0)
    expect(blip.told).toEqual([])
  })

  it('that fail more than chance explains are told, and those that may not be told of a status are left out', async () => {
    const { calls, told, alerting } = await play()
    await calls(120, 100, 0, 1)
    expect(told).toEqual([])
    await calls(60, 100, 0, 8)
    expect(names(told)).toEqual(['CallsErrorRateHigh firing'])
    expect(told[0]?.annotations['summary']).toMatch(
      /^\d\.\d+% of the calls to pay fail, expected at most 1%$/,
    )
    const unknown = await play()
    for (let index = 0; index < 1000; index++)
      unknown.alerting.observeCall('pay', { durationSeconds: 0.01, outcome: 'unknown' })
    await unknown.time.pass(60)
    expect(unknown.told).toEqual([])
    expect(alerting.firing()).toHaveLength(1)
  })

  it('are told with the time of the wall clock, after it has jumped too', async () => {
    const running = await play()
    const { calls, told, time } = running
    await calls(60, 100, 0, 0)
    running.jumpMs = 8 * 3_600_000
    await time.pass(60)
    const began = time.clock.now() + running.jumpMs
    await calls(60, 100, 0, 100)
    expect(names(told)).toEqual(['CallsErrorRateHigh firing'])
    expect(told[0]!.startsAt.getTime() - began).toBeGreaterThanOrEqual(0)
    expect(told[0]!.startsAt.getTime() - began).toBeLessThanOrEqual(60_000)
  })

  it('go on to count when the wall clock jumps, and what fires stays the same alert', async () => {
    const running = await play()
    const { calls, told, alerting } = running
    await calls(120, 100, 0, 50)
    const [before] = alerting.firing()
    running.jumpMs = -2 * 3_600_000
    await calls(60, 100, 0, 50)
    expect(names(told)).toEqual(['CallsErrorRateHigh firing'])
    const [after] = alerting.firing()
    expect(after!.startsAt).toEqual(before!.startsAt)
    await calls(240, 100, 0, 50)
    expect(names(told)).toEqual(['CallsErrorRateHigh firing', 'CallsErrorRateHigh firing'])
  })

  it('go on to be alerted after a restart, and end where there is no evidence any more', async () => {
    const running = await play()
    await running.calls(60, 10, 10, 0)
    expect(names(running.told)).toEqual(['CallsSlow firing'])
    const { startsAt, fingerprint } = running.told[0]!
    await running.restart()
    await running.time.pass(285)
    expect(running.told.at(-1)).toMatchObject({ status: 'firing', startsAt, fingerprint })
    await running.time.pass(60)
    expect(running.told.at(-1)).toMatchObject({ status: 'resolved', startsAt, fingerprint })
    await running.restart()
    expect(running.alerting.firing()).toEqual([])
  })

  it('that end are missed, after a restart too, and are saved without one', async () => {
    const running = await play()
    await running.calls(2400, 1, 0, 0)
    await running.time.pass(120)
    expect(await running.file.load((state) => state)).toMatchObject({
      calls: { pay: { silence: { seconds: expect.any(Number) } } },
    })
    await running.restart()
    await running.time.pass(1020)
    expect(running.told).toEqual([])
    await running.time.pass(120)
    expect(names(running.told)).toEqual(['CallsMissing firing'])
    expect(running.told[0]?.annotations['description']).toMatch(/ There were 23\d\d calls in the last day\.$/)
    await running.calls(15, 1, 0, 0)
    expect(names(running.told).at(-1)).toBe('CallsMissing resolved')
  })

  it('are told later when nobody takes them', async () => {
    const running = await play()
    running.refuse = true
    await running.calls(60, 10, 10, 0)
    expect(running.told).toEqual([])
    running.refuse = false
    await running.calls(15, 10, 10, 0)
    expect(names(running.told)).toEqual(['CallsSlow firing'])
  })

  it('of a target that is gone end', async () => {
    const running = await play()
    await running.calls(60, 10, 10, 0)
    running.alerting.setTargets({ targets: [] })
    await running.time.pass(1)
    expect(names(running.told)).toEqual(['CallsSlow firing', 'CallsSlow resolved'])
  })
})
