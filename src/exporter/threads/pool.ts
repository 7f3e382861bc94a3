import type { Check } from '../../checks/index.ts'
import type { AddressRule } from '../../config/target/target.ts'
import type { Clock } from '../../lib/time/clock.ts'
import { ProbeThread, type Loss, type Probed, type ProbeThreadOptions } from './thread.ts'
import { Rate } from './rate.ts'

export interface ProbeThreadsOptions {
  /** How many there may be; 0: none. */
  readonly max: number
  readonly clock: Clock
  /** Called when a thread was lost, which is replaced. */
  readonly onLost?: (loss: Loss) => void
  /** Default: see {@link defaults}. */
  readonly thread?: Partial<ProbeThreadOptions>
}

/** Probes per second from which on there is a thread at all. A thread takes some 20 MB. */
const worthwhile = 20

/**
 * Which part of a processor a thread may use before there is another one. A thread that waits for a processor does not use it:
 * then another one would only wait too.
 */
const crowded = 0.9

/** Seconds in which fewer threads would do, after which one ends. */
const settled = 60

/** Seconds after a loss in which no thread is started: what kills one may kill the next. */
const recovery = 5

const defaults = { heapMb: 256, patienceMs: 300, hungMs: 5000 }

/**
 * Threads that make probes, as many as the rate of probes asks for. Under load, measured times then contain neither the work of
 * this thread, which renders and serves what they find, nor its pauses. With few probes there is no thread.
 */
export class ProbeThreads {
  readonly #options: ProbeThreadsOptions
  readonly #rate = new Rate()
  readonly #ready = new Set<ProbeThread>()
  readonly #starting = new Set<ProbeThread>()
  /** Seconds of the monotonic clock until which the number is not lowered. */
  #keepUntil = 0
  /** Seconds of the monotonic clock before which none is started. */
  #notBefore = 0
  #askedAt = 0
  #ended = false

  constructor(options: ProbeThreadsOptions) {
    this.#options = options
  }

  /** How many can probe now. */
  get running(): number {
    return this.#ready.size
  }

  /** Has a thread make a probe; undefined where there is none for it. To be called for every probe that a thread might make. */
  probe(check: Check, timeoutSeconds: number, guard?: AddressRule): Promise<Probed> | undefined {
    if (this.#options.max === 0 || this.#ended) return undefined
    this.#rate.count(this.#options.clock.monotonic() / 1000)
    return this.#leastBusy()?.probe(check, timeoutSeconds, guard)
  }

  /** To be called when the configuration has changed. */
  forget(): void {
    for (const thread of [...this.#ready, ...this.#starting]) thread.forget()
  }

  /** Ends all; probes under way fail. */
  async end(): Promise<void> {
    this.#ended = true
    await Promise.all([...this.#ready, ...this.#starting].map((thread) => thread.end()))
    this.#ready.clear()
    this.#starting.clear()
  }

  /** Starts or ends a thread, if that is right for the load. To be called once a second. */
  adjust(): void {
    const now = this.#options.clock.monotonic() / 1000
    const count = this.#ready.size + this.#starting.size
    const wanted = this.#wanted(now)
    if (wanted >= count) this.#keepUntil = now + settled
    if (wanted > count && now >= this.#notBefore) this.#start()
    else if (now > this.#keepUntil) this.#stopOne()
  }

  #wanted(now: number): number {
    if (this.#rate.perSecond(now) < worthwhile) return 0
    const seconds = now - this.#askedAt
    let worked = 0
    for (const thread of this.#ready) worked += thread.takeWorked()
    this.#askedAt = now
    return Math.min(this.#options.max, Math.max(1, Math.ceil(worked / seconds / crowded)))
  }

  #leastBusy(): ProbeThread | undefined {
    let least: ProbeThread | undefined
    for (const thread of this.#ready) if (!least || thread.busy < least.busy) least = thread
    return least
  }

  #start(): void {
    const thread: ProbeThread = new ProbeThread({
      ...defaults,
      ...this.#options.thread,
      onReady: () => {
        if (this.#starting.delete(thread)) this.#ready.add(thread)
      },
      onLost: (loss) => {
        this.#ready.delete(thread)
        this.#starting.delete(thread)
        this.#notBefore = this.#options.clock.monotonic() / 1000 + recovery
        this.#options.onLost?.(loss)
      },
    })
    this.#starting.add(thread)
  }

  /** One that makes no probe at the moment. */
  #stopOne(): void {
    for (const thread of this.#ready)
      if (thread.busy === 0) {
        this.#ready.delete(thread)
        void thread.end()
        return
      }
  }
}
