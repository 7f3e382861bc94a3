import { beforeEach, describe, expect, it } from 'vitest'
import { resolved } from '../support/alerts/alerts.ts'
import { notifyingRig, refuse, shop, type NotifyingRig } from '../support/alerts/dispatcher.ts'

let rig: NotifyingRig

beforeEach(() => {
  rig = notifyingRig()
})

describe('notifications while the disk is full', () => {
  const unkept = { code: 'STATE_UNWRITABLE' }

  it('are made from memory, repeated and ended in rig.time, each once, and asked for again', async () => {
    rig.map.disk = 'full'
    await expect(rig.notifying.accept([shop])).rejects.toMatchObject(unkept)
    await rig.time.pass(50)
    // Alertmanager sends again what was not kept.
    await expect(rig.notifying.accept([shop])).rejects.toMatchObject(unkept)
    await rig.time.pass(50)
    await expect(rig.notifying.accept([resolved(shop)])).rejects.toMatchObject(unkept)
    await rig.time.pass(60)
    expect(rig.told.map((line) => line.split(' ').slice(0, 4).join(' '))).toEqual([
      '0 chat shop firing',
      '37.5 chat shop firing',
      '97.5 chat shop firing',
      '100 chat shop resolved',
    ])
  })

  it('are tried again as ever where the channel fails too', async () => {
    rig.map.disk = 'full'
    rig.answers = [refuse(true), refuse(true)]
    await expect(rig.notifying.accept([shop])).rejects.toMatchObject(unkept)
    await rig.time.pass(20)
    expect(rig.told).toHaveLength(1)
  })

  it('are kept from the moment on at which there is room', async () => {
    rig.plans = [{ channel: 'chat', repeat: { kind: 'once' } }]
    rig.map.disk = 'full'
    await expect(rig.notifying.accept([shop])).rejects.toMatchObject(unkept)
    await rig.time.pass(10)
    rig.map.disk = 'there'
    await rig.notifying.accept([shop])
    rig.map = rig.map.afterKill()
    rig.killed()
    await rig.notifying.accept([resolved(shop)])
    await rig.time.pass(10)
    expect(rig.told.map((line) => line.split(' ')[3])).toEqual(['firing', 'resolved'])
  })

  it('are made again after a kill where nothing of them was kept, and end', async () => {
    rig.map.disk = 'full'
    await expect(rig.notifying.accept([shop])).rejects.toMatchObject(unkept)
    await rig.time.pass(1)
    rig.map = rig.map.afterKill()
    rig.killed()
    await rig.notifying.accept([shop])
    await rig.time.pass(1)
    await rig.notifying.accept([resolved(shop)])
    await rig.time.pass(1)
    expect(rig.told.map((line) => line.split(' ')[3])).toEqual(['firing', 'firing', 'resolved'])
  })

  it('end after a kill though the end was not kept', async () => {
    await rig.notifying.accept([shop])
    await rig.time.pass(1)
    rig.map.disk = 'full'
    await expect(rig.notifying.accept([resolved(shop)])).rejects.toMatchObject(unkept)
    await rig.time.pass(1)
    rig.map = rig.map.afterKill()
    rig.killed()
    await rig.notifying.accept([resolved(shop)])
    await rig.time.pass(1)
    expect(rig.told.map((line) => line.split(' ')[3])).toEqual(['firing', 'resolved', 'resolved'])
  })
})
