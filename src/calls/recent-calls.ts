import { joined, latencyBucket, latencyOf } from '../lib/latency-buckets.ts'

/** One call of a target. */
export interface CountedCall {
  readonly durationSeconds: number
  readonly outcome: 'ok' | 'error' | 'unknown'
  /** Whether it took longer than is expected of it. */
  readonly overLimit: boolean
}

/** The calls of the last minutes. */
interface CallsSum {
  readonly calls: number
  /** Of those that reported how they ended. */
  readonly errors: number
  /** Those that did not. */
  readonly unknown: number
  readonly overLimit: number
  /** Seconds, of the calls that did not fail, within 1 %; absent where there was none. */
  readonly p95Seconds?: number
}

interface Slot {
  readonly startedAt: number
  calls: number
  errors: number
  unknown: number
  overLimit: number
  readonly latency: Map<number, number>
}

/** Seconds that are looked back at, and seconds that are added up: the oldest are forgotten together. */
const recentSeconds = 600
const slotSeconds = 15

/** Adds up the calls to one target in the last ten minutes, in memory that does not grow with them. Times are seconds that do not jump. */
export class RecentCalls {
  #slots: Slot[] = []

  observe({ durationSeconds, outcome, overLimit }: CountedCall, now: number): void {
    const slot = this.#slotAt(now)
    slot.calls += 1
    if (outcome === 'unknown') slot.unknown += 1
    if (overLimit) slot.overLimit += 1
    if (outcome === 'error') {
      slot.errors += 1
      return
    }
    const bucket = latencyBucket(durationSeconds)
    slot.latency.set(bucket, (slot.latency.get(bucket) ?? 0) + 1)
  }

  sum(now: number): CallsSum {
    this.#forget(now)
    const total = (which: 'calls' | 'errors' | 'unknown' | 'overLimit'): number =>
      this.#slots.reduce((sum, slot) => sum + slot[which], 0)
    const { p95 } = latencyOf(joined(this.#slots.map(({ latency }) => latency)))
    return {
      calls: total('calls'),
      errors: total('errors'),
      unknown: total('unknown'),
      overLimit: total('overLimit'),
      ...(p95 !== undefined && { p95Seconds: p95 }),
    }
  }

  #slotAt(now: number): Slot {
    const startedAt = now - (now % slotSeconds)
    const newest = this.#slots.at(-1)
    if (newest && newest.startedAt >= startedAt) return newest
    this.#forget(now)
    const slot = {
      startedAt,
      calls: 0,
      errors: 0,
      unknown: 0,
      overLimit: 0,
      latency: new Map<number, number>(),
    }
    this.#slots.push(slot)
    return slot
  }

  #forget(now: number): void {
    this.#slots = this.#slots.filter(({ startedAt }) => startedAt > now - recentSeconds)
  }
}
