import { expect, it } from 'vitest'
import { silencedAlerts } from '../../../src/alerts/receiver/silenced.ts'
import { anAlert } from '../../support/alerts/alerts.ts'
import { testTime } from '../../support/time/timers.ts'

const shop = anAlert()
const known = { labels: shop.labels, annotations: {} }

it('what Alertmanager has silenced is muted until it is asked again, and while it does not answer for a while', async () => {
  const time = testTime('2026-11-21T12:00:00Z')
  const silenced = silencedAlerts({ clock: time.clock, everyMs: 60_000 })
  const until = (): number | undefined => silenced.mutedUntil(shop)
  expect(silenced.hear([known])).toBe(false)
  expect(until()).toBeUndefined()
  expect(silenced.hear([{ ...known, silenced: true }])).toBe(true)
  expect(until()).toBe(time.clock.now() + 60_000)
  expect(
    silenced.mutedUntil(anAlert({ labels: { alertname: 'TargetSlow', target: 'shop' } })),
  ).toBeUndefined()
  expect(silenced.hear([{ ...known, silenced: true }])).toBe(false)
  await time.pass(300)
  expect(silenced.hear(undefined)).toBe(false)
  expect(until()).toBeDefined()
  await time.pass(300)
  expect(silenced.hear(undefined)).toBe(true)
  expect(until()).toBeUndefined()
  silenced.hear([{ ...known, silenced: true }])
  expect(silenced.hear([known])).toBe(true)
  expect(until()).toBeUndefined()
})
