import { readSchedule, readTimezone } from '../../settings/values/schedule.ts'
import { ValueError } from '../../settings/values/value.ts'

/** Whether a text is five fields of cron, and a moment comes that they name. */
export function isSchedule(text: string): boolean {
  return isValid(() => readSchedule(text))
}

/** Whether a text names a time zone of the IANA database. */
export function isTimezone(text: string): boolean {
  return isValid(() => readTimezone(text))
}

function isValid(read: () => unknown): boolean {
  try {
    read()
    return true
  } catch (error) {
    if (error instanceof ValueError) return false
    throw error
  }
}
