import type { Outage } from './outages.ts'
import type { Told } from './told.ts'

/** A check that was slow is not one that failed. */
const notAboutFailures = new Set(['TargetSlow', 'TargetTailSlow', 'TargetLatencySpike'])

/** What one configuration reported during an outage. */
export interface Notice {
  /** Seconds from the first failed check to the first notification; 0 where an alert went on already; absent where none came. */
  readonly after?: number
}

/** How often an alert about a target began, and for how long it went on. */
export interface Tally {
  /** Absent of an alert that is about no target. */
  readonly target?: string
  readonly location: string
  readonly alertname: string
  readonly times: number
  readonly seconds: number
  /** How many of them were over within the time that an alert is worth. */
  readonly short: number
}

/**
 * What was reported while an outage lasted.
 *
 * @param nameOf The name that a target has in the configuration; undefined where it is not in it.
 */
export function noticeOf(
  { target, location, startedAt, endedAt = Infinity }: Outage,
  told: readonly Told[],
  nameOf: (stored: string) => string | undefined,
): Notice {
  const name = nameOf(target)
  const about = told.filter(
    (one) => one.target === name && one.location === location && !notAboutFailures.has(one.alertname),
  )
  const during = about.filter(({ beganAt, endedAt: end = Infinity }) => beganAt < endedAt && end > startedAt)
  if (name === undefined || during.length === 0) return {}
  return { after: Math.max(0, Math.min(...during.map(({ beganAt }) => beganAt)) - startedAt) }
}

/** The most frequent first. @param until What goes on is counted to this moment; unix seconds. */
export function tally(told: readonly Told[], { until, short }: { until: number; short: number }): Tally[] {
  const tallies = new Map<string, Tally>()
  for (const { target, location, alertname, beganAt, endedAt } of told) {
    const key = JSON.stringify([target, location, alertname])
    const before = tallies.get(key) ?? {
      location,
      alertname,
      times: 0,
      seconds: 0,
      short: 0,
      ...(target !== undefined && { target }),
    }
    const seconds = (endedAt ?? until) - beganAt
    tallies.set(key, {
      ...before,
      times: before.times + 1,
      seconds: before.seconds + seconds,
      short: before.short + (endedAt !== undefined && seconds < short ? 1 : 0),
    })
  }
  return [...tallies.values()].sort((a, b) => b.times - a.times || b.seconds - a.seconds)
}
