import { afterEach, describe, expect, it } from 'vitest'
import { toWindow } from '../../../src/config/document/maintenance.ts'
import { isQuiet, type QuietHours } from '../../../src/config/notify/quiet-hours.ts'
import { maintenanceEnd } from '../../../src/config/target/maintenance.ts'
import { monthPeriod } from '../../../src/history/report/period.ts'

const nights: QuietHours = { from: 22 * 60, to: 7 * 60, timezone: 'Europe/Berlin', except: [] }
const zone = process.env.TZ

afterEach(() => {
  if (zone === undefined) delete process.env.TZ
  else process.env.TZ = zone
})

/** The minutes of some hours in which nobody is notified, as `from-to` in UTC. */
function quietTimes(hours: QuietHours, from: string, lasting: number): string[] {
  const start = Date.parse(from)
  const found: string[] = []
  let begun: number | undefined
  for (let at = start; at <= start + lasting * 3_600_000; at += 60_000) {
    const quiet = isQuiet(hours, 'warning', at)
    if (quiet) begun ??= at
    else if (begun !== undefined) {
      found.push([begun, at].map((time) => new Date(time).toISOString().slice(8, 16)).join(' to '))
      begun = undefined
    }
  }
  return found
}

describe('quiet hours', () => {
  it.each([
    [
      'in which the clocks go forward',
      '2026-03-28T12:00:00Z',
      ['28T21:00 to 29T05:00', '29T20:00 to 30T05:00'],
    ],
    ['in which they go back', '2026-10-24T12:00:00Z', ['24T20:00 to 25T06:00', '25T21:00 to 26T06:00']],
  ])('begin and end by the clocks of their zone in a night %s', (_what, from, expected) => {
    expect(quietTimes(nights, from, 48)).toEqual(expected)
  })

  it('that begin or end in the hour that is missing, or there twice, are never lost', () => {
    const short: QuietHours = { ...nights, from: 2 * 60 + 15, to: 2 * 60 + 45 }
    expect(quietTimes({ ...short, to: 3 * 60 + 30 }, '2026-03-28T23:00:00Z', 5)).toEqual([
      '29T01:00 to 29T01:30',
    ])
    expect(quietTimes(short, '2026-10-24T23:00:00Z', 5)).toEqual([
      '25T00:15 to 25T00:45',
      '25T01:15 to 25T01:45',
    ])
  })
})

/** Node.js follows TZ at once, as the machine of a process does that is moved or set up again. */
it.each(['UTC', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia'])(
  'the time zone of the process changes nothing: %s',
  (tz) => {
    process.env.TZ = tz
    expect(new Date('2026-10-25T12:00:00Z').getHours() === 12).toBe(tz === 'UTC')
    expect(quietTimes(nights, '2026-10-24T12:00:00Z', 48)).toEqual([
      '24T20:00 to 25T06:00',
      '25T21:00 to 26T06:00',
    ])
    const once = toWindow({ from: '2026-12-01T22:00', to: '2026-12-02T02:00', timezone: 'Europe/Berlin' })
    const nightly = toWindow({ schedule: '30 2 * * *', duration: 3600, timezone: 'Europe/Berlin' })
    const end = (window: typeof once, at: string): string | undefined => {
      const found = maintenanceEnd([window], Date.parse(at) / 1000)
      return found === undefined ? undefined : new Date(found * 1000).toISOString()
    }
    expect(end(once, '2026-12-01T21:30:00Z')).toBe('2026-12-02T01:00:00.000Z')
    expect(end(once, '2026-12-01T20:59:00Z')).toBeUndefined()
    expect(end(nightly, '2026-07-01T00:45:00Z')).toBe('2026-07-01T01:30:00.000Z')
    const { from, to } = monthPeriod('2026-10', 'Europe/Berlin')
    expect([from, to].map((time) => new Date(time).toISOString())).toEqual([
      '2026-09-30T22:00:00.000Z',
      '2026-10-31T23:00:00.000Z',
    ])
  },
)
