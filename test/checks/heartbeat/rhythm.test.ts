import { describe, expect, it } from 'vitest'
import { missedCall, periodAt, rhythm } from '../../../src/checks/heartbeat/rhythm.ts'

const weekdays = { cron: '0 3 * * 1-5', timezone: 'Europe/Berlin' }
const at = (text: string): number => Date.parse(text)
const grace = 30 * 60_000
const hour = 3600

/** Friday and Monday at 3:00 in Berlin. */
const [friday, monday] = [at('2026-11-27T02:00:00Z'), at('2026-11-30T02:00:00Z')]

function missed(from: number, now: number): string | undefined {
  return missedCall(weekdays, { from, now, graceMs: grace })
}

describe('a job with a schedule', () => {
  it('is not late over the weekend, and is after its next run and the grace', () => {
    const done = friday + 5 * 60_000

    expect(missed(done, at('2026-11-29T23:00:00Z'))).toBeUndefined()
    expect(missed(done, monday + grace - 1000)).toBeUndefined()
    expect(missed(done, monday + grace)).toBe('at 2026-11-30 03:00 (0 3 * * 1-5 Europe/Berlin)')
  })

  it('may call up to a minute early, and no earlier', () => {
    expect(missed(monday - 60_000, monday + grace)).toBeUndefined()
    expect(missed(monday - 61_000, monday + grace)).toBeDefined()
  })

  it('is expected from its first run on', () => {
    expect(missed(monday + 1000, monday + 20 * hour * 1000)).toBeUndefined()
  })

  it.each([
    ['when the clocks go forward', '2026-03-29T00:30:00Z', '30 2 * * *', '2026-03-29 03:00'],
    ['when the clocks go back', '2026-10-25T00:00:00Z', '30 2 * * *', '2026-10-25 02:30'],
  ])('runs once a day %s', (_when, from, cron, expected) => {
    const schedule = { cron, timezone: 'Europe/Berlin' }
    const waiting = { from: at(from), now: at(from) + 12 * hour * 1000, graceMs: 0 }

    expect(missedCall(schedule, waiting)).toContain(expected)
    const done = { ...waiting, from: at(from) + 3 * hour * 1000 }
    expect(missedCall(schedule, done)).toBeUndefined()
  })
})

describe('the period of a schedule', () => {
  it.each([
    ['in the week', at('2026-11-26T12:00:00Z'), at('2026-11-26T12:00:00Z'), 24 * hour],
    ['after the weekend', monday + 60_000, monday + 2 * grace, 72 * hour],
    [
      'is shorter than the silence of a job that is late',
      friday + 50 * 60_000,
      monday + grace,
      72 * hour - 3000,
    ],
  ])('%s', (_when, from, now, expected) => {
    const period = periodAt(weekdays, { from, now, graceMs: grace })

    expect(period).toBe(expected)
    if (missed(from, now) !== undefined) expect((now - from) / 1000).toBeGreaterThan(period)
  })
})

describe('heartbeat:', () => {
  it.each([
    ['1d', 86_400],
    [{ schedule: '0 3 * * 1-5', timezone: 'Europe/Berlin' }, weekdays],
    [{ schedule: '*/5 * * * *' }, { cron: '*/5 * * * *', timezone: 'UTC' }],
  ])('%j', (written, expected) => {
    expect(rhythm.parse(written)).toEqual(expected)
  })

  it.each([
    [{ schedule: '0 3 * * 8-9' }, /schedule is not a valid schedule: expected five fields of cron/],
    [{ schedule: '0 0 31 2 *' }, /schedule is a schedule that never occurs/],
    [{ schedule: '0 3 * * *', timezone: 'Berlin' }, /timezone is not a valid time zone/],
    [{ schedule: '0 3 * * *', zone: 'UTC' }, /may only have schedule and timezone/],
    [{ timezone: 'UTC' }, /needs a duration, such as 1d, or a schedule/],
    ['0 3 * * *', /is not a valid duration: expected one such as .*, or \{ schedule:/],
    [5, /has no unit/],
  ])('%j is refused', (written, message) => {
    expect(() => rhythm.parse(written)).toThrow(message)
  })
})
