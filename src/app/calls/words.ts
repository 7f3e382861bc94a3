import { plural } from '../../lib/text/text.ts'

/** What was seen of the calls to a target that is judged on them alone. */
export interface CalledTarget {
  readonly state: string
  /** Of the last ten minutes. */
  readonly recent: {
    readonly calls: number
    readonly errors: number
    /** Of those that did not fail; absent where there was none. */
    readonly p95Seconds?: number
  }
  /** Absent before the first call. */
  readonly lastCallAt?: Date | string
}

/** `12 calls in 10 min, 1 error, p95 120 ms`. Nothing where it is paused. */
export function callsInWords({ state, recent, lastCallAt }: CalledTarget): string {
  const { calls, errors, p95Seconds } = recent
  if (state === 'paused') return ''
  if (lastCallAt === undefined) return 'waiting for the first call'
  if (calls === 0) return 'no calls in 10 min'
  const slowest = p95Seconds === undefined ? '' : `, p95 ${Math.round(p95Seconds * 1000)} ms`
  return `${plural(calls, 'call')} in 10 min${errors > 0 ? `, ${plural(errors, 'error')}` : ''}${slowest}`
}
