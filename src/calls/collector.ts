import { decodeDatagram, type Call, type DecodedDatagram, type Outcome } from 'probity-client/wire'
import type { CallTarget } from '../config/target/calls.ts'
import type { Clock } from '../lib/time/clock.ts'
import type { MetricsRequest } from '../metrics/format.ts'
import { errorName } from './error-name.ts'
import { createMatcher, type Matcher } from './matcher.ts'
import { CallsMetrics, noDrops, type DroppedDatagrams, type Protocol } from './metrics.ts'
import type { IgnoredReason } from './otlp/to-record.ts'
import { outcomeFor } from './outcome.ts'
import type { ReceivedAt } from './target-series.ts'

/** A call as it was received. */
export interface ReceivedCall {
  readonly call: Call
  /** Whose it is; none where no target has asked for it. */
  readonly target?: CallTarget
  readonly outcome?: Outcome
  /** What it failed with; absent where it did not. */
  readonly error?: string
}

export interface CollectorOptions {
  readonly clock: Clock
  /** How many datagrams were lost. Default: none. */
  readonly droppedDatagrams?: () => DroppedDatagrams
}

/** Takes calls, however they arrive, and counts each for the target that has asked for it. */
export interface Collector {
  /**
   * The bytes of a datagram or of a request: lines of the wire format. Never throws.
   *
   * @param traceIds Of each line; empty for a call whose trace is not known. Default: none is known.
   */
  readonly receive: (protocol: Protocol, bytes: Uint8Array, traceIds?: readonly string[]) => DecodedDatagram
  /** Counts spans that no call was made of. */
  readonly ignoredSpans: (reason: IgnoredReason, spans: number) => void
  /** To be called with the targets of every configuration that comes into force. */
  readonly setTargets: (targets: readonly CallTarget[]) => void
  /**
   * Everything that was counted, in Prometheus' text format: in pieces, none of which takes long to make. With exemplars for who
   * asks for OpenMetrics.
   *
   * @param request For Prometheus, the first sample of a series is zero. Default: a person, who reads the text format.
   */
  readonly metrics: (request?: MetricsRequest) => Iterable<string>
  /**
   * Calls a listener with every call, matched or not, until the returned function is called. A listener must not throw.
   */
  readonly onCall: (listener: (received: ReceivedCall) => void) => () => void
}

/** Makes a collector without targets. */
export function createCollector({ clock, droppedDatagrams = () => noDrops }: CollectorOptions): Collector {
  const metrics = new CallsMetrics(droppedDatagrams)
  const listeners = new Set<(received: ReceivedCall) => void>()
  let match: Matcher<CallTarget> = () => undefined

  function take(call: Call, at: ReceivedAt, traceId = ''): void {
    const target = match(call)
    if (target === undefined) {
      metrics.unmatched(call)
      for (const listener of listeners) listener({ call })
      return
    }
    const outcome = outcomeFor(call, target)
    metrics.matched(target.name, call, outcome, traceId === '' ? at : { ...at, traceId })
    const error = outcome === 'error' && { error: errorName(call) }
    for (const listener of listeners) listener({ call, target, outcome, ...error })
  }

  return {
    receive(protocol, bytes, traceIds = []) {
      const decoded = decodeDatagram(bytes)
      metrics.messages(protocol, decoded)
      const at = { monotonic: clock.monotonic(), wall: clock.now() }
      // If a line was refused, nothing says which call has which ID.
      const ids = traceIds.length === decoded.calls.length ? traceIds : []
      for (const [index, call] of decoded.calls.entries()) take(call, at, ids[index])
      return decoded
    },
    ignoredSpans(reason, spans) {
      metrics.ignoredSpans(reason, spans)
    },
    setTargets(targets) {
      match = createMatcher(targets)
      metrics.setTargets(targets)
    },
    metrics: (request = { scrape: false, format: 'text' }) => metrics.render(request),
    onCall(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
