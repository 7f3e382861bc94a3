import type { Check } from '../checks/index.ts'
import type { ProbeResult } from '../checks/result.ts'
import { runProbe, type RunProbeOptions } from '../checks/run.ts'
import { systemClock } from '../lib/time/clock.ts'
import { Turns } from './turns.ts'

/**
 * The part of its time that a probe may wait for its turn, and the seconds that it always may. Who waits longer would be answered too
 * late, after work that delays all the others: an overload would feed itself.
 */
const patience = 0.25
const leastSeconds = 0.5

/** Makes probes in this thread, a few at a time where many are asked for at once. */
export class ProbesInTurn {
  readonly #turns = new Turns()

  /** Never rejects. A probe that waited too long for its turn has failed: nothing was learnt about its target. */
  probe(check: Check, options: RunProbeOptions): Promise<ProbeResult> {
    const { timeoutSeconds, clock = systemClock } = options
    const startedAt = new Date(clock.now())
    const askedAt = clock.monotonic()
    return new Promise((resolve) => {
      this.#turns.begin(() => {
        const durationSeconds = (clock.monotonic() - askedAt) / 1000
        if (durationSeconds < Math.max(leastSeconds, patience * timeoutSeconds)) {
          resolve(runProbe(check, options))
          return
        }
        const message = 'Probity was too busy to begin this probe in time'
        const failure = { reason: 'internal', message } as const
        resolve({ startedAt, durationSeconds, success: false, failure })
      })
    })
  }
}
