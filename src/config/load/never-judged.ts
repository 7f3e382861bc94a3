import { formatDuration } from '../../settings/values/duration.ts'
import type { Part } from '../document/parts.ts'

/**
 * Thresholds of `expect:` that need a number of checks, and the longest interval in seconds that gives as many: 3 in ten minutes
 * and 100 in a day. docs/alerts.md says why.
 */
const longest = { latency_spike: 240, max_latency_p99: 864 } as const

/**
 * Reports thresholds of a target that no alert would ever be compared with: somebody would wait for it in vain. What is inherited
 * may be for other targets.
 *
 * @param own What is written at the target.
 * @param chosen The key of its kind of check.
 * @param interval Seconds.
 */
export function reportNeverJudged(own: Part, chosen: string, interval: number): void {
  const { expect } = own.settings
  for (const key of ['latency_spike', 'max_latency_p99'] as const) {
    const limit = expect?.[key]
    if (limit === undefined || limit === Infinity) continue
    // What a job takes is not measured.
    if (chosen === 'heartbeat') own.report(['expect', key], 'has no effect with heartbeat: remove it')
    else if (interval > longest[key])
      own.report(
        ['expect', key],
        `is judged at intervals up to ${formatDuration(longest[key])}, not at ${formatDuration(interval)}: shorten interval, or remove it`,
      )
  }
}
