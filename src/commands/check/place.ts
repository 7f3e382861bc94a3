import type { Target } from '../../config/target/target.ts'
import { formatDuration } from '../../settings/values/duration.ts'

/** What stands next to the name of a target in a list: its address, or how often a job has to call. */
export function placeOf({ name, instance, check }: Target): string {
  if (check.kind === 'heartbeat') {
    const late = check.grace > 0 ? `, at most ${formatDuration(check.grace)} late` : ''
    return `a call every ${formatDuration(check.period)}${late}`
  }
  return instance === name ? '' : instance
}
