import { describe, expect, it } from 'vitest'
import type { PastCheck } from '../../../src/alerts/replay/past-check.ts'
import { simulationFormats, writeSimulation } from '../../../src/app/simulate/formats.ts'
import { simulate, type Simulation } from '../../../src/app/simulate/simulate.ts'
import type { Target } from '../../../src/config/target/target.ts'
import { aConfig, aTarget } from '../../support/target.ts'

const start = 1_790_000_040
const withoutPromise = { ...aTarget().expect, slo: 0, maxErrorRatio: 1 }
const shop = aTarget({ name: 'shop', interval: 60, alertAfter: 150, expect: withoutPromise })
const patient = { ...shop, alertAfter: 1770 }

/** One check a minute: `.` as expected, `x` failed. */
function checks(story: string, overrides: Partial<PastCheck> = {}): PastCheck[] {
  return Array.from(story, (sign, minute) => ({
    target: 'shop',
    location: 'home',
    at: start + minute * 60,
    durationSeconds: 0.2,
    ...(sign === 'x' && { failure: { reason: 'status', message: 'got <500>' } }),
    ...overrides,
  }))
}

async function* slices(past: readonly PastCheck[]): AsyncGenerator<readonly PastCheck[]> {
  for (const one of past) yield await Promise.resolve([one])
}

function simulated(
  past: readonly PastCheck[],
  now: readonly Target[],
  edited?: readonly Target[],
  from = start,
): Promise<Simulation> {
  const current = { name: 'targets.yml', config: aConfig(now) }
  return simulate({
    candidates: edited ? [current, { name: 'new.yml', config: aConfig(edited) }] : [current],
    from,
    to: start + 7200,
    short: 300,
    checks: slices(past),
  })
}

const quarter = '.....xxxxxxxxxxxxxxx.....'

describe('a simulation', () => {
  it('says what was told of each outage, and how long after it began', async () => {
    const { outages, played, missed, checks: count } = await simulated(checks(quarter), [shop])
    expect(count).toBe(25)
    expect(outages).toEqual([
      expect.objectContaining({
        target: 'shop',
        startedAt: start + 300,
        endedAt: start + 1200,
        message: 'got <500>',
        notices: [{ after: expect.closeTo(120.2, 3) as number }],
      }),
    ])
    expect(played[0]!.tallies).toEqual([
      {
        target: 'shop',
        location: 'home',
        alertname: 'TargetDown',
        times: 1,
        seconds: expect.closeTo(780, 3) as number,
        short: 0,
      },
    ])
    expect(missed).toEqual([])
  })

  it('names the outages that an edited configuration would be silent about', async () => {
    const { missed } = await simulated(checks(quarter), [shop], [patient])
    expect(missed).toEqual([
      expect.objectContaining({
        startedAt: start + 300,
        notices: [{ after: expect.any(Number) as number }, {}],
      }),
    ])
  })

  it('names no outage that is shorter than an alert is worth, and none that nobody was told of', async () => {
    expect((await simulated(checks('....xxxx.....'), [shop], [patient])).missed).toEqual([])
    expect((await simulated(checks(quarter), [patient], [patient])).missed).toEqual([])
  })

  it('names a target that was removed, and not one that was renamed', async () => {
    expect((await simulated(checks(quarter), [shop], [])).missed).toHaveLength(1)
    const renamed = { ...shop, name: 'store', was: ['shop'] }
    const { missed, withoutPast } = await simulated(checks(quarter), [shop], [renamed])
    expect([missed, withoutPast]).toEqual([[], []])
  })

  it('plays each location by itself', async () => {
    const past = [...checks(quarter), ...checks('.'.repeat(25), { location: 'away' })]
    past.sort((a, b) => a.at - b.at)
    const { played, outages } = await simulated(past, [shop])
    expect(played[0]!.told.map(({ location }) => location)).toEqual(['home'])
    expect(outages).toHaveLength(1)
  })

  it('looks back for what begins before the range, and leaves out what was over by then', async () => {
    const { told } = (await simulated(checks(quarter), [shop], undefined, start + 900)).played[0]!
    expect(told).toHaveLength(1)
    expect((await simulated(checks(quarter), [shop], undefined, start + 1260)).played[0]!.told).toEqual([])
  })

  it('names what the past cannot answer', async () => {
    const before = {
      ...shop,
      shown: { name: 'shop', url: 'http://a/', expect: { max_latency: '1s', status: 200 } },
    }
    const after = {
      ...shop,
      shown: { name: 'shop', url: 'http://b/', expect: { max_latency: '2s', status: 204 }, alert_after: 5 },
    }
    const { unanswerable, withoutPast } = await simulated(
      checks(quarter),
      [before],
      [after, aTarget({ name: 'new' })],
    )
    expect(unanswerable).toEqual([{ target: 'shop', keys: ['expect.status', 'url'] }])
    expect(withoutPast).toEqual(['new'])
  })
})

describe('the result of a simulation', () => {
  it('is for a terminal', async () => {
    const result = await simulated(checks(quarter), [shop], [patient])
    expect(writeSimulation.text(result)).toMatchInlineSnapshot(`
      "From 2026-09-21 14:14:00 UTC to 2026-09-21 16:14:00 UTC: 25 checks.

      targets.yml: alerts
        target  location  alert       times  in all  short
        shop    home      TargetDown  1      13m     0

      new.yml: no alert

      Outages: 1, the longest took 15m
        configuration  told    median until told
        targets.yml    1 of 1  2m
        new.yml        0 of 1  -

      Worth an alert: long outages, 0 slow and 0 failing spells
        configuration  missed  false alarms
        targets.yml    0 of 1  0
        new.yml        1 of 1  0

      Outages that new.yml would not have told you about
        target  location  began                    took  first failure
        shop    home      2026-09-21 14:19:00 UTC  15m   status: got <500>

      targets.yml: when (█ TargetDown  ▒ another alert  · nothing)
        shop  ···████████·················································

      Played: TargetDown, TargetErrorRateHigh, TargetSlow, TargetTailSlow, TargetLatencySpike, TargetFlapping, TargetBudgetBurnFast, TargetBudgetBurnSlow, ProberNetworkDown. A stored check has an outcome and a duration, so alerts about certificates, credentials, rate limits and calls are not played.
      "
    `)
  })

  it('says that there is no past', async () => {
    expect(writeSimulation.text(await simulated([], [shop]))).toContain(
      'Nothing is stored of this time, so there is nothing to judge.',
    )
  })

  it('is a page that shows what targets say as text', async () => {
    const page = writeSimulation.html(await simulated(checks(quarter), [shop], [patient]))
    expect(page).toContain('status: got &lt;500&gt;')
    expect(page).toContain('class="down"')
    expect(page).not.toContain('undefined')
  })

  it.each(simulationFormats)('is written as %s without a past, too', async (format) => {
    expect(writeSimulation[format](await simulated([], [shop]))).not.toMatch(/undefined|NaN|Infinity/)
  })
})
