import type { CallMatch } from '../../config/target/calls.ts'
import { rhythmWords } from '../../checks/heartbeat/rhythm.ts'
import type { Target } from '../../config/target/target.ts'
import { formatDuration } from '../../settings/values/duration.ts'

/** Which calls belong to a target that has no check: `calls of host pay.example, path ^/v1`. */
export function callsPlaceOf(match: CallMatch): string {
  const parts = Object.entries(match) as [string, { readonly source: string }][]
  return `calls of ${parts.map(([part, { source }]) => `${part} ${source}`).join(', ')}`
}

/** What stands next to the name of a target in a list: its address, or how often a job has to call. */
export function placeOf({ name, instance, check }: Target): string {
  if (check.kind === 'heartbeat') {
    const late = check.grace > 0 ? `, at most ${formatDuration(check.grace)} late` : ''
    return `a call ${rhythmWords(check.rhythm)}${late}`
  }
  return instance === name ? '' : instance
}
