import type { Call, Outcome } from 'probity-client/wire'
import type { CallTarget } from '../config/target/calls.ts'
import { callMetrics } from '../metrics/calls.ts'
import { formatLabels, formatValue } from '../metrics/text.ts'
import { Histogram } from './histogram.ts'

/** Callers and versions of one target that have their own series. */
const maxPairs = 20

/** Milliseconds without a call after which a pair gives its place to a new one: releases come and go. */
const idleMs = 6 * 3_600_000

/** What stands for the caller and the version of the pairs beyond those. */
const other = 'other'

/** The calls of one version of one caller. */
interface Pair {
  readonly caller: string
  readonly version: string
  readonly outcomes: Map<Outcome, Histogram>
  overLimit: number
  lastCall: number
  /** Ready for the text format. */
  labels: string
}

/** The lines of each family, as they are collected. */
export type Lines = Record<'duration' | 'overLimit' | 'maxLatency' | 'maxErrorRatio', string[]>

/** Everything that /metrics says about the calls to one target. */
export class TargetSeries {
  #target: CallTarget
  #labels: string
  readonly #pairs = new Map<string, Pair>()

  constructor(target: CallTarget) {
    this.#target = target
    this.#labels = formatLabels({ ...target.labels, target: target.name })
  }

  /** Takes what a reload has changed; what was counted stays. */
  update(target: CallTarget): void {
    this.#target = target
    this.#labels = formatLabels({ ...target.labels, target: target.name })
    for (const pair of this.#pairs.values()) pair.labels = this.#pairLabels(pair)
  }

  observe(call: Pick<Call, 'caller' | 'version' | 'durationSeconds'>, outcome: Outcome, now: number): void {
    const pair = this.#pair(call.caller, call.version, now)
    pair.lastCall = now
    if (!pair.outcomes.has(outcome)) {
      // A series that begins at its first error has no increase to show for it, so that both begin with the first call.
      const outcomes: Outcome[] = outcome === 'unknown' ? ['unknown'] : ['ok', 'error']
      for (const each of outcomes) pair.outcomes.set(each, new Histogram())
    }
    pair.outcomes.get(outcome)?.observe(call.durationSeconds)
    if (call.durationSeconds > this.#target.expect.maxLatency) pair.overLimit += 1
  }

  #pair(caller: string, version: string, now: number): Pair {
    const key = `${caller}\t${version}`
    const known = this.#pairs.get(key)
    if (known !== undefined) return known
    if (this.#pairs.size >= maxPairs && !this.#forgetIdle(now)) return this.#others(now)
    return this.#add(key, caller, version, now)
  }

  #others(now: number): Pair {
    const key = `${other}\t${other}`
    return this.#pairs.get(key) ?? this.#add(key, other, other, now)
  }

  #add(key: string, caller: string, version: string, now: number): Pair {
    // A copy: what was cut from a datagram may otherwise hold on to all of it.
    const names = { caller: Buffer.from(caller).toString(), version: Buffer.from(version).toString() }
    const pair: Pair = { ...names, outcomes: new Map(), overLimit: 0, lastCall: now, labels: '' }
    pair.labels = this.#pairLabels(pair)
    this.#pairs.set(Buffer.from(key).toString(), pair)
    return pair
  }

  #forgetIdle(now: number): boolean {
    for (const [key, pair] of this.#pairs) {
      if (pair.caller === other || now - pair.lastCall < idleMs) continue
      this.#pairs.delete(key)
      return true
    }
    return false
  }

  #pairLabels({ caller, version }: Pair): string {
    return `${this.#labels},${formatLabels({ caller, version })}`
  }

  /** Appends this target's lines to those of each family. */
  render(lines: Lines): void {
    const { maxLatency, maxErrorRatio } = this.#target.expect
    lines.maxLatency.push(`${callMetrics.maxLatency.name}{${this.#labels}} ${formatValue(maxLatency)}`)
    lines.maxErrorRatio.push(
      `${callMetrics.maxErrorRatio.name}{${this.#labels}} ${formatValue(maxErrorRatio)}`,
    )
    for (const { labels, outcomes, overLimit } of this.#pairs.values()) {
      for (const [outcome, histogram] of outcomes)
        histogram.render(callMetrics.duration.name, `${labels},outcome="${outcome}"`, lines.duration)
      lines.overLimit.push(`${callMetrics.overLimit.name}{${labels}} ${overLimit}`)
    }
  }
}
