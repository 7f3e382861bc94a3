import { scrapeInterval } from '../../../config/target/scrape-interval.ts'
import type { FailureReason } from '../../../net/failure.ts'

/** What the checks within a window came to, each weighing as much as the scrapes by which Prometheus would see it. */
export interface Tally {
  readonly scrapes: number
  readonly succeeded: number
  /** Checks really made. */
  readonly checks: number
}

/** How a check is scraped. */
interface Pace {
  /** Seconds between two scrapes. */
  readonly every: number
  /** Scrapes that see one check at most. */
  readonly perCheck: number
}

function paceOf(interval: number): Pace {
  const every = scrapeInterval(interval)
  return { every, perCheck: Math.round(interval / every) }
}

/** Checks in a row that came to the same. Times are those of scrapes, in unix seconds. The newest run grows in its place. */
interface Run extends Pace {
  readonly reason: FailureReason | undefined
  readonly firstAt: number
  lastAt: number
  scrapes: number
  succeeded: number
  checks: number
  /** All that came before it, so that a window is a difference. */
  readonly before: Tally
}

/** Seconds that the alerts look back at most. */
const longestWindow = 3 * 86_400

/** Runs that are kept of one target at most; with more, the oldest two become one. */
const maxRuns = 2000

/**
 * What the checks of three days came to, as runs of the same outcome: a target that seldom changes takes little room, and one that
 * always does no more than is allowed. Windows exclude their left edge, as those of Prometheus 3 do.
 */
export class Outcomes {
  #pace: Pace
  #runs: Run[] = []
  /** After this, no scrape has seen a failure; unix seconds. */
  #failedUntil = -Infinity
  #newest: (Pace & { readonly at: number; readonly reason: FailureReason | undefined }) | undefined

  /** @param interval Seconds between two checks. */
  constructor(interval: number) {
    this.#pace = paceOf(interval)
  }

  /** Takes another interval, for the checks that come. */
  configure(interval: number): void {
    this.#pace = paceOf(interval)
  }

  /** @param reason Absent where the check succeeded. */
  add(at: number, reason?: FailureReason): void {
    const before = this.#newestRun(at, Math.ceil)
    if (before) this.#append(before)
    const { every, perCheck } = this.#pace
    this.#newest = { at, reason, every, perCheck }
    if (reason !== undefined) this.#failedUntil = at + every * perCheck
    const forgotten = this.#runs.findIndex(({ lastAt }) => lastAt > at - longestWindow)
    if (forgotten > 0) this.#runs.splice(0, forgotten)
  }

  /** Whether a scrape within the window may see a check that failed. It seldom does, and this is much less work than the sums. */
  mayHaveFailed(seconds: number, now: number): boolean {
    return this.#failedUntil > now - seconds
  }

  /** @returns Undefined where no scrape within the window sees a check. */
  within(seconds: number, now: number): Tally | undefined {
    const newest = this.#newestRun(now, (steps) => Math.floor(steps) + 1)
    const edge = now - seconds
    if (!newest || newest.lastAt <= edge) return undefined
    const oldest = this.#runs[this.#firstAfter(edge)] ?? newest
    const left = partBefore(oldest, edge)
    const sum = (what: keyof Tally): number =>
      newest.before[what] + newest[what] - oldest.before[what] - left[what]
    return { scrapes: sum('scrapes'), succeeded: sum('succeeded'), checks: sum('checks') }
  }

  /** How many scrapes within the window see each reason of a failure. */
  reasons(seconds: number, now: number): Map<FailureReason, number> {
    const counts = new Map<FailureReason, number>()
    const edge = now - seconds
    const newest = this.#newestRun(now, (steps) => Math.floor(steps) + 1)
    const seen = [...this.#runs.slice(this.#firstAfter(edge)), ...(newest ? [newest] : [])]
    for (const run of seen) {
      const { reason, scrapes, succeeded } = run
      if (reason === undefined || run.lastAt <= edge) continue
      const left = partBefore(run, edge)
      const failed = scrapes - succeeded - left.scrapes + left.succeeded
      counts.set(reason, (counts.get(reason) ?? 0) + failed)
    }
    return counts
  }

  /** Moves all checks in time: the wall clock has jumped by so many seconds. */
  shift(seconds: number): void {
    this.#runs = this.#runs.map((run) => ({
      ...run,
      firstAt: run.firstAt + seconds,
      lastAt: run.lastAt + seconds,
    }))
    this.#failedUntil += seconds
    if (this.#newest) this.#newest = { ...this.#newest, at: this.#newest.at + seconds }
  }

  /** The index of the oldest run that the window sees a part of. */
  #firstAfter(edge: number): number {
    let [from, to] = [0, this.#runs.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if ((this.#runs[middle]?.lastAt ?? Infinity) > edge) to = middle
      else from = middle + 1
    }
    return from
  }

  /** The newest check as a run, as it is seen until then. */
  #newestRun(until: number, count: (steps: number) => number): Run | undefined {
    if (!this.#newest) return undefined
    const { at, reason, every, perCheck } = this.#newest
    const scrapes = Math.min(perCheck, Math.max(1, count((until - at) / every)))
    const lastAt = at + (scrapes - 1) * every
    const succeeded = reason === undefined ? scrapes : 0
    const last = this.#runs.at(-1)
    const before = last ? added(last.before, last) : { scrapes: 0, succeeded: 0, checks: 0 }
    return { reason, firstAt: at, lastAt, scrapes, succeeded, checks: 1, before, every, perCheck }
  }

  #append(next: Run): void {
    const last = this.#runs.at(-1)
    // Where checks were left out, a run would be taken for one that is thinner all along.
    if (last && isSame(last, next) && next.firstAt - last.lastAt < 1.5 * next.every) {
      last.lastAt = next.lastAt
      last.scrapes += next.scrapes
      last.succeeded += next.succeeded
      last.checks += next.checks
    } else this.#runs.push(next)
    const [oldest, second] = this.#runs
    if (this.#runs.length <= maxRuns || !oldest || !second) return
    const both = joined(oldest, second)
    this.#runs.splice(0, 2, both)
    // Its failures are spread over all of it.
    if (both.reason !== undefined) this.#failedUntil = Math.max(this.#failedUntil, both.lastAt)
  }
}

function isSame(a: Run, b: Run): boolean {
  return a.reason === b.reason && a.every === b.every && a.perCheck === b.perCheck
}

function joined(first: Run, second: Run): Run {
  return {
    reason: first.reason ?? second.reason,
    firstAt: first.firstAt,
    lastAt: second.lastAt,
    before: first.before,
    every: first.every,
    perCheck: first.perCheck,
    ...added(first, second),
  }
}

function added(a: Tally, b: Tally): Tally {
  return {
    scrapes: a.scrapes + b.scrapes,
    succeeded: a.succeeded + b.succeeded,
    checks: a.checks + b.checks,
  }
}

/** The part of a run that a window does not see. */
function partBefore({ firstAt, lastAt, scrapes, succeeded, checks, perCheck }: Run, edge: number): Tally {
  if (firstAt > edge) return { scrapes: 0, succeeded: 0, checks: 0 }
  const spacing = (lastAt - firstAt) / (scrapes - 1)
  const seen = Math.ceil((lastAt - edge) / spacing)
  return {
    scrapes: scrapes - seen,
    succeeded: succeeded - (succeeded * seen) / scrapes,
    checks: checks - Math.ceil(seen / perCheck),
  }
}
