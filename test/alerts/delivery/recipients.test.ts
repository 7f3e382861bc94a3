import { beforeEach, describe, expect, it } from 'vitest'
import { destinationOf, forEachRecipient, keyOf } from '../../../src/alerts/delivery/destination.ts'
import { resolved } from '../../support/alerts/alerts.ts'
import {
  exponential,
  notifyingRig,
  refuse,
  shop,
  type NotifyingRig,
} from '../../support/alerts/dispatcher.ts'

let rig: NotifyingRig
/** How the channel refuses this recipient. */
let refusal: ReturnType<typeof refuse> | undefined

const good = 'ops@example.org'
const bad = 'bad@example.org'
const toldTo = (recipient: string): (string | undefined)[] =>
  rig.told.filter((line) => line.includes(` to ${recipient} `)).map((line) => line.split(' ')[5])

beforeEach(() => {
  rig = notifyingRig()
  rig.plans = forEachRecipient({ channel: 'chat', repeat: { kind: 'once' } }, [good, bad])
  rig.always = (_notification, recipient) => (recipient === bad ? refusal?.() : undefined)
})

describe('of two recipients', () => {
  it('each is notified of the beginning and the end', async () => {
    await rig.notifying.accept([shop])
    await rig.time.pass(1)
    await rig.notifying.accept([resolved(shop)])
    await rig.time.pass(1)
    for (const recipient of [good, bad]) expect(toldTo(recipient)).toEqual(['firing', 'resolved'])
  })

  it('one that is refused for good takes nothing from the other, and gets no end', async () => {
    refusal = refuse(false)
    await rig.notifying.accept([shop])
    await rig.time.pass(1)
    await rig.restart()
    await rig.notifying.accept([resolved(shop)])
    await rig.time.pass(1)
    expect(toldTo(good)).toEqual(['firing', 'resolved'])
    expect(rig.notifying.undelivered()).toMatchObject([{ channel: 'chat', recipient: bad, error: 'no' }])
  })

  it('one that is refused for now holds back neither the repeats nor the end of the other', async () => {
    rig.plans = forEachRecipient(exponential, [good, bad])
    refusal = refuse(true)
    await rig.notifying.accept([shop])
    await rig.time.pass(40)
    await rig.notifying.accept([resolved(shop)])
    await rig.time.pass(1)
    expect(toldTo(good)).toEqual(['firing', 'firing', 'resolved'])
    refusal = undefined
    await rig.time.pass(300)
    expect(toldTo(bad)).toEqual(['firing', 'resolved'])
  })
})

describe('a destination', () => {
  it.each([{ channel: 'chat' }, { channel: 'mail', recipient: 'Ops Team <ops@example.org>' }])(
    'has a key: %j',
    (to) => {
      expect(destinationOf(keyOf(to))).toEqual(to)
    },
  )

  it('is the channel itself where that has one receiver', () => {
    expect(forEachRecipient(exponential, undefined)).toEqual([exponential])
  })
})
