import type { Worker } from 'node:worker_threads'
import type { Check } from '../../checks/index.ts'
import type { ProbeResult } from '../../checks/result.ts'
import type { AddressRule } from '../../config/target/target.ts'
import { codeOf, messageOf } from '../../lib/errors.ts'
import { startWorker } from '../../lib/io/worker.ts'
import { systemClock } from '../../lib/time/clock.ts'
import { notBegun } from '../probes-in-turn.ts'
import { Batch } from './batch.ts'
import { ChainReceiver } from './chains.ts'
import { forget, ping, type Alive, type Answer, type NotBegun, type Order, type Said } from './messages.ts'
import { pack } from './packed.ts'

/** Why a thread ended that was not told to. */
export type Loss = 'died' | 'hung' | 'memory'

export interface ProbeThreadOptions {
  /** Called once, when it can probe. */
  readonly onReady: () => void
  /** Called at most once; all its probes have failed by then. */
  readonly onLost: (loss: Loss) => void
  /** MB of memory that it may take. */
  readonly heapMb: number
  /** Milliseconds after the end of its time in which a probe still may be answered. */
  readonly patienceMs: number
  /** Milliseconds that a thread may say nothing if it is asked, before it counts as hung. */
  readonly hungMs: number
  /** The program, for tests. Default: the one that probes. */
  readonly start?: typeof startWorker
}

/** What a thread made of a probe. */
export interface Probed extends Pick<Answer, 'log'> {
  readonly result: ProbeResult
}

interface Pending {
  readonly resolve: (probed: Probed) => void
  readonly reject: (error: Error) => void
  readonly startedAt: Date
  /** Milliseconds of the monotonic clock. */
  readonly began: number
  readonly limit: NodeJS.Timeout
}

/** The MB of memory for what is made and thrown away within a probe: few, because to clean them is a pause in a measured time. */
const youngMb = 16

/** One thread that makes probes. What happens to it happens to no other. */
export class ProbeThread {
  readonly #options: ProbeThreadOptions
  readonly #worker: Worker
  readonly #pending = new Map<number, Pending>()
  /** The numbers of the checks that it knows. */
  #known = new WeakMap<Check, number>()
  #checks = 0
  #ids = 0
  readonly #chains = new ChainReceiver()
  readonly #orders = new Batch<Order | typeof forget>((orders) => {
    this.#worker.postMessage(orders)
  })
  #isReady = false
  #ended = false
  #cpuSeconds = 0
  #taken = 0
  /** Runs out if it says nothing. */
  #asked: NodeJS.Timeout | undefined

  constructor(options: ProbeThreadOptions) {
    this.#options = options
    const { start = startWorker, heapMb } = options
    this.#worker = start('worker', import.meta.url, {
      resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: youngMb },
    })
    // It keeps no process alive.
    this.#worker.unref()
    this.#worker
      .on('message', (said: Said) => {
        clearTimeout(this.#asked)
        this.#asked = undefined
        if ('cpuSeconds' in said) this.#live(said)
        else for (const answer of said) this.#take(answer)
      })
      .on('error', (error) => {
        this.#lose(
          codeOf(error) === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'died',
          `died: ${messageOf(error)}`,
        )
      })
      .on('exit', () => {
        this.#lose('died', 'ended')
      })
  }

  /** How many probes it is making. */
  get busy(): number {
    return this.#pending.size
  }

  /** Seconds that it has worked since this was last called, by its last words; it is asked for new ones. */
  takeWorked(): number {
    const worked = this.#cpuSeconds - this.#taken
    this.#taken = this.#cpuSeconds
    this.#worker.postMessage(ping)
    return worked
  }

  /**
   * Makes a probe; it has failed if the thread is lost meanwhile.
   *
   * @returns Nothing for a check that cannot be sent.
   * @throws ProbityError See {@link notBegun}.
   */
  probe(check: Check, timeoutSeconds: number, guard?: AddressRule): Promise<Probed> | undefined {
    const id = ++this.#ids
    const order = this.#order(check, { id, timeoutSeconds, ...(guard && { guard }) })
    return (
      order &&
      new Promise((resolve, reject) => {
        const limit = setTimeout(
          () => {
            // Its answer may be there already, if it was this thread that was busy.
            setImmediate(() => {
              this.#miss(id)
            })
          },
          timeoutSeconds * 1000 + this.#options.patienceMs,
        )
        const startedAt = new Date(systemClock.now())
        this.#pending.set(id, { resolve, reject, startedAt, began: systemClock.monotonic(), limit })
        this.#orders.add(order)
      })
    )
  }

  /** Forgets the checks of a configuration that is no longer in force. */
  forget(): void {
    this.#known = new WeakMap()
    this.#orders.add(forget)
  }

  /** Ends it at once. */
  async end(): Promise<void> {
    this.#endAll('was stopped')
    await this.#worker.terminate()
  }

  #order(check: Check, rest: Omit<Order, 'check'>): Order | undefined {
    const known = this.#known.get(check)
    if (known !== undefined) return { ...rest, check: known }
    const packed = pack(check)
    if (packed === undefined) return undefined
    this.#known.set(check, ++this.#checks)
    return { ...rest, check: this.#checks, packed }
  }

  #live({ cpuSeconds }: Alive): void {
    this.#cpuSeconds = cpuSeconds
    if (this.#isReady) return
    this.#isReady = true
    // To start is work too, but no sign of load.
    this.#taken = cpuSeconds
    this.#options.onReady()
  }

  #take(answer: Answer | NotBegun): void {
    // Chains have to be kept also if nobody waits for the answer any more.
    const probed =
      'notBegun' in answer ? undefined : { result: this.#chains.together(answer), log: answer.log }
    const pending = this.#over(answer.id)
    if (probed) pending?.resolve(probed)
    else pending?.reject(notBegun())
  }

  /** Takes a probe off the list of those that are waited for. */
  #over(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    clearTimeout(pending?.limit)
    this.#pending.delete(id)
    return pending
  }

  /** A probe whose time is over is answered in any case, and its thread is asked whether it is still there. */
  #miss(id: number): void {
    if (!this.#pending.has(id)) return
    this.#fail(id, 'did not answer in time')
    this.#worker.postMessage(ping)
    this.#asked ??= setTimeout(() => {
      setImmediate(() => {
        if (this.#asked) this.#lose('hung', 'hangs')
      })
    }, this.#options.hungMs)
  }

  #lose(loss: Loss, what: string): void {
    if (this.#ended) return
    this.#endAll(what)
    this.#options.onLost(loss)
    void this.#worker.terminate()
  }

  #endAll(what: string): void {
    this.#ended = true
    clearTimeout(this.#asked)
    this.#asked = undefined
    for (const id of [...this.#pending.keys()]) this.#fail(id, what)
  }

  #fail(id: number, what: string): void {
    const pending = this.#over(id)
    if (!pending) return
    const { startedAt, began, resolve } = pending
    const durationSeconds = (systemClock.monotonic() - began) / 1000
    const failure = { reason: 'internal', message: `the thread that made this probe ${what}` } as const
    resolve({ result: { startedAt, durationSeconds, success: false, failure }, log: '[]' })
  }
}
