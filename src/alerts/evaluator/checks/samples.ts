import type { FailureReason } from '../../../net/failure.ts'
import type { ProbeResult } from '../../../checks/result.ts'
import type { Target } from '../../../config/target/target.ts'
import { scrapeInterval } from '../../../config/target/scrape-interval.ts'

/** One check, as the alerts see it. */
export interface Sample {
  /** When it was made, in unix seconds. */
  readonly at: number
  readonly durationSeconds: number
  /** Absent where it succeeded. */
  readonly reason?: FailureReason | undefined
  /** The earliest expiry of a certificate, in unix seconds; absent where none was seen. */
  readonly certificateExpiry?: number | undefined
  /** The earliest expiry in the chain that verified, in unix seconds; absent where none did. */
  readonly chainExpiry?: number | undefined
  /** Requests that were left of a rate limit; absent where nothing was said. */
  readonly requestsLeft?: number | undefined
}

/** What the alerts see of a result. @param at When the check was made, in unix seconds. */
export function sampleOf({ durationSeconds, failure, tls, rateLimit }: ProbeResult, at: number): Sample {
  return {
    at,
    durationSeconds,
    reason: failure?.reason,
    certificateExpiry: tls && tls.chain.length > 0 ? tls.earliestExpiry : undefined,
    chainExpiry: tls?.lastChainExpiry,
    requestsLeft: rateLimit?.remaining,
  }
}

/** Seconds that the alerts look back: where the interval is over 4m, ten minutes hold too few checks, and some ask for more. */
function longestWindow({ interval, expect }: SampledTarget): number {
  // Ten minutes, and the day before.
  if (expect?.latencySpike !== undefined) return 87_000
  const tail = expect?.maxLatencyP99 !== undefined && interval > 30
  return interval <= 240 && !tail ? 3600 : 86_400
}

/** What decides how many checks are kept. */
export interface SampledTarget {
  /** Seconds between two checks. */
  readonly interval: number
  readonly expect?: Pick<Target['expect'], 'maxLatencyP99' | 'latencySpike'>
}

/** Whether as many checks of both are kept, which are scraped alike. */
export function sampledAlike(a: SampledTarget, b: SampledTarget): boolean {
  return a.interval === b.interval && longestWindow(a) === longestWindow(b)
}

/** Checks that are kept of one target at most, however short its interval. */
const maxSamples = 4000

/**
 * The latest checks of one target, in a ring that never grows.
 *
 * A check weighs as much as the scrapes by which Prometheus would see it: one, or one for each minute of its interval. Windows
 * exclude their left edge, as those of Prometheus 3 do.
 */
export class Samples {
  readonly #capacity: number
  readonly #every: number
  /** Scrapes that see one check at most. */
  readonly #scrapes: number
  readonly #at: Float64Array
  readonly #duration: Float64Array
  /** Made when the first certificate is seen: most checks show none. */
  #expiry: Float64Array | undefined
  /** Made when the first one differs from `#expiry`: most chains verify, and contain nothing else that ends earlier. */
  #chainExpiry: Float64Array | undefined
  /** Made when the first rate limit is seen. */
  #requestsLeft: Float64Array | undefined
  /** Numbers in `#reasons`, which take an eighth of the room; 0 for a success. */
  readonly #reason: Uint8Array
  readonly #reasons: (FailureReason | undefined)[] = [undefined]
  #count = 0
  /** When a check last took longer than so many seconds, for each limit that is asked about: there are few. */
  readonly #exceeded = new Map<number, number>()
  /** Those of another interval. */
  #before: Samples | undefined

  /**
   * @param target Whose checks they are.
   * @param before Those that were made at another interval.
   */
  constructor(target: SampledTarget, before?: Samples) {
    const { interval } = target
    this.#before = before
    this.#capacity = Math.min(maxSamples, Math.ceil(longestWindow(target) / interval) + 2)
    this.#every = scrapeInterval(interval)
    this.#scrapes = Math.round(interval / this.#every)
    this.#at = new Float64Array(this.#capacity)
    this.#duration = new Float64Array(this.#capacity)
    this.#reason = new Uint8Array(this.#capacity)
  }

