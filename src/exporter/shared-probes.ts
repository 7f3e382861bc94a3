import type { ProbeContext } from '../net/attempt.ts'
import { isDeepStrictEqual } from 'node:util'
import type { Target } from '../config/target/target.ts'
import type { Clock } from '../lib/time/clock.ts'
import { recordProbeLog, type RecordedProbeLog } from '../checks/log.ts'
import type { ProbeResult } from '../checks/result.ts'
import { repeated, retryTimeout } from '../checks/shared/retry.ts'
import { scrapeInterval } from '../config/target/scrape-interval.ts'
import type { Timers } from '../lib/time/timers.ts'
import { discoveredGuard } from './address-guard.ts'
import { freshFor } from './schedule.ts'
import { SecondChecks } from './second-checks.ts'
import { within } from '../lib/time/within.ts'

/** A result together with the target it judges. */
export interface Observation {
  readonly target: Target
  readonly result: ProbeResult
  /** Seconds that the probe was given. */
  readonly timeoutSeconds: number
  readonly log: Pick<RecordedProbeLog, 'lines'>
}

export interface ProbeRequest {
  readonly target: Target
  /** Seconds within which an answer is needed. */
  readonly timeoutSeconds: number
  /** For a target that is not configured: refuses an address before it is connected to. */
  readonly allowAddress?: ProbeContext['allowAddress']
  /** Seconds that somebody waits for the result, of a check that is made again too. Default: as many as it takes. */
  readonly patienceSeconds?: number | undefined
  /** Whether the last result is out of date, however fresh it is. Default: no. */
  readonly again?: boolean
}

/** What a probe that is asked for is bounded by. */
export function limitsOf({
  target: { guard },
  timeoutSeconds,
  allowAddress = guard && discoveredGuard(guard),
}: ProbeRequest): Pick<ProbeRequest, 'timeoutSeconds' | 'allowAddress'> {
  return { timeoutSeconds, ...(allowAddress && { allowAddress }) }
}

export interface SharedProbesOptions {
  readonly run: (request: ProbeRequest, log: RecordedProbeLog) => Promise<ProbeResult>
  readonly clock: Clock
  /** Default: the machine's. */
  readonly timers?: Timers
  /** Called once for every check that counts: one that failed and is made again does not. */
  readonly onObservation?: (observation: Observation) => void
  /** How many targets are remembered, the oldest are forgotten first. Default: all. */
  readonly maxTargets?: number
}

interface Entry {
  readonly target: Target
  running?: Promise<Observation> | undefined
  /** Resolves when the one that runs has failed, and is to be made again. */
  unconfirmed?: Promise<void>
  /** When the one that runs has been made again at the latest, in milliseconds of the monotonic clock. */
  confirmedBy: number
  /** Whether somebody was given the last result because that takes too long. */
  owed: boolean
  /** Until when it is served again, in milliseconds of the monotonic clock. */
  last?: { readonly observation: Observation; readonly freshUntil: number }
}

/**
 * One probe per target at a time, no matter who asks. Requests that come while it runs share it, and a fresh result is served
 * again, so that neither two Prometheus replicas nor somebody who hammers /probe hammers the target.
 */
export class SharedProbes {
  readonly #options: SharedProbesOptions
  readonly #entries = new Map<string, Entry>()
  readonly #seconds: SecondChecks

  constructor(options: SharedProbesOptions) {
    this.#options = options
    this.#seconds = new SecondChecks(options.timers)
  }

