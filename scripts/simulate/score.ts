import type { Judge } from './judges.ts'
import { days, interval, type Story } from './stories.ts'

/** What a judge made of one story. */
export interface Score {
  /** Seconds from the beginning of each trouble that was noticed to the first alert. */
  readonly delays: readonly number[]
  readonly troubles: number
  /** Alerts that began while nothing was wrong, by name. */
  readonly falseAlarms: ReadonlyMap<string, number>
  /** Alerts that began because of a trouble. */
  readonly trueAlarms: number
}

/** Seconds after a trouble in which an alert may still be about it: the longest window of an alert that looks back an hour. */
const echo = 3600

/** Plays a story to a judge. */
export function score(judge: Judge, { troubles, check }: Story): Score {
  const delays = new Map<number, number>()
  const falseAlarms = new Map<string, number>()
  let trueAlarms = 0
  let firing = new Set<string>()
  for (let at = 0; at < days * 86_400; at += interval) {
    const now = new Set(judge.observe(at, check(at)))
    const trouble = troubles.findIndex(({ from, until }) => at >= from && at < until + echo)
    if (trouble !== -1 && now.size > 0 && at < troubles[trouble]!.until && !delays.has(trouble))
      delays.set(trouble, at - troubles[trouble]!.from)
    for (const name of now) {
      if (firing.has(name)) continue
      if (trouble === -1) falseAlarms.set(name, (falseAlarms.get(name) ?? 0) + 1)
      else trueAlarms++
    }
    firing = now
  }
  return { delays: [...delays.values()], troubles: troubles.length, falseAlarms, trueAlarms }
}
