import { latencyBucket } from '../../lib/latency-buckets.ts'
import type { Clock } from '../../lib/time/clock.ts'
import { storable, type CallRow } from '../row.ts'

/** A call of which the target is known. */
export interface CountedCall {
  readonly target: string
  readonly labels: Readonly<Record<string, string>>
  readonly caller: string
  readonly version: string
  readonly durationSeconds: number
  readonly outcome: 'ok' | 'error' | 'unknown'
  /** Whether it took longer than is expected of it. */
  readonly overLimit: boolean
}

export interface CallMinutesOptions {
  readonly location: string
  readonly clock: Pick<Clock, 'now'>
  /** Makes a name that no process has had. */
  readonly newWriter: () => string
  /** Takes what a minute has come to. */
  readonly add: (row: CallRow) => void
}

/** Adds up calls until their minute is over. */
export interface CallMinutes {
  readonly observe: (call: CountedCall) => void
  /** Hands over a minute that is over. To be called every few seconds, for when no calls come. */
  readonly tick: () => void
  /** Hands over what there is. */
  readonly flush: () => void
}

/** Callers and versions of one target in one minute; those beyond are counted as `other`. */
const maxPairs = 20
const other = 'other'
const others = `${other}\t${other}`
const minuteMs = 60_000

interface Pair {
  readonly caller: string
  readonly version: string
  ok: number
  error: number
  unknown: number
  overLimit: number
  durationSum: number
  readonly latency: Map<number, number>
}

interface TargetCalls {
  labels: CountedCall['labels']
  readonly pairs: Map<string, Pair>
}

/** Sums calls per minute, target, caller and version. What is in memory depends on the targets alone. */
export function callMinutes({ location, clock, newWriter, add }: CallMinutesOptions): CallMinutes {
  const targets = new Map<string, TargetCalls>()
  let minute = -Infinity
  let writer = newWriter()

  function flush(): void {
    for (const [target, { labels, pairs }] of targets)
      for (const pair of pairs.values())
        add({
          target,
          location,
          labels,
          checked_at: new Date(minute * minuteMs).toISOString(),
          calls: summary(pair, writer),
        })
    targets.clear()
  }

  function tick(): void {
    const now = Math.floor(clock.now() / minuteMs)
    if (now === minute) return
    flush()
    // A minute that comes a second time, because the clock was set back, must not be taken for the first.
    if (now < minute) writer = newWriter()
    minute = now
  }

  return {
    observe(call) {
      tick()
      let own = targets.get(call.target)
      if (!own) targets.set(call.target, (own = { labels: call.labels, pairs: new Map() }))
      own.labels = call.labels
      count(pairOf(own.pairs, call.caller, call.version), call)
    },
    tick,
    flush() {
      flush()
      // More of the same minute may come.
      writer = newWriter()
    },
  }
}

function pairOf(pairs: Map<string, Pair>, caller: string, version: string): Pair {
  const key = `${caller}\t${version}`
  const known = pairs.get(key)
  if (known) return known
  if (pairs.size >= maxPairs && key !== others) return pairOf(pairs, other, other)
  const pair: Pair = {
    caller: storable(caller),
    version: storable(version),
    ok: 0,
    error: 0,
    unknown: 0,
    overLimit: 0,
    durationSum: 0,
    latency: new Map(),
  }
  // A copy: what was cut from a datagram may otherwise hold on to all of it.
  pairs.set(Buffer.from(key).toString(), pair)
  return pair
}

function count(pair: Pair, { durationSeconds, outcome, overLimit }: CountedCall): void {
  pair[outcome] += 1
  pair.durationSum += durationSeconds
  if (overLimit) pair.overLimit += 1
  if (outcome === 'error') return
  const bucket = latencyBucket(durationSeconds)
  pair.latency.set(bucket, (pair.latency.get(bucket) ?? 0) + 1)
}

function summary(pair: Pair, writer: string): CallRow['calls'] {
  const { caller, version, ok, error, unknown, overLimit, durationSum, latency } = pair
  return {
    caller,
    version,
    writer,
    ok,
    error,
    unknown,
    over_limit: overLimit,
    duration_sum: durationSum,
    latency: Object.fromEntries(latency),
  }
}
