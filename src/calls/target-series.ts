import { isOverLimit, type Call, type Outcome } from 'probity-client/wire'
import type { CallTarget } from '../config/target/calls.ts'
import { LimitedMap } from '../lib/limited-map.ts'
import { callMetrics } from '../metrics/calls.ts'
import type { MetricsRequest } from '../metrics/format.ts'
import { formatLabels, formatValue } from '../metrics/text.ts'
import { errorName } from './error-name.ts'
import { Histogram } from './histogram.ts'

/**
 * Callers and versions, and errors, of one target that have their own series. Milliseconds without a call after which one gives its place to a
 * new one: releases come and go.
 */
const limits = { max: 20, idle: 6 * 3_600_000, other: 'other\tother' }

/** The calls of one version of one caller. */
interface Pair {
  readonly caller: string
  readonly version: string
  readonly outcomes: Map<Outcome, Counted>
  /** Ready for the text format. */
  labels: string
}

/** The calls of one version of one caller that came to the same. */
class Counted {
  readonly histogram = new Histogram()
  overLimit = 0
  /** Whether Prometheus knows the series. */
  scraped = false
}

/** What Prometheus sees of a series first: it takes no value for an increase unless it saw a smaller one before. */
const nothing = new Counted()

/** The lines of each family, as they are collected. */
export type Lines = Record<
  | 'duration'
  | 'overLimit'
  | 'errors'
  | 'maxLatency'
  | 'maxErrorRatio'
  | 'lastCall'
  | 'alertMissing'
  | 'paused',
  string[]
>

/** When a call was received, in milliseconds by both clocks, and the trace that it is part of, if that is known. */
export interface ReceivedAt {
  readonly monotonic: number
  readonly wall: number
  readonly traceId?: string
}

/** Everything that /metrics says about the calls to one target. */
export class TargetSeries {
  #target: CallTarget
  #labels: string
  readonly #pairs: LimitedMap<Pair>
  readonly #errors = new LimitedMap<{ readonly name: string; count: number; scraped: boolean }>({
    ...limits,
    other: 'other',
    make: (name) => ({ name, count: 0, scraped: false }),
  })
  /** Unix seconds. */
  #lastCallAt: number | undefined

  constructor(target: CallTarget) {
    this.#target = target
    this.#labels = formatLabels({ ...target.labels, target: target.name })
    this.#pairs = new LimitedMap({ ...limits, make: (key) => this.#makePair(key) })
  }

  /** Takes what a reload has changed; what was counted stays. */
  update(target: CallTarget): void {
    this.#target = target
    this.#labels = formatLabels({ ...target.labels, target: target.name })
    for (const pair of this.#pairs.values()) pair.labels = this.#pairLabels(pair)
  }

  observe(
    call: Pick<Call, 'caller' | 'version' | 'durationSeconds' | 'leastSeconds' | 'status' | 'error'>,
    outcome: Outcome,
    { monotonic, wall, traceId }: ReceivedAt,
  ): void {
    this.#lastCallAt = wall / 1000
    const pair = this.#pairs.get(`${call.caller}\t${call.version}`, monotonic)
    const counted = pair.outcomes.get(outcome) ?? this.#begin(pair, outcome)
    counted.histogram.observe(call.durationSeconds, traceId, wall)
    if (outcome === 'error') this.#errors.get(errorName(call), monotonic).count += 1
    if (isOverLimit(call, this.#target.expect.maxLatency)) counted.overLimit += 1
  }

  #begin({ outcomes }: Pair, outcome: Outcome): Counted {
    const counted = new Counted()
    outcomes.set(outcome, counted)
    // A series that begins at its first error has no increase to show for it, so that both begin with the first call.
    if (outcome === 'ok') outcomes.set('error', new Counted())
    if (outcome === 'error') outcomes.set('ok', new Counted())
    return counted
  }

  #makePair(key: string): Pair {
    const [caller = '', version = ''] = key.split('\t')
    return {
      caller,
      version,
      outcomes: new Map(),
      labels: this.#pairLabels({ caller, version }),
    }
  }

  #pairLabels({ caller, version }: Pick<Pair, 'caller' | 'version'>): string {
    return `${this.#labels},${formatLabels({ caller, version })}`
  }

  /**
   * Appends this target's lines to those of each family.
   *
   * @param request For Prometheus, the first sample of a series is zero, whatever was counted.
   */
  render(lines: Lines, { scrape, format }: MetricsRequest): void {
    const { maxLatency, maxErrorRatio } = this.#target.expect
    lines.maxLatency.push(`${callMetrics.maxLatency.name}{${this.#labels}} ${formatValue(maxLatency)}`)
    lines.maxErrorRatio.push(
      `${callMetrics.maxErrorRatio.name}{${this.#labels}} ${formatValue(maxErrorRatio)}`,
    )
    const { missing, paused } = this.#target
    const alertsMissing = missing === 'off' || paused ? 0 : 1
    lines.alertMissing.push(`${callMetrics.alertMissing.name}{${this.#labels}} ${alertsMissing}`)
    if (paused) lines.paused.push(`${callMetrics.paused.name}{${this.#labels}} 1`)
    if (this.#lastCallAt !== undefined)
      lines.lastCall.push(`${callMetrics.lastCall.name}{${this.#labels}} ${this.#lastCallAt}`)
    for (const error of this.#errors.values()) {
      const shown = scrape && !error.scraped ? 0 : error.count
      error.scraped ||= scrape
      const labels = `${this.#labels},${formatLabels({ error: error.name })}`
      lines.errors.push(`${callMetrics.errors.name}{${labels}} ${shown}`)
    }
    for (const { labels, outcomes } of this.#pairs.values()) {
      let overLimit = 0
      for (const [outcome, counted] of outcomes) {
        const shown = scrape && !counted.scraped ? nothing : counted
        counted.scraped ||= scrape
        overLimit += shown.overLimit
        const own = `${labels},outcome="${outcome}"`
        shown.histogram.render(callMetrics.duration.name, own, lines.duration, format === 'openMetrics')
      }
      lines.overLimit.push(`${callMetrics.overLimit.name}{${labels}} ${overLimit}`)
    }
  }
}
