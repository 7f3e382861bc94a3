import { isOverLimit } from 'probity-client/wire'
import type { Alert } from '../../alerts/alert.ts'
import { evaluationSeconds } from '../../alerts/evaluator/due-rules.ts'
import { Evaluator } from '../../alerts/evaluator/evaluator.ts'
import { steadyTime } from '../../alerts/evaluator/steady-time.ts'
import type { ReceivedCall } from '../../calls/collector.ts'
import { UnmatchedOperations } from '../../calls/few-names.ts'
import { RecentCalls } from '../../calls/recent-calls.ts'
import type { CallTarget } from '../../config/target/calls.ts'
import type { Clock } from '../../lib/time/clock.ts'
import type { Timers } from '../../lib/time/timers.ts'
import type { SeenCalls, SeenOfCalls } from '../../web/status/calls.ts'
import { incidentsOf, stateAlerts } from './incidents.ts'

export interface SeenCallsOptions {
  readonly location: string
  readonly clock: Clock
  readonly timers: Timers
}

/** What this process has seen of the calls to targets that have no check. */
export interface LiveCalls extends SeenCalls {
  readonly observe: (received: ReceivedCall) => void
  /** To be called with the targets of every configuration that comes into force. */
  readonly setTargets: (targets: readonly CallTarget[]) => void
  readonly stop: () => Promise<void>
}

/** Alerts of the past that are remembered, of all targets together. */
const maxEnded = 500

type CallsAlert = NonNullable<SeenOfCalls['alert']>

/**
 * Watches calls for the status page. An exporter decides no alerts, so the alerts are decided here once more, by the same rules: the
 * page of the stack shows what the one of solo does.
 */
export function watchCalls({ location, clock, timers }: SeenCallsOptions): LiveCalls {
  const evaluator = new Evaluator({ location })
  const now = steadyTime(clock, (seconds) => {
    evaluator.shift(seconds)
  })
  const seen = new Map<string, RecentCalls>()
  const lastCalls = new Map<string, Date>()
  let states: ReadonlyMap<string, CallsAlert> = new Map()
  let ended: Alert[] = []
  let unmatched = new UnmatchedOperations()

  function note(alerts: readonly Alert[]): void {
    const over = alerts.filter(({ status }) => status === 'resolved')
    ended = [...over, ...ended].slice(0, maxEnded)
    states = statesOf(evaluator.firing())
  }

  function tick(): void {
    note(evaluator.tick(now()))
    cancel = timers.after(evaluationSeconds * 1000, tick)
  }

  let cancel = timers.after(evaluationSeconds * 1000, tick)
  return {
    observe({ call, target, outcome, error }) {
      if (!target) unmatched.count(call)
      if (!target || !outcome) return
      const { name, expect } = target
      lastCalls.set(name, new Date(clock.now()))
      let own = seen.get(name)
      if (!own) seen.set(name, (own = new RecentCalls()))
      const overLimit = isOverLimit(call, expect.maxLatency)
      own.observe({ durationSeconds: call.durationSeconds, outcome, overLimit }, clock.monotonic() / 1000)
      if (!target.probed) evaluator.observeCall(name, { ...call, outcome, error }, now())
    },
    setTargets(targets) {
      const callTargets = targets.filter(({ probed }) => !probed)
      keepOf(targets, seen)
      keepOf(targets, lastCalls)
      // A name that was spelt wrong is right now, and the page should not go on about it.
      unmatched = new UnmatchedOperations()
      note(evaluator.setTargets({ targets: [], callTargets }, now()))
    },
    of({ name }) {
      const own = seen.get(name)
      const alert = states.get(name)
      const lastCallAt = lastCalls.get(name)
      return {
        recent: own?.sum(clock.monotonic() / 1000) ?? nothing,
        ...(lastCallAt && { lastCallAt }),
        ...(alert && { alert }),
      }
    },
    incidents: () => incidentsOf([...evaluator.firing(), ...ended], clock.now()),
    unmatched: () => unmatched.counts(),
    stop() {
      cancel()
      return Promise.resolve()
    },
  }
}

/** Keeps what is known of targets, under their new names, and forgets the others. */
function keepOf<T>(targets: readonly CallTarget[], known: Map<string, T>): void {
  for (const { name, was = [] } of targets)
    for (const former of was) {
      const value = known.get(former)
      if (value !== undefined && !known.has(name)) known.set(name, value)
    }
  const names = new Set(targets.map(({ name }) => name))
  for (const name of known.keys()) if (!names.has(name)) known.delete(name)
}

const nothing: SeenOfCalls['recent'] = { calls: 0, errors: 0, unknown: 0, overLimit: 0 }

/** By the name of the target. */
function statesOf(firing: readonly Alert[]): Map<string, CallsAlert> {
  const states = new Map<string, CallsAlert>()
  // The worst comes last, and stays.
  for (const [alertname, state] of stateAlerts.toReversed())
    for (const { labels, startsAt } of firing)
      if (labels.alertname === alertname) states.set(labels.target ?? '', { state, since: startsAt })
  return states
}
