import { beforeEach, describe, expect, it } from 'vitest'
import { watchTelling } from '../../../src/alerts/delivery/telling-watch.ts'
import { resolved } from '../../support/alerts/alerts.ts'
import {
  exponential,
  notifyingRig,
  refuse,
  shop,
  type NotifyingRig,
} from '../../support/alerts/dispatcher.ts'

let rig: NotifyingRig

beforeEach(() => {
  rig = notifyingRig()
})

describe('whether alerts get through', () => {
  const blog = { ...shop, fingerprint: 'blog' }

  it('is in doubt when an alert has waited from one look to the next, and no longer once it is delivered', async () => {
    const trouble = watchTelling(rig.notifying)
    rig.answers = Array.from({ length: 7 }, () => refuse(true))
    await rig.notifying.accept([shop])
    expect(trouble()).toBeUndefined()
    await rig.time.pass(60)
    expect(trouble()).toBe('an alert could not be delivered on any channel')
    await rig.time.pass(240)
    expect(rig.told.length).toBeGreaterThan(0)
    expect(trouble()).toBeUndefined()
  })

  it('is in doubt while an alert lasts that every channel has given up', async () => {
    rig.plans = [{ channel: 'chat', repeat: { kind: 'once' } }]
    const trouble = watchTelling(rig.notifying)
    rig.answers = [refuse(false)]
    await rig.notifying.accept([shop])
    await rig.time.pass(1)
    trouble()
    await rig.time.pass(60)
    expect(trouble()).toBe('an alert could not be delivered on any channel')
    await rig.notifying.accept([resolved(shop)])
    expect(trouble()).toBeUndefined()
  })

  it('is not in doubt where another channel delivers it, or another alert is delivered', async () => {
    rig.plans = [exponential, { channel: 'mail', repeat: { kind: 'once' } }]
    const trouble = watchTelling(rig.notifying)
    rig.answers = [refuse(false)]
    await rig.notifying.accept([shop])
    await rig.time.pass(1)
    trouble()
    await rig.time.pass(60)
    expect(trouble()).toBeUndefined()
    rig.plans = [exponential]
    await rig.notifying.accept([resolved(shop)])
    rig.answers = [refuse(false)]
    await rig.notifying.accept([{ ...blog, fingerprint: 'a' }])
    await rig.time.pass(1)
    trouble()
    await rig.notifying.accept([blog])
    await rig.time.pass(1)
    expect(trouble()).toBeUndefined()
  })

  it('is not in doubt in quiet hours', async () => {
    rig.plans = [
      {
        channel: 'chat',
        repeat: { kind: 'once' },
        quietHours: { from: 11 * 60, to: 13 * 60, timezone: 'UTC', except: [] },
      },
    ]
    const trouble = watchTelling(rig.notifying)
    await rig.notifying.accept([shop])
    trouble()
    await rig.time.pass(60)
    expect(trouble()).toBeUndefined()
  })
})
