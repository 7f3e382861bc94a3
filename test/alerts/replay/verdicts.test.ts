import { expect, it } from 'vitest'
import type { Outage } from '../../../src/alerts/replay/outages.ts'
import type { Spell } from '../../../src/alerts/replay/spells.ts'
import type { Told } from '../../../src/alerts/replay/told.ts'
import { judge, troublesOf } from '../../../src/alerts/replay/verdicts.ts'

const outage = (startedAt: number, endedAt: number, location = 'home'): Outage => ({
  target: 'shop',
  location,
  startedAt,
  endedAt,
  lastFailedAt: endedAt - 60,
  reason: 'status',
  message: '',
})
const spell = (kind: Spell['kind'], startedAt: number, endedAt: number): Spell => ({
  kind,
  target: 'shop',
  location: 'home',
  startedAt,
  endedAt,
})
const alert = (alertname: string, beganAt: number, endedAt: number, location = 'home'): Told => ({
  alertname,
  target: 'shop',
  location,
  severity: 'critical',
  beganAt,
  endedAt,
  summary: '',
})
const hour = 3600
const short = { until: 100 * hour, short: 300 }

it('an alert is false where nothing went on that is worth it, and trouble is missed where no alert was about it', () => {
  const troubles = troublesOf(
    [outage(hour, hour + 900), outage(2 * hour, 2 * hour + 180), outage(9 * hour, 9 * hour + 600)],
    [
      spell('slow', 20 * hour, 21 * hour),
      spell('failing', 30 * hour, 31 * hour),
      spell('slow', 40 * hour, 41 * hour),
    ],
    short,
  )
  const told = [
    alert('TargetDown', hour + 120, hour + 900),
    alert('TargetDown', 2 * hour + 120, 2 * hour + 180),
    alert('TargetSlow', 20 * hour + 600, 21 * hour + 900),
    alert('TargetErrorRateHigh', 30 * hour + 900, 32 * hour),
    // About neither kind of trouble that went on.
    alert('TargetSlow', 30 * hour + 900, 31 * hour),
    alert('TargetErrorRateHigh', 50 * hour, 51 * hour),
    // Not a matter of the limits that are judged.
    alert('TargetFlapping', 60 * hour, 61 * hour),
  ]
  expect(judge('shop', told, troubles, 0)).toEqual({
    target: 'shop',
    falseAlarms: 3,
    falseBy: { TargetDown: 1, TargetSlow: 1, TargetErrorRateHigh: 1 },
    troubles: 5,
    missed: 2,
    missedBy: { outage: 1, slow: 1, failing: 0 },
    untilNotified: 120,
  })
})

it('an alert that goes on, or begins late, is about what was wrong before', () => {
  const troubles = troublesOf([outage(hour, 2 * hour)], [], short)
  const told = [
    alert('TargetDown', hour + 120, 2 * hour),
    alert('TargetSlow', 2 * hour + 60, 2 * hour + 600),
    alert('TargetErrorRateHigh', 3 * hour + 30, 3 * hour + 900),
  ]
  expect(judge('shop', told, troubles, 0).falseAlarms).toBe(0)
  expect(judge('shop', [alert('TargetDown', 2 * hour + 1, 2 * hour + 90)], troubles, 0).falseAlarms).toBe(1)
  // What began before the range has causes that are not known.
  expect(judge('shop', [alert('TargetDown', 10, 20)], troubles, 60).falseAlarms).toBe(0)
})

it('a spell that is a part of an outage is not another trouble, and each location has its own', () => {
  const spells = [spell('failing', hour, 3 * hour), spell('slow', hour, hour + 600)]
  expect(troublesOf([outage(hour, hour + 900)], spells, short).spells).toEqual([])
  const elsewhere = troublesOf([outage(hour, hour + 900, 'away')], spells, short)
  expect(elsewhere.spells).toEqual(spells)
  const { missed, falseAlarms } = judge('shop', [alert('TargetDown', hour + 60, hour + 900)], elsewhere, 0)
  expect({ missed, falseAlarms }).toEqual({ missed: 2, falseAlarms: 0 })
})
