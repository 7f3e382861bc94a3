import type { Call, DecodedDatagram, Outcome } from 'probity-client/wire'
import type { CallTarget } from '../config/target/calls.ts'
import { callMetrics } from '../metrics/calls.ts'
import type { Metric } from '../checks/metric.ts'
import type { MetricsRequest } from '../metrics/format.ts'
import { formatLabels, head } from '../metrics/text.ts'
import { FewNames, UnmatchedOperations } from './few-names.ts'
import { ignoredReasons, type IgnoredReason } from './otlp/to-record.ts'
import { TargetSeries, type Lines, type ReceivedAt } from './target-series.ts'

/** How calls arrive. */
export const protocols = ['udp', 'http', 'otlp'] as const
export type Protocol = (typeof protocols)[number]

/** Datagrams that were lost, by the reason: the buffer of the kernel was full, or the sender is in no allowed network. */
export type DroppedDatagrams = Readonly<Record<'buffer' | 'network', number>>

export const noDrops: DroppedDatagrams = { buffer: 0, network: 0 }

type OneLabelled = Metric & { readonly labels: readonly [string] }

/** A result label, and where the number for it comes from. */
const results: readonly (readonly [string, (decoded: DecodedDatagram) => number])[] = [
  ['accepted', ({ calls }) => calls.length],
  ['malformed', ({ malformed }) => malformed],
  ['unknown_version', ({ unknownVersion }) => unknownVersion],
  ['too_long', ({ tooLong }) => tooLong],
]

/**
 * Counts calls and renders them. Nothing that a datagram holds can make more than a fixed number of series: hosts,
 * operations, callers and versions beyond it are counted as `other`.
 */
export class CallsMetrics {
  readonly #targets = new Map<string, TargetSeries>()
  readonly #unmatchedHosts = new FewNames()
  readonly #unmatchedOperations = new UnmatchedOperations()
  readonly #ignoredSpans = new Map<IgnoredReason, number>(ignoredReasons.map((reason) => [reason, 0]))
  readonly #messages = new Map<Protocol, number[]>(
    protocols.map((protocol) => [protocol, results.map(() => 0)]),
  )
  readonly #droppedDatagrams: () => DroppedDatagrams

  /** @param droppedDatagrams How many were lost so far. */
  constructor(droppedDatagrams: () => DroppedDatagrams) {
    this.#droppedDatagrams = droppedDatagrams
  }

  /** To be called with the targets of every configuration that comes into force; those that are gone are forgotten. */
  setTargets(targets: readonly CallTarget[]): void {
    const names = new Set(targets.map(({ name }) => name))
    for (const name of this.#targets.keys()) if (!names.has(name)) this.#targets.delete(name)
    for (const target of targets) {
      const known = this.#targets.get(target.name)
      if (known === undefined) this.#targets.set(target.name, new TargetSeries(target))
      else known.update(target)
    }
  }

  messages(protocol: Protocol, decoded: DecodedDatagram): void {
    const counts = this.#messages.get(protocol) as number[]
    for (const [index, [, count]] of results.entries())
      counts[index] = (counts[index] as number) + count(decoded)
  }

  matched(target: string, call: Call, outcome: Outcome, at: ReceivedAt): void {
    this.#targets.get(target)?.observe(call, outcome, at)
  }

  unmatched(call: Pick<Call, 'host' | 'operation'>): void {
    this.#unmatchedHosts.count(call.host === '' ? 'unknown' : call.host)
    this.#unmatchedOperations.count(call)
  }

  ignoredSpans(reason: IgnoredReason, spans: number): void {
    this.#ignoredSpans.set(reason, (this.#ignoredSpans.get(reason) ?? 0) + spans)
  }

  /**
   * In Prometheus' text format, in pieces: a target or a line at a time.
   *
   * @param request For Prometheus, the first sample of a series is zero.
   */
  *render(request: MetricsRequest): Generator<string> {
    const lines: Lines = {
      duration: [],
      overLimit: [],
      errors: [],
      maxLatency: [],
      maxErrorRatio: [],
      lastCall: [],
      alertMissing: [],
      paused: [],
    }
    for (const target of this.#targets.values()) {
      target.render(lines, request)
      // Nothing is ready yet, but a target's lines may be hundreds.
      yield ''
    }
    yield* family(callMetrics.duration, lines.duration)
    yield* family(callMetrics.overLimit, lines.overLimit)
    yield* family(callMetrics.errors, lines.errors)
    yield* family(callMetrics.maxLatency, lines.maxLatency)
    yield* family(callMetrics.maxErrorRatio, lines.maxErrorRatio)
    yield* family(callMetrics.lastCall, lines.lastCall)
    yield* family(callMetrics.alertMissing, lines.alertMissing)
    yield* family(callMetrics.paused, lines.paused)
    yield* family(callMetrics.unmatched, countLines(callMetrics.unmatched, this.#unmatchedHosts.counts()))
    yield* family(
      callMetrics.unmatchedOperations,
      countLines(callMetrics.unmatchedOperations, this.#unmatchedOperations.counts()),
    )
    yield* family(callMetrics.ignoredSpans, countLines(callMetrics.ignoredSpans, this.#ignoredSpans))
    yield* family(callMetrics.messages, this.#messageLines())
    const dropped = new Map(Object.entries(this.#droppedDatagrams()))
    yield* family(callMetrics.dropped, countLines(callMetrics.dropped, dropped))
  }

  #messageLines(): string[] {
    return [...this.#messages].flatMap(([protocol, counts]) =>
      results.map(
        ([result], index) =>
          `${callMetrics.messages.name}{${formatLabels({ protocol, result })}} ${counts[index] ?? 0}`,
      ),
    )
  }
}

function countLines({ name, labels: [label] }: OneLabelled, counts: ReadonlyMap<string, number>): string[] {
  return [...counts].map(([value, count]) => `${name}{${formatLabels({ [label]: value })}} ${count}`)
}

function* family(metric: Metric, lines: readonly string[]): Generator<string> {
  if (lines.length > 0) yield head(metric)
  for (const line of lines) yield `${line}\n`
}
