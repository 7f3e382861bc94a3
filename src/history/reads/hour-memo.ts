import type { Buckets } from '../../lib/latency-buckets.ts'

/** What tells an hour from what it was before more of it was added up. */
export interface HourVersion {
  readonly checks: number
  readonly failures: number
  /** Seconds. */
  readonly durationSum: number
}

/** The histogram of an hour, as pairs of a bucket and a count. As a map it would take ten times as much memory. */
export interface KnownHour {
  /** Seconds; undefined where no check succeeded. */
  readonly p50: number | undefined
  readonly pairs: Int32Array
}

/** Histograms of hours that were read before: most of a day does not change any more, and to read and parse it takes longest. */
export interface HourMemo {
  /** Undefined where it is not known, or has changed since. */
  readonly get: (series: number, hour: number, version: HourVersion) => KnownHour | undefined
  readonly set: (series: number, hour: number, version: HourVersion, known: KnownHour) => void
  /** Forgets hours before this one. */
  readonly forget: (first: number) => void
}

/** @param most Hours that are remembered: about 500 bytes each. Default 50,000, those of 2,000 targets. */
export function createHourMemo(most = 50_000): HourMemo {
  const byHour = new Map<number, Map<number, HourVersion & KnownHour>>()
  let size = 0
  return {
    get(series, hour, { checks, failures, durationSum }) {
      const known = byHour.get(hour)?.get(series)
      const isSame =
        known?.checks === checks && known.failures === failures && known.durationSum === durationSum
      return isSame ? known : undefined
    },
    set(series, hour, version, known) {
      let ofHour = byHour.get(hour)
      if (!ofHour) byHour.set(hour, (ofHour = new Map<number, HourVersion & KnownHour>()))
      const isNew = !ofHour.has(series)
      if (isNew && size >= most) return
      if (isNew) size++
      ofHour.set(series, { ...version, ...known })
    },
    forget(first) {
      for (const [hour, ofHour] of byHour) {
        if (hour >= first) continue
        size -= ofHour.size
        byHour.delete(hour)
      }
    },
  }
}

/** As pairs of a bucket and a count. */
export function packed(buckets: Buckets): Int32Array {
  return Int32Array.from([...buckets].flat())
}

/** Several as one. */
export function unpacked(all: readonly Int32Array[]): Buckets {
  const sum = new Map<number, number>()
  for (const pairs of all)
    for (let index = 0; index < pairs.length; index += 2) {
      const [bucket = 0, count = 0] = [pairs[index], pairs[index + 1]]
      sum.set(bucket, (sum.get(bucket) ?? 0) + count)
    }
  return sum
}
