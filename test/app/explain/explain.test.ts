import { describe, expect, it } from 'vitest'
import { channelsOf, explainTarget } from '../../../src/app/explain/explain.ts'
import { noNotify } from '../../../src/config/notify/load.ts'
import type { ChannelDefinition } from '../../../src/config/notify/notify.ts'
import { asText } from '../../../src/app/explain/formats.ts'
import type { Explanation, RuleExplanation } from '../../../src/alerts/explain/explanation.ts'
import type { PastCheck } from '../../../src/alerts/replay/past-check.ts'
import type { Target } from '../../../src/config/target/target.ts'
import { aConfig, aTarget } from '../../support/target.ts'

const start = 1_790_000_040
const shop = aTarget({ name: 'shop', interval: 60, alertAfter: 150 })

/** One check a minute: `.` as expected, `x` failed. */
function checks(story: string, overrides: Partial<PastCheck> = {}, reason = 'status'): PastCheck[] {
  return Array.from(story, (sign, minute) => ({
    target: 'shop',
    location: 'home',
    at: start + minute * 60,
    durationSeconds: 0.2,
    ...(sign === 'x' && { failure: { reason, message: 'got <500>' } }),
    ...overrides,
  }))
}

async function down(
  past: readonly PastCheck[],
  targets: readonly Target[] = [shop],
  minutes = Math.round((Math.max(...past.map(({ at }) => at)) - start) / 60) + 1,
): Promise<{ readonly all: Explanation[]; readonly rule: RuleExplanation }> {
  const all = await explainTarget(
    { config: aConfig(targets), target: targets[0]!, at: start + minutes * 60 - 30, horizon: 3600 },
    {
      read: ({ from, to }, names) =>
        Promise.resolve(
          past.filter(({ target, at }) => at >= from && at < to && (names?.includes(target) ?? true)),
        ),
    },
  )
  return { all, rule: all[0]!.rules.find(({ alertname }) => alertname === 'TargetDown')! }
}

it('names the channels that are notified, and those that are quiet', () => {
  const notify = {
    ...noNotify,
    channels: ['slack', 'mail'].map((name) => ({ name }) as ChannelDefinition),
    routes: [
      { matchers: [], channels: ['slack', 'log', 'unset'] },
      {
        matchers: [],
        channels: ['mail'],
        quietHours: { from: 0, to: 1439, timezone: 'UTC', except: ['critical'] },
      },
    ],
  }
  const channels = channelsOf(notify, start)
  expect(channels({ severity: 'warning' })).toEqual([{ name: 'slack' }, { name: 'mail', quiet: true }])
  expect(channels({ severity: 'critical' })).toEqual([{ name: 'slack' }, { name: 'mail' }])
})

describe('an explanation of TargetDown', () => {
  it('says when it would begin', async () => {
    const { rule } = await down(checks('...xx'))
    expect(rule).toMatchObject({ state: 'quiet', holds: [], beginsAt: start + 300.2 })
  })

  it('says since when it fires', async () => {
    const { rule, all } = await down(checks('...xxxxx'))
    expect(rule).toMatchObject({ state: 'firing', since: start + 300.2 })
    expect(rule).not.toHaveProperty('endsAt')
    expect(asText(all, 'TargetDown')).toContain(
      'TargetDown (critical) has been firing since 2026-09-21 14:19:00 UTC.',
    )
  })

  it('names what it depends on', async () => {
    const bank = aTarget({ name: 'bank', interval: 60, alertAfter: 150 })
    const past = [...checks('...xxxxx'), ...checks('..xxxxxx', { target: 'bank' })]
    const { rule, all } = await down(past, [{ ...shop, dependsOn: ['bank'] }, bank])
    expect(rule).toMatchObject({
      state: 'held back',
      holds: [{ kind: 'depends_on', by: 'bank', until: start + 480 }],
    })
    expect(rule).not.toHaveProperty('beginsAt')
    expect(asText(all, undefined)).toContain(
      'Held back by depends_on: bank fails, and this target cannot work without it.',
    )
  })

  it('names a maintenance, and when it would begin after it', async () => {
    const maintained = {
      ...shop,
      maintenance: [{ endAt: (at: number) => (at < start + 600 ? start + 600 : undefined) }],
    }
    const { rule } = await down(checks('...xxxxx'), [maintained])
    expect(rule).toMatchObject({
      state: 'held back',
      holds: [{ kind: 'maintenance', until: start + 600 }],
      beginsAt: start + 780.2,
    })
  })

  it('looks at all targets where the network of the prober may be to blame', async () => {
    const others = [1, 2, 3].map((index) =>
      aTarget({ name: `t${index}`, interval: 60, alertAfter: 150, instance: `http://10.0.0.${index}/` }),
    )
    const past = [
      ...checks('...xxxxx', {}, 'connect'),
      ...others.flatMap(({ name }) => checks('...xxxxx', { target: name }, 'connect')),
    ]
    const { rule } = await down(past, [shop, ...others])
    expect(rule).toMatchObject({ state: 'held back', holds: [{ kind: 'network' }] })
  })

  it('counts the locations that find it down', async () => {
    const quorum = { ...shop, alertQuorum: 2 }
    const past = [...checks('...xxxxx'), ...checks('.......x', { location: 'paris' })]
    const { all } = await down(past, [quorum])
    const rules = all.map(({ rules: each }) => each.find(({ alertname }) => alertname === 'TargetDown')!)
    // Paris finds it down at its third failure.
    expect(rules[0]).toMatchObject({
      state: 'held back',
      holds: [{ kind: 'quorum' }],
      beginsAt: start + 540.2,
    })
    expect(rules[1]).toMatchObject({ state: 'quiet', beginsAt: start + 540.2 })
    expect(asText(all, undefined)).toContain(
      'It is down for 1 of the locations that it is checked from; it takes at least 2 (alert_quorum',
    )
  })

  it('says nothing of a target that was never checked', async () => {
    expect(
      await explainTarget(
        { config: aConfig([shop]), target: shop, at: start },
        { read: () => Promise.resolve([]) },
      ),
    ).toEqual([])
  })

  it('takes the checks of a former name', async () => {
    const renamed = { ...shop, name: 'store', was: ['shop'] }
    expect((await down(checks('...xxxxx'), [renamed])).rule.state).toBe('firing')
  })
})
