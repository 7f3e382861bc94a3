import type { Timers } from '../../lib/time/timers.ts'
import type { Alert, AlertSink } from '../alert.ts'

export interface PatientSinkOptions {
  readonly sink: AlertSink
  readonly timers: Timers
  /** Milliseconds between two attempts. Default 15 s. */
  readonly everyMs?: number
  /** Alerts that may wait; beyond it, the oldest are lost. Default 10,000. */
  readonly maxWaiting?: number
}

/**
 * A sink that never rejects: what another one refuses waits in memory and is tried again, in its order.
 *
 * @returns Resolves after an attempt.
 */
export function patientSink(options: PatientSinkOptions): AlertSink {
  const { sink, timers, everyMs = 15_000, maxWaiting = 10_000 } = options
  let waiting: Alert[] = []
  let working: Promise<void> | undefined
  let cancel = (): void => undefined

  async function work(): Promise<void> {
    cancel()
    let refused = false
    while (waiting.length > 0 && !refused) {
      const batch = waiting
      waiting = []
      try {
        await sink(batch)
      } catch {
        // What came meanwhile has not been tried yet.
        refused = waiting.length === 0
        waiting = [...batch, ...waiting].slice(-maxWaiting)
      }
    }
    working = undefined
    if (refused) cancel = timers.after(everyMs, () => void attempt())
  }

  function attempt(): Promise<void> {
    return (working ??= work())
  }

  return (alerts) => {
    waiting.push(...alerts)
    return attempt()
  }
}