  /** The result of a probe of the target: a running one's, a fresh one's, or a new one's. */
  async probe(request: ProbeRequest): Promise<Observation> {
    const { target } = request
    const entry = this.#entryOf(target)
    if (entry.running) return this.#share(request, entry, entry.running)
    const fresh = request.again === true ? undefined : this.#fresh(entry)
    if (fresh && !wasCutShort(fresh, request)) return { ...fresh, target }
    const startedAt = this.#options.clock.monotonic()
    let isUnconfirmed = (): void => undefined
    entry.unconfirmed = new Promise((resolve) => (isUnconfirmed = resolve))
    const running = this.#run(request, entry, () => {
      isUnconfirmed()
    })
    entry.running = running
    return this.#inTime(request, entry, running, startedAt)
  }

  /** Makes a probe whose result nobody waits for: ends with it, or when it is to be made again, which goes on. */
  async begin(request: ProbeRequest): Promise<void> {
    const result = this.probe(request)
    await Promise.race([result, this.#entryOf(request.target).unconfirmed ?? result])
  }

  /** Checks that are to be made again are not: the process ends, and they count as they are. */
  end(): Promise<void> {
    this.#seconds.end()
    return Promise.resolve()
  }

  /** The last result of a target, where there is one. */
  last(target: Target): Observation | undefined {
    const entry = this.#entries.get(target.name)
    return entry && sameCheck(entry.target, target) ? entry.last?.observation : undefined
  }

  /** Forgets all targets but these: to be called when the configuration has changed. */
  retain(targets: readonly Target[]): void {
    const kept = new Map(targets.map((target) => [target.name, target]))
    for (const [name, entry] of this.#entries) {
      const target = kept.get(name)
      if (!target || !sameCheck(entry.target, target)) this.#entries.delete(name)
    }
  }

  #fresh({ last }: Entry): Observation | undefined {
    if (!last) return undefined
    return this.#options.clock.monotonic() < last.freshUntil ? last.observation : undefined
  }

  /** The result of a probe that runs; the last one for somebody who cannot wait until it was made again. */
  async #inTime(
    request: ProbeRequest,
    entry: Entry,
    running: Promise<Observation>,
    askedAt: number,
  ): Promise<Observation> {
    const { last, unconfirmed } = entry
    if (request.target.retry === undefined || !last) return running
    const first = await Promise.race([running, unconfirmed])
    return first ?? (this.#hasTime(request, entry, askedAt) ? running : owed(request, entry, last))
  }

  /** The result of a probe that runs; if that had too little time for a verdict, one of a probe with what is left. */
  async #share(request: ProbeRequest, entry: Entry, running: Promise<Observation>): Promise<Observation> {
    const { monotonic } = this.#options.clock
    const startedAt = monotonic()
    const result = this.#inTime(request, entry, running, startedAt)
    const observation = await this.#within(request, entry, result)
    const timeoutSeconds = request.timeoutSeconds - (monotonic() - startedAt) / 1000
    const rest = { ...request, timeoutSeconds }
    return wasCutShort(observation, rest) ? this.probe(rest) : observation
  }

  #entryOf(target: Target): Entry {
    const known = this.#entries.get(target.name)
    if (known && sameCheck(known.target, target)) return known
    const entry: Entry = { target, owed: false, confirmedBy: -Infinity }
    this.#entries.set(target.name, entry)
    this.#forgetOldest()
    return entry
  }

  #forgetOldest(): void {
    const { maxTargets = Infinity } = this.#options
    const [oldest] = this.#entries.keys()
    if (oldest !== undefined && this.#entries.size > maxTargets) this.#entries.delete(oldest)
  }

  async #run(request: ProbeRequest, entry: Entry, isUnconfirmed: () => void): Promise<Observation> {
    const { clock, onObservation } = this.#options
    const { interval, retry } = request.target
    const at = clock.monotonic()
    try {
      const first = await this.#make(request)
      // Somebody has to be answered: without an earlier result, the first one counts as it is.
      if (retry !== undefined) entry.confirmedBy = this.#confirmedBy(request, at)
      const again =
        retry !== undefined && first.result.failure && (entry.last ?? this.#hasTime(request, entry, at))
      if (again) isUnconfirmed()
      const observation = again ? await this.#repeat(first, request, at) : first
      const freshUntil = at + freshFor(interval) * 1000
      // Somebody who was given the result before asks for this one within a scrape interval.
      const owedUntil = entry.owed ? clock.monotonic() + scrapeInterval(interval) * 1000 : -Infinity
      entry.last = { observation, freshUntil: Math.max(freshUntil, owedUntil) }
      onObservation?.(observation)
      return observation
    } finally {
      entry.running = undefined
      entry.owed = false
    }
  }

  async #make(request: ProbeRequest): Promise<Observation> {
    const { target, timeoutSeconds } = request
    const log = recordProbeLog(this.#options.clock.monotonic)
    const result = await this.#options.run(request, log)
    return { target, result, timeoutSeconds, log }
  }

  /** Makes a check again after a while. Where that cannot be done, the first one counts. @param at When that began. */
  async #repeat(first: Observation, request: ProbeRequest, at: number): Promise<Observation> {
    const { target } = request
    if (!(await this.#seconds.wait(target.retry ?? 0))) return first
    const elapsed = (this.#options.clock.monotonic() - at) / 1000
    try {
      const second = await this.#make({ ...request, timeoutSeconds: retryTimeout(target, elapsed) })
      const lines = [...first.log.lines, ...second.log.lines]
      const result = repeated(first.result, second.result)
      return { ...second, result, timeoutSeconds: target.timeout, log: { lines } }
    } catch {
      return first
    }
  }

  /** When a check that has failed now has been made again at the latest. @param at When it began. */
  #confirmedBy({ target }: ProbeRequest, at: number): number {
    const elapsed = (this.#options.clock.monotonic() - at) / 1000 + (target.retry ?? 0)
    return at + (elapsed + retryTimeout(target, elapsed)) * 1000
  }

  /** Whether somebody who asked at that moment waits for as long. */
  #hasTime({ patienceSeconds = Infinity }: ProbeRequest, entry: Entry, askedAt: number): boolean {
    return (entry.confirmedBy - askedAt) / 1000 <= patienceSeconds + roundingSeconds
  }

  /** A caller who has less time than the running probe still gets an answer in time. */
  async #within(request: ProbeRequest, entry: Entry, running: Promise<Observation>): Promise<Observation> {
    const { target, timeoutSeconds, patienceSeconds } = request
    const startedAt = new Date(this.#options.clock.now())
    const { last } = entry
    const repeats = target.retry !== undefined && last !== undefined
    // The longest timer of Node.js is shorter than forever.
    const longest = 2 * target.timeout + (target.retry ?? 0) + 1
    const seconds = repeats ? Math.min(patienceSeconds ?? longest, longest) : timeoutSeconds
    return within(running, seconds * 1000, () => {
      if (repeats) return owed(request, entry, last)
      const message = `no result within ${timeoutSeconds}s of a probe that was already running`
      const failure = { reason: 'timeout', message } as const
      const result = { startedAt, durationSeconds: timeoutSeconds, success: false, failure }
      return { target, result, timeoutSeconds, log: { lines: [] } }
    })
  }
}

/**
 * Whether a probe ran out of less time than is given now. Such a timeout says nothing of the target: somebody with little
 * time must not make it fail for all others.
 */
function wasCutShort({ result, timeoutSeconds }: Observation, request: ProbeRequest): boolean {
  return result.failure?.reason === 'timeout' && timeoutSeconds < request.timeoutSeconds
}

/** The last result, for somebody who is given the next one when that is asked for. */
function owed(
  { target }: ProbeRequest,
  entry: Entry,
  { observation }: NonNullable<Entry['last']>,
): Observation {
  entry.owed = true
  return { ...observation, target }
}

/** Sums of durations are not exact. */
const roundingSeconds = 0.001

function sameCheck(a: Target, b: Target): boolean {
  return a === b || isDeepStrictEqual([a.shown, a.secrets], [b.shown, b.secrets])
}