  add({ at, durationSeconds, reason, certificateExpiry, chainExpiry, requestsLeft }: Sample): void {
    const slot = this.#count++ % this.#capacity
    this.#at[slot] = at
    this.#duration[slot] = durationSeconds
    for (const limit of this.#exceeded.keys()) if (durationSeconds > limit) this.#exceeded.set(limit, at)
    if (certificateExpiry !== undefined) this.#expiry ??= new Float64Array(this.#capacity).fill(NaN)
    if (chainExpiry !== certificateExpiry) this.#chainExpiry ??= this.#expiry?.slice()
    if (this.#expiry) this.#expiry[slot] = certificateExpiry ?? NaN
    if (this.#chainExpiry) this.#chainExpiry[slot] = chainExpiry ?? NaN
    if (requestsLeft !== undefined) this.#requestsLeft ??= new Float64Array(this.#capacity).fill(NaN)
    if (this.#requestsLeft) this.#requestsLeft[slot] = requestsLeft ?? NaN
    this.#reason[slot] = this.#codeOf(reason)
    if (this.#count > this.#capacity) this.#before = undefined
  }

  get newest(): Sample | undefined {
    return this.#count === 0 ? this.#before?.newest : this.#read((this.#count - 1) % this.#capacity)
  }

  /** Whether any check kept here saw a certificate. */
  get showCertificates(): boolean {
    return this.#expiry !== undefined || this.#before?.showCertificates === true
  }

  /**
   * Calls with each check that a scrape within the window sees, the newest first, by how many scrapes it is seen, when by the first of
   * them, and how many seconds they are apart.
   *
   * @param until When no scrape saw these checks any more. Default: they still do.
   */
  within(
    seconds: number,
    now: number,
    visit: (sample: Sample, scrapes: number, firstAt: number, apart: number) => void,
    until = Infinity,
  ): void {
    const oldest = Math.max(0, this.#count - this.#capacity)
    let next = until
    for (let index = this.#count - 1; index >= oldest; index--) {
      const slot = index % this.#capacity
      const at = this.#at[slot] ?? NaN
      if (at + (this.#scrapes - 1) * this.#every <= now - seconds) return
      const first = Math.max(0, Math.floor((now - seconds - at) / this.#every) + 1)
      const last = Math.min(
        this.#scrapes - 1,
        Math.floor((now - at) / this.#every),
        Math.ceil((next - at) / this.#every) - 1,
      )
      if (last >= first) visit(this.#read(slot), last - first + 1, at + first * this.#every, this.#every)
      next = at
    }
    this.#before?.within(seconds, now, visit, next)
  }

  /** Whether a check that a scrape within the window sees may have taken longer than `limit`, which is known without a look at each. */
  mayExceed(limit: number, seconds: number, now: number): boolean {
    if (!this.#exceeded.has(limit)) {
      // Those of before an edit.
      if (this.#exceeded.size > 3) this.#exceeded.clear()
      const newest = this.#at.reduce(
        (found, at, slot) => ((this.#duration[slot] ?? 0) > limit ? Math.max(found, at) : found),
        -Infinity,
      )
      this.#exceeded.set(limit, newest)
    }
    const exceededAt = this.#exceeded.get(limit) ?? -Infinity
    return (
      exceededAt + this.#scrapes * this.#every > now - seconds ||
      this.#before?.mayExceed(limit, seconds, now) === true
    )
  }

  /** Moves all checks in time: the wall clock has jumped by so many seconds. */
  shift(seconds: number): void {
    for (let slot = 0; slot < this.#capacity; slot++) this.#at[slot] = (this.#at[slot] ?? 0) + seconds
    for (const [limit, at] of this.#exceeded) this.#exceeded.set(limit, at + seconds)
    this.#before?.shift(seconds)
  }

  #codeOf(reason: FailureReason | undefined): number {
    const known = this.#reasons.indexOf(reason)
    return known === -1 ? this.#reasons.push(reason) - 1 : known
  }

  /** Every key is there, whether known or not: all samples have one shape, which is much faster to make and to read. */
  #read(slot: number): Sample {
    return {
      at: this.#at[slot] ?? NaN,
      durationSeconds: this.#duration[slot] ?? NaN,
      reason: this.#reasons[this.#reason[slot] ?? 0],
      certificateExpiry: known(this.#expiry, slot),
      chainExpiry: known(this.#chainExpiry ?? this.#expiry, slot),
      requestsLeft: known(this.#requestsLeft, slot),
    }
  }
}

/** Undefined where nothing was noted. */
function known(numbers: Float64Array | undefined, slot: number): number | undefined {
  const value = numbers?.[slot]
  return value === undefined || Number.isNaN(value) ? undefined : value
}
