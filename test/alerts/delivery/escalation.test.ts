import { beforeEach, describe, expect, it } from 'vitest'
import { resolved } from '../../support/alerts/alerts.ts'
import { notifyingRig, shop, start, type NotifyingRig } from '../../support/alerts/dispatcher.ts'

let rig: NotifyingRig

const at = (seconds: number): number => Date.parse(start) + seconds * 1000

/** Mutes every alert until so many seconds after the start, from now on; at 0, no longer. */
function mute(seconds: number): void {
  rig.muted = () => (rig.time.clock.now() < at(seconds) ? at(seconds) : undefined)
  rig.notifying.lookAgain()
}

/** `seconds channel status`, for each notification that arrived. */
const told = (): string[] => rig.told.map((line) => line.replace(/ shop (\w+) #\d+ F\d+$/, ' $1'))

beforeEach(() => {
  rig = notifyingRig()
  rig.plans = [
    { channel: 'chat', repeat: { kind: 'once' } },
    { channel: 'boss', repeat: { kind: 'every', seconds: 600 }, after: 900 },
  ]
})

describe('a channel that is notified later', () => {
  it('is notified when the alert has fired for so long, then repeatedly, and of the end', async () => {
    await rig.notifying.accept([shop])
    await rig.time.pass(1600)
    await rig.notifying.accept([resolved(shop)])
    await rig.time.pass(1)
    expect(told()).toEqual([
      '0 chat firing',
      '900 boss firing',
      '1500 boss firing',
      '1600 chat resolved',
      '1600 boss resolved',
    ])
  })

  it('is not notified where the alert ends before', async () => {
    await rig.notifying.accept([shop])
    await rig.time.pass(800)
    await rig.notifying.accept([resolved(shop)])
    await rig.time.pass(1600)
    expect(told()).toEqual(['0 chat firing', '800 chat resolved'])
  })

  it('is not notified while the alert is acknowledged, also after a restart', async () => {
    await rig.notifying.accept([shop])
    await rig.time.pass(600)
    mute(86_400)
    await rig.restart()
    await rig.time.pass(7200)
    await rig.notifying.accept([resolved(shop)])
    await rig.time.pass(1)
    expect(told()).toEqual(['0 chat firing', '7800 chat resolved'])
  })

  it('is notified the same time after a silence ends, or is ended', async () => {
    await rig.notifying.accept([shop])
    await rig.time.pass(600)
    mute(3600)
    await rig.time.pass(3900)
    expect(told()).toEqual(['0 chat firing', '4500 boss firing'])

    rig = notifyingRig()
    rig.plans = [{ channel: 'boss', repeat: { kind: 'once' }, after: 900 }]
    mute(86_400)
    await rig.notifying.accept([shop])
    await rig.time.pass(1000)
    mute(0)
    await rig.time.pass(600)
    await rig.restart()
    await rig.time.pass(600)
    expect(told()).toEqual(['1900 boss firing'])
  })
})
