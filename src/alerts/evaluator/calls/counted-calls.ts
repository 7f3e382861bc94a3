import { LimitedMap } from '../../../lib/limited-map.ts'
import type { CallCounts, VersionCalls } from '../rules/rule.ts'
import { increase, windowOf, type Scrapes, type Window } from './scrapes.ts'

/** One call of a target, for the alerts that judge it. */
export interface JudgedCall {
  readonly durationSeconds: number
  /** Default: as long as that. */
  readonly leastSeconds?: number
  readonly outcome: 'ok' | 'error' | 'unknown'
  /** Default: not known. */
  readonly caller?: string
  /** The release of the caller. Default: not known. */
  readonly version?: string
}

/** Seconds from a scrape to the evaluation that looks at it: half the time between two, as it is on average. */
const scrapeAge = 7.5

const [minute, ninetySeconds, fiveMinutes, halfHour] = [60, 90, 300, 1800]

/** As many pairs of caller and version as the exporter keeps apart. Seconds without a call until one gives up its place. */
const limits = { max: 20, idle: 6 * 3600, other: 'other\tother' }

/**
 * A series of a counter: absent until there is something to count. The first scrape sees zero, as that of the exporter does: what was
 * counted before it shows as an increase in the second.
 */
class Counter {
  #count = 0
  #sinceScrape = 0
  readonly scraped: number[] = []

  /** @param known Whether a scrape has seen what is counted. */
  add(known: boolean): void {
    if (known) this.#count += 1
    else this.#sinceScrape += 1
  }

  /** @param keep How many scrapes to remember. */
  scrape(keep: number): void {
    this.scraped.push(this.#count)
    this.scraped.splice(0, this.scraped.length - keep)
    this.#count += this.#sinceScrape
    this.#sinceScrape = 0
  }
}

/** The series of one version of one caller. */
class Series {
  readonly caller: string
  readonly version: string
  ok?: Counter
  errors?: Counter
  unknown?: Counter
  readonly slow = new Counter()

  constructor(key: string) {
    const [caller = '', version = ''] = key.split('\t')
    this.caller = caller
    this.version = version
  }

  /** A series that begins at its first error would have no increase to show for it: both begin with the first call. */
  count(outcome: JudgedCall['outcome'], slow: boolean): void {
    const counter = this.#counterOf(outcome)
    const known = counter.scraped.length > 0
    counter.add(known)
    if (slow) this.slow.add(known)
  }

  #counterOf(outcome: JudgedCall['outcome']): Counter {
    if (outcome === 'unknown') return (this.unknown ??= new Counter())
    this.ok ??= new Counter()
    this.errors ??= new Counter()
    return outcome === 'ok' ? this.ok : this.errors
  }

  get all(): Counter[] {
    return [this.ok, this.errors, this.unknown, this.slow].filter((one) => one !== undefined)
  }
}

/** What is known of the calls at one evaluation. */
export interface CallWindows {
  readonly minute: CallCounts
  readonly ninetySeconds: CallCounts
  readonly fiveMinutes: CallCounts
  readonly versions: readonly VersionCalls[]
}

/**
 * The calls to one target, counted and looked at as the exporter and Prometheus do it: rules that look at the same scrapes
 * decide the same. Times are seconds that do not jump.
 */
export class CountedCalls {
  readonly #scrapes: number[] = []
  readonly #series = new LimitedMap<Series>({ ...limits, make: (key) => new Series(key) })

  observe({ outcome, caller = '', version = '' }: JudgedCall, slow: boolean, now: number): void {
    this.#series.get(`${caller}\t${version}`, now).count(outcome, slow)
  }

  /** Adds up what was counted until now, as a scrape does. */
  scrape(now: number): CallWindows {
    this.#scrapes.push(now - scrapeAge)
    const tooOld = this.#scrapes.findLastIndex((at) => at <= now - halfHour) + 1
    this.#scrapes.splice(0, tooOld)
    const all = this.#series.values()
    for (const counter of all.flatMap((series) => series.all)) counter.scrape(this.#scrapes.length)
    const window = (seconds: number): Window => windowOf(this.#scrapes, seconds, now)
    const [one, five, thirty] = [window(minute), window(fiveMinutes), window(halfHour)]
    return {
      minute: countsOf(all, this.#scrapes, one),
      ninetySeconds: countsOf(all, this.#scrapes, window(ninetySeconds)),
      fiveMinutes: countsOf(all, this.#scrapes, five),
      versions: all.map((series) => ({
        caller: series.caller,
        version: series.version,
        halfHour: countsOf([series], this.#scrapes, thirty),
        fiveMinutes: countsOf([series], this.#scrapes, five),
      })),
    }
  }
}

function countsOf(all: readonly Series[], scrapes: Scrapes, window: Window): CallCounts {
  const sum = (which: 'ok' | 'errors' | 'unknown' | 'slow'): number =>
    all.reduce((total, series) => total + (increase(scrapes, series[which]?.scraped ?? [], window) ?? 0), 0)
  const [ok, errors] = [sum('ok'), sum('errors')]
  return { total: ok + errors + sum('unknown'), slow: sum('slow'), ok, errors }
}
