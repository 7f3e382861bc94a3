import type { Mapping } from '../../config/document/parts.ts'
import type { Fields } from '../shared/fields.ts'
import { isSchedule, isTimezone } from '../shared/schedules.ts'
import { goDuration } from '../shared/times.ts'

const days: Readonly<Record<string, number>> = {
  ...{ Sunday: 0, Monday: 1, Tuesday: 2, Wednesday: 3, Thursday: 4, Friday: 5, Saturday: 6 },
}

/** Translates a maintenance to a window; `off` where it is not enabled, and nothing where it cannot be said. */
export function windowOf(maintenance: Fields): Mapping | 'off' | undefined {
  if (maintenance.take('enabled') === false) return 'off'
  const [, hour, minute] = /^(\d{1,2}):(\d\d)$/.exec(maintenance.text('start') ?? '') ?? []
  const duration = goDuration(maintenance.text('duration') ?? '')
  const timezone = maintenance.text('timezone') || 'UTC'
  const every = maintenance
    .list('every')
    .map((day) => (typeof day === 'string' && Object.hasOwn(days, day) ? days[day] : undefined))
  if (duration === undefined || hour === undefined || every.includes(undefined)) return undefined
  const schedule = `${Number(minute)} ${Number(hour)} * * ${every.length === 0 ? '*' : every.join(',')}`
  return isSchedule(schedule) && isTimezone(timezone) ? { schedule, duration, timezone } : undefined
}
