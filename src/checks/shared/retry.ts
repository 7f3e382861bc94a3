import type { Fact } from '../fact.ts'
import type { ProbeResult } from '../result.ts'

/** What is left of an interval when the second check has to have ended. */
const spareSeconds = 0.5

/** How often a target is checked, and what a check and its repetition may take. All are seconds. */
interface Times {
  readonly interval: number
  readonly timeout: number
}

/**
 * Seconds that the second check may take: as many as the first, or what is left of the interval.
 *
 * @param elapsed Seconds from the beginning of the first check to that of the second.
 */
export function retryTimeout({ interval, timeout }: Times, elapsed: number): number {
  return Math.max(timeout / 2, Math.min(timeout, interval - elapsed - spareSeconds))
}

/** The second result, which is the one that counts, with the first as evidence. A first one that succeeded is not repeated. */
export function repeated(
  { startedAt, durationSeconds, failure }: ProbeResult,
  second: ProbeResult,
): ProbeResult {
  return failure ? { ...second, retried: { startedAt, durationSeconds, failure } } : second
}

/** The same for people. */
export function retryFacts({ success, retried }: ProbeResult): Fact[] {
  if (!retried) return []
  const { reason, message } = retried.failure
  const words = success ? '1 failure was not confirmed' : 'failed twice, first'
  return [{ label: 'retry', value: `${words} (${reason}: ${message})` }]
}
