import type { Call, DecodedDatagram, Outcome } from 'probity-client/wire'
import type { CallTarget } from '../config/target/calls.ts'
import { callMetrics } from '../metrics/calls.ts'
import type { Metric } from '../checks/metric.ts'
import { formatLabels, head } from '../metrics/text.ts'
import { TargetSeries, type Lines } from './target-series.ts'

/** How calls arrive. */
export const protocols = ['udp', 'http', 'otlp'] as const
export type Protocol = (typeof protocols)[number]

/** Hosts of calls that match nothing, which have their own series. */
const maxHosts = 100

/** A result label, and where the number for it comes from. */
const results: readonly (readonly [string, (decoded: DecodedDatagram) => number])[] = [
  ['accepted', ({ calls }) => calls.length],
  ['malformed', ({ malformed }) => malformed],
  ['unknown_version', ({ unknownVersion }) => unknownVersion],
  ['too_long', ({ tooLong }) => tooLong],
]

/**
 * Counts calls and renders them. Nothing that a datagram holds can make more than a fixed number of series: hosts, callers
 * and versions beyond it are counted as `other`.
 */
export class CallsMetrics {
  readonly #targets = new Map<string, TargetSeries>()
  readonly #unmatched = new Map<string, number>()
  #others = 0
  readonly #messages = new Map<Protocol, number[]>(
    protocols.map((protocol) => [protocol, results.map(() => 0)]),
  )
  readonly #droppedDatagrams: () => number

  /** @param droppedDatagrams How many the kernel has dropped. */
  constructor(droppedDatagrams: () => number) {
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

  matched(target: string, call: Call, outcome: Outcome, now: number): void {
    this.#targets.get(target)?.observe(call, outcome, now)
  }

  unmatched({ host }: Pick<Call, 'host'>): void {
    const name = host === '' ? 'unknown' : host
    const known = this.#unmatched.get(name)
    if (known !== undefined) this.#unmatched.set(name, known + 1)
    else if (this.#unmatched.size < maxHosts) this.#unmatched.set(Buffer.from(name).toString(), 1)
    else this.#others += 1
  }

  /** In Prometheus' text format. */
  render(): string {
    const lines: Lines = { duration: [], overLimit: [], maxLatency: [], maxErrorRatio: [] }
    for (const target of this.#targets.values()) target.render(lines)
    return [
      family(callMetrics.duration, lines.duration),
      family(callMetrics.overLimit, lines.overLimit),
      family(callMetrics.maxLatency, lines.maxLatency),
      family(callMetrics.maxErrorRatio, lines.maxErrorRatio),
      family(callMetrics.unmatched, this.#unmatchedLines()),
      family(callMetrics.messages, this.#messageLines()),
      family(callMetrics.dropped, [`${callMetrics.dropped.name} ${this.#droppedDatagrams()}`]),
    ].join('')
  }

  #unmatchedLines(): string[] {
    const hosts = new Map(this.#unmatched)
    // A host may be called other, too.
    if (this.#others > 0) hosts.set('other', (hosts.get('other') ?? 0) + this.#others)
    return [...hosts].map(
      ([host, count]) => `${callMetrics.unmatched.name}{${formatLabels({ host })}} ${count}`,
    )
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

function family(metric: Metric, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${head(metric)}${lines.join('\n')}\n`
}
