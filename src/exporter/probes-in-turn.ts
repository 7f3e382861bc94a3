import type { Check } from '../checks/index.ts'
import type { ProbeResult } from '../checks/result.ts'
import { runProbe, type RunProbeOptions } from '../checks/run.ts'
import { ProbityError } from '../lib/errors.ts'
import { systemClock } from '../lib/time/clock.ts'
import { Turns } from './turns.ts'

/**
 * The part of its time that a probe may wait for its turn, and the seconds that it always may. Who waits longer would be answered too
 * late, after work that delays all the others: an overload would feed itself.
 */
const patience = 0.25
const leastSeconds = 0.5

/** What a probe is refused with that could not be begun in time. */
export function notBegun(): ProbityError {
  return new ProbityError('PROBER_BUSY', 'Probity is too busy to begin this probe in time')
}

/** Milliseconds that a probe may wait before it begins. */
export function longestWaitMs(timeoutSeconds: number): number {
  return 1000 * Math.max(leastSeconds, patience * timeoutSeconds)
}

/** Makes probes in this thread, a few at a time where many are asked for at once. */
export class ProbesInTurn {
  readonly #turns = new Turns()

  /** @throws ProbityError See {@link notBegun}. A probe that has begun never rejects. */
  probe(check: Check, options: RunProbeOptions): Promise<ProbeResult> {
    const { timeoutSeconds, clock = systemClock } = options
    const askedAt = clock.monotonic()
    return new Promise((resolve, reject) => {
      this.#turns.begin(() => {
        const waitedSeconds = (clock.monotonic() - askedAt) / 1000
        if (waitedSeconds * 1000 < longestWaitMs(timeoutSeconds)) resolve(runProbe(check, options))
        else reject(notBegun())
      })
    })
  }
}
