import { ProbityError } from '../../lib/errors.ts'
import type { Alert, AlertSink } from '../alert.ts'

/** What was last reported about one alert. */
export type LastState = Pick<Alert, 'fingerprint' | 'status' | 'startsAt'>

export interface StateChangesOptions {
  /** Called with every change, the older one first. Rejects when the change was not taken. */
  readonly deliver: (change: Alert) => Promise<void>
  /** What was reported before this process began, the oldest first. */
  readonly history?: Iterable<LastState>
  /** Alerts that are remembered; beyond it, those that were heard of longest ago are forgotten. Default 10,000. */
  readonly maxRemembered?: number
  /** Alerts that may wait for earlier ones to be delivered. Default 10,000. */
  readonly maxWaiting?: number
}

interface Waiting {
  readonly alerts: readonly Alert[]
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** A change that is on its way. */
interface Underway {
  readonly state: LastState
  readonly delivered: Promise<void>
}

/**
 * Passes on the changes of state and drops what was reported already: Alertmanager repeats what fires, and sends again whatever
 * it has no answer for.
 *
 * An alert is a repetition when it has the status that was last reported for it and does not start later. (An alert may come back
 * with its old start after it was resolved, when Prometheus could not reach Alertmanager for a while: that is news. Where two
 * Prometheus servers see it, its start may become earlier while it fires: that is not.)
 *
 * Only what was delivered is remembered, so that what was refused is not a repetition when it comes again.
 *
 * @returns A sink. It rejects with what a delivery rejected with, or with `BACKLOG_FULL`.
 */
export function stateChanges(options: StateChangesOptions): AlertSink {
  const { deliver, history = [], maxRemembered = 10_000, maxWaiting = 10_000 } = options
  const told = new Map<string, LastState>()
  let waiting: Waiting[] = []
  let backlog = 0
  let running = false
  for (const state of history) remember(state)

  function remember({ fingerprint, status, startsAt }: LastState): void {
    told.delete(fingerprint)
    told.set(fingerprint, { fingerprint, status, startsAt })
    if (told.size <= maxRemembered) return
    for (const oldest of told.keys()) {
      told.delete(oldest)
      return
    }
  }

  /** Rounds follow one another, so that the changes of one alert keep their order; within a round they share an fsync. */
  async function run(): Promise<void> {
    running = true
    while (waiting.length > 0) {
      const round = waiting
      waiting = []
      const underway = new Map<string, Underway>()
      await Promise.all(round.map((request) => settle(request, begin(request.alerts, underway))))
    }
    running = false
  }

  function begin(alerts: readonly Alert[], underway: Map<string, Underway>): Promise<void>[] {
    return alerts.flatMap((alert) => {
      const pending = underway.get(alert.fingerprint)
      const last = pending?.state ?? told.get(alert.fingerprint)
      if (last && isRepetition(alert, last)) {
        if (pending) return [pending.delivered]
        remember(last)
        return []
      }
      const delivered = deliverAndRemember(alert)
      underway.set(alert.fingerprint, { state: alert, delivered })
      return [delivered]
    })
  }

  async function deliverAndRemember(alert: Alert): Promise<void> {
    await deliver(alert)
    remember(alert)
  }

  async function settle(request: Waiting, deliveries: Promise<void>[]): Promise<void> {
    const outcomes = await Promise.allSettled(deliveries)
    backlog -= request.alerts.length
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failed) request.reject(failed.reason)
    else request.resolve()
  }

  return (alerts) =>
    new Promise((resolve, reject) => {
      if (backlog + alerts.length > maxWaiting) {
        reject(
          new ProbityError(
            'BACKLOG_FULL',
            `the queue is full: ${backlog} alerts are waiting to be delivered`,
          ),
        )
        return
      }
      backlog += alerts.length
      waiting.push({ alerts, resolve, reject })
      if (!running) void run()
    })
}

function isRepetition(alert: Alert, last: LastState): boolean {
  return alert.status === last.status && alert.startsAt <= last.startsAt
}
