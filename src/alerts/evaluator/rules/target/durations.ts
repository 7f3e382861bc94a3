import type { TargetView } from '../rule.ts'

/** How long the checks within a window took. */
interface Durations {
  /** Seconds, of each scrape that sees one, in order. */
  readonly ascending: readonly number[]
  readonly checks: number
}

/** @param seconds How long the window is, and how long ago it ends. Default: now. */
export function durationsWithin({ samples, now }: TargetView, seconds: number, ago = 0): Durations {
  const durations: number[] = []
  let checks = 0
  samples.within(seconds, now - ago, ({ durationSeconds }, scrapes) => {
    checks++
    for (let scrape = 0; scrape < scrapes; scrape++) durations.push(durationSeconds)
  })
  return { ascending: durations.sort((a, b) => a - b), checks }
}
