import { LimitedMap } from '../../../lib/limited-map.ts'
import type { CallCounts, CallsView, VersionCalls } from '../rules/rule.ts'
import { LatencyCounters, percentile95 } from './latency-counters.ts'
import { increase, windowOf, type Scrapes, type Window } from './scrapes.ts'

/** One call of a target, for the alerts that judge it. */
export interface JudgedCall {
  readonly durationSeconds: number
  /** Default: as long as that. */
  readonly leastSeconds?: number
  readonly outcome: 'ok' | 'error' | 'unknown'
  /** The name of what it failed with. Default: not known. */
  readonly error?: string | undefined
  /** Default: not known. */
  readonly caller?: string
  /** The release of the caller. Default: not known. */
  readonly version?: string
}

/** Seconds from a scrape to the evaluation that looks at it: half the time between two, as it is on average. */
const scrapeAge = 7.5

const [minute, ninetySeconds, fiveMinutes, halfHour, hour] = [60, 90, 300, 1800, 3600]

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

/** A name, and how often calls failed with it. */
interface NamedError {
  readonly name: string
  readonly counter: Counter
}

/** The series of one version of one caller. */
class Series {
  readonly caller: string
  readonly version: string
  ok?: Counter
  errors?: Counter
  unknown?: Counter
  readonly slow = new Counter()
  readonly latency = new LatencyCounters()

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
  readonly hour: CallsView['hour']
  readonly details: CallsView['details']
  readonly versions: readonly VersionCalls[]
}

/**
 * The calls to one target, counted and looked at as the exporter and Prometheus do it: rules that look at the same scrapes
 * decide the same. Times are seconds that do not jump.
 */
export class CountedCalls {
  readonly #scrapes: number[] = []
  readonly #series = new LimitedMap<Series>({ ...limits, make: (key) => new Series(key) })
  readonly #errors = new LimitedMap<NamedError>({
    ...limits,
    other: 'other',
    make: (name) => ({ name, counter: new Counter() }),
  })

  observe(
    { durationSeconds, outcome, error, caller = '', version = '' }: JudgedCall,
    slow: boolean,
    now: number,
  ): void {
    const series = this.#series.get(`${caller}\t${version}`, now)
    series.count(outcome, slow)
    series.latency.observe(durationSeconds, outcome)
    if (error === undefined || outcome !== 'error') return
    const { counter } = this.#errors.get(error, now)
    counter.add(counter.scraped.length > 0)
  }

  /** Adds up what was counted until now, as a scrape does. */
  scrape(now: number): CallWindows {
    this.#scrapes.push(now - scrapeAge)
    const tooOld = this.#scrapes.findLastIndex((at) => at <= now - hour) + 1
    this.#scrapes.splice(0, tooOld)
    const all = this.#series.values()
    const errors = this.#errors.values()
    for (const series of all) series.latency.scrape()
    for (const counter of [...all.flatMap((series) => series.all), ...errors.map((one) => one.counter)])
      counter.scrape(this.#scrapes.length)
    const window = (seconds: number): Window => windowOf(this.#scrapes, seconds, now)
    const p95 = (of: readonly Series[]): number | undefined =>
      percentile95(
        of.map(({ latency }) => latency),
        this.#scrapes,
        five,
      )
    const [one, five, thirty, sixty] = [minute, fiveMinutes, halfHour, hour].map(window) as [
      Window,
      Window,
      Window,
      Window,
    ]
    return {
      minute: countsOf(all, this.#scrapes, one),
      ninetySeconds: countsOf(all, this.#scrapes, window(ninetySeconds)),
      fiveMinutes: countsOf(all, this.#scrapes, five),
      hour: {
        ok: sumOf(all.map(({ ok }) => grown(this.#scrapes, ok, sixty))),
        errors: sumOf(all.map(({ errors: own }) => grown(this.#scrapes, own, sixty))),
        error: mostOf(errors, (counter) => grown(this.#scrapes, counter, sixty))?.name,
      },
      details: {
        error: mostOf(errors, ({ scraped }) => Math.round(increase(this.#scrapes, scraped, five) ?? 0)),
        p95: () => p95(all),
      },
      versions: all.map((series) => ({
        caller: series.caller,
        version: series.version,
        halfHour: countsOf([series], this.#scrapes, thirty),
        fiveMinutes: countsOf([series], this.#scrapes, five),
        p95: () => p95([series]),
        othersP95: () => p95(all.filter((one) => isOther(one, series))),
      })),
    }
  }
}

/** Whether it is another version of the same caller. */
function isOther(one: Series, than: Series): boolean {
  return one.caller === than.caller && one.version !== than.version && one.version !== ''
}

function countsOf(all: readonly Series[], scrapes: Scrapes, window: Window): CallCounts {
  const sum = (which: 'ok' | 'errors' | 'unknown' | 'slow'): number =>
    all.reduce((total, series) => total + (increase(scrapes, series[which]?.scraped ?? [], window) ?? 0), 0)
  const [ok, errors] = [sum('ok'), sum('errors')]
  return { total: ok + errors + sum('unknown'), slow: sum('slow'), ok, errors }
}

/** By how much a counter grew within a window, in whole calls: what it had when it was first seen does not count. */
function grown(scrapes: Scrapes, counter: Counter | undefined, { first }: Window): number {
  if (!counter) return 0
  const unseen = scrapes.length - counter.scraped.length
  const oldest = counter.scraped[Math.max(first - unseen, 0)]
  return (counter.scraped.at(-1) ?? 0) - (oldest ?? 0)
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

/** The most frequent error; undefined where none is seen to grow. */
function mostOf(
  errors: readonly NamedError[],
  timesOf: (counter: Counter) => number,
): { readonly name: string; readonly times: number } | undefined {
  const counted = errors.map(({ name, counter }) => ({ name, times: timesOf(counter) }))
  return counted.filter(({ times }) => times > 0).sort((a, b) => b.times - a.times)[0]
}
