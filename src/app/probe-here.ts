import type { RunProbeOptions } from '../checks/run.ts'
import type { ProbeResult } from '../checks/result.ts'
import type { ProbeRequest } from '../exporter/shared-probes.ts'
import { runProbe } from '../checks/run.ts'
import { Turns } from '../exporter/turns.ts'
import { systemClock } from '../lib/time/clock.ts'

type Options = Pick<RunProbeOptions, 'log' | 'clock' | 'probers'>

/** Makes probes in this thread, a few at a time where many are asked for at once. */
export class ProbesHere {
  readonly #turns = new Turns()

  /** Never rejects. A probe that could not begin within its time has failed: nothing was learnt about its target. */
  probe({ target, timeoutSeconds, allowAddress }: ProbeRequest, options: Options): Promise<ProbeResult> {
    const { clock = systemClock } = options
    const startedAt = new Date(clock.now())
    const askedAt = clock.monotonic()
    return new Promise((resolve) => {
      this.#turns.begin(() => {
        const durationSeconds = (clock.monotonic() - askedAt) / 1000
        if (durationSeconds < timeoutSeconds)
          resolve(
            runProbe(target.check, { timeoutSeconds, ...options, ...(allowAddress && { allowAddress }) }),
          )
        else {
          const message = 'Probity was too busy to begin this probe within its time'
          const failure = { reason: 'internal', message } as const
          resolve({ startedAt, durationSeconds, success: false, failure })
        }
      })
    })
  }
}
