import { beforeEach, describe, expect, it } from 'vitest'
import { resolved } from '../../support/alerts/alerts.ts'
import { notifyingRig, refuse, shop, start, type NotifyingRig } from '../../support/alerts/dispatcher.ts'

let rig: NotifyingRig

const at = (seconds: number): number => Date.parse(start) + seconds * 1000

/** Mutes every alert until so many seconds after the start, from now on. */
function mute(seconds: number): void {
  rig.muted = () => (rig.time.clock.now() < at(seconds) ? at(seconds) : undefined)
  rig.notifying.lookAgain()
}

/** `seconds status`, for each notification that arrived. */
const told = (): string[] => rig.told.map((line) => line.replace(/ chat shop (\w+) #\d+ F\d+$/, ' $1'))

beforeEach(() => {
  rig = notifyingRig()
  rig.plans = [{ channel: 'chat', repeat: { kind: 'every', seconds: 100 } }]
})

describe('an alert that is muted', () => {
  it('is not sent, but when it is no longer muted and still fires', async () => {
    mute(250)
    await rig.notifying.accept([shop])
    await rig.time.pass(240)
    expect(rig.told).toEqual([])
    expect(rig.notifying.untold().size).toBe(0)
    await rig.time.pass(120)
    expect(told()).toEqual(['250 firing', '350 firing'])
  })

  it('has no end where its beginning was not sent', async () => {
    mute(250)
    await rig.notifying.accept([shop])
    await rig.time.pass(10)
    await rig.notifying.accept([resolved(shop)])
    await rig.time.pass(600)
    expect(rig.told).toEqual([])
  })

  it('is not repeated, and its end is sent where its beginning was', async () => {
    await rig.notifying.accept([shop])
    await rig.time.pass(10)
    mute(1000)
    await rig.time.pass(300)
    expect(told()).toEqual(['0 firing'])
    await rig.notifying.accept([resolved(shop)])
    await rig.time.pass(1)
    expect(told()).toEqual(['0 firing', '310 resolved'])
  })

  it('is repeated again when it is no longer muted', async () => {
    await rig.notifying.accept([shop])
    mute(250)
    await rig.time.pass(400)
    expect(told()).toEqual(['0 firing', '250 firing', '350 firing'])
  })

  it('is not sent by what waits for its group or for another attempt, and is sent later', async () => {
    rig.answers = [refuse(true, 30)]
    await rig.notifying.accept([shop])
    await rig.time.pass(5)
    expect(rig.notifying.pending()).toHaveLength(1)
    mute(200)
    expect(rig.notifying.pending()).toEqual([])
    await rig.time.pass(190)
    expect(rig.told).toEqual([])
    await rig.time.pass(10)
    expect(told()).toEqual(['200 firing'])
  })

  it('is not sent by what was given up before, until it is no longer muted', async () => {
    rig.plans = [{ channel: 'chat', repeat: { kind: 'once' } }]
    rig.giveUpAfter = 1
    rig.answers = Array.from({ length: 3 }, () => refuse(true))
    await rig.notifying.accept([shop])
    await rig.time.pass(5)
    expect(rig.notifying.undelivered()).toHaveLength(1)
    mute(300)
    await rig.time.pass(290)
    expect(rig.told).toEqual([])
    await rig.time.pass(400)
    expect(told().map((line) => line.split(' ')[1])).toEqual(['firing'])
    expect(rig.notifying.undelivered()).toEqual([])
  })

  it('is not forgotten while it is muted, however long that is', async () => {
    await rig.notifying.accept([shop])
    mute(48 * 3600)
    await rig.time.pass(47 * 3600)
    await rig.notifying.accept([resolved(shop)])
    await rig.time.pass(1)
    expect(told()).toEqual(['0 firing', `${47 * 3600} resolved`])
  })

  it('stays muted after a restart, and what is under way arrives and has its end', async () => {
    let arrive = (): void => undefined
    rig.answers = [
      () =>
        new Promise((resolve) => {
          arrive = resolve
        }),
    ]
    await rig.notifying.accept([shop])
    await rig.time.pass(1)
    mute(1000)
    arrive()
    await rig.time.pass(1)
    await rig.restart()
    await rig.time.pass(300)
    expect(told()).toEqual(['1 firing'])
    await rig.notifying.accept([resolved(shop)])
    await rig.time.pass(1)
    expect(told()).toEqual(['1 firing', '302 resolved'])
  })
})
