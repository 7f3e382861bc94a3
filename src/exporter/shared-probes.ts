import type { ProbeContext } from '../net/attempt.ts'
import { isDeepStrictEqual } from 'node:util'
import type { Target } from '../config/target/target.ts'
import type { Clock } from '../lib/time/clock.ts'
import { recordProbeLog, type RecordedProbeLog } from '../checks/log.ts'
import type { ProbeResult } from '../checks/result.ts'
import { discoveredGuard } from './address-guard.ts'
import { freshFor } from './schedule.ts'
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
  /** Called once for every probe that was really made. */
  readonly onObservation?: (observation: Observation) => void
  /** How many targets are remembered, the oldest are forgotten first. Default: all. */
  readonly maxTargets?: number
}

interface Entry {
  readonly target: Target
  running?: Promise<Observation> | undefined
  last?: { readonly observation: Observation; readonly at: number }
}

/**
 * One probe per target at a time, no matter who asks. Requests that come while it runs share it, and a fresh result is served
 * again, so that neither two Prometheus replicas nor somebody who hammers /probe hammers the target.
 */
export class SharedProbes {
  readonly #options: SharedProbesOptions
  readonly #entries = new Map<string, Entry>()

  constructor(options: SharedProbesOptions) {
    this.#options = options
  }

  /** The result of a probe of the target: a running one's, a fresh one's, or a new one's. */
  async probe(request: ProbeRequest): Promise<Observation> {
    const { target } = request
    const entry = this.#entryOf(target)
    if (entry.running) return this.#share(request, entry.running)
    const fresh = request.again === true ? undefined : this.#fresh(entry)
    if (fresh && !wasCutShort(fresh, request)) return { ...fresh, target }
    entry.running = this.#run(request, entry)
    return entry.running
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

  #fresh({ target, last }: Entry): Observation | undefined {
    if (!last) return undefined
    const age = this.#options.clock.monotonic() - last.at
    return age < freshFor(target.interval) * 1000 ? last.observation : undefined
  }

  /** The result of a probe that runs; if that had too little time for a verdict, one of a probe with what is left. */
  async #share(request: ProbeRequest, running: Promise<Observation>): Promise<Observation> {
    const { monotonic } = this.#options.clock
    const startedAt = monotonic()
    const observation = await this.#within(request, running)
    const timeoutSeconds = request.timeoutSeconds - (monotonic() - startedAt) / 1000
    const rest = { ...request, timeoutSeconds }
    return wasCutShort(observation, rest) ? this.probe(rest) : observation
  }

  #entryOf(target: Target): Entry {
    const known = this.#entries.get(target.name)
    if (known && sameCheck(known.target, target)) return known
    const entry: Entry = { target }
    this.#entries.set(target.name, entry)
    this.#forgetOldest()
    return entry
  }

  #forgetOldest(): void {
    const { maxTargets = Infinity } = this.#options
    const [oldest] = this.#entries.keys()
    if (oldest !== undefined && this.#entries.size > maxTargets) this.#entries.delete(oldest)
  }

  async #run(request: ProbeRequest, entry: Entry): Promise<Observation> {
    const { clock, run, onObservation } = this.#options
    const { target, timeoutSeconds } = request
    const log = recordProbeLog(clock.monotonic)
    const at = clock.monotonic()
    try {
      const result = await run(request, log)
      const observation = { target, result, timeoutSeconds, log }
      entry.last = { observation, at }
      onObservation?.(observation)
      return observation
    } finally {
      entry.running = undefined
    }
  }

  /** A caller who has less time than the running probe still gets an answer in time. */
  async #within(
    { target, timeoutSeconds }: ProbeRequest,
    running: Promise<Observation>,
  ): Promise<Observation> {
    const startedAt = new Date(this.#options.clock.now())
    return within(running, timeoutSeconds * 1000, () => {
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

function sameCheck(a: Target, b: Target): boolean {
  return a === b || isDeepStrictEqual([a.shown, a.secrets], [b.shown, b.secrets])
}
