import { isOverLimit } from 'probity-client/wire'
import type { Alert } from '../../alerts/alert.ts'
import type { ReceivedCall } from '../../calls/collector.ts'
import { UnmatchedOperations } from '../../calls/few-names.ts'
import { RecentCalls } from '../../calls/recent-calls.ts'
import type { CallTarget } from '../../config/target/calls.ts'
import type { SeenCalls, SeenOfCalls } from '../../web/status/calls.ts'
import { decideAgain, decidedBy, type DecideOptions, type OwnAlerts } from './decided.ts'
import { incidentsOf, stateAlerts, type PastAlert } from './incidents.ts'

export interface SeenCallsOptions extends DecideOptions {
  /** Default: an exporter, which decides none. */
  readonly own?: OwnAlerts | undefined
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

/** Watches calls for the status page. */
export function watchCalls({ own, ...options }: SeenCallsOptions): LiveCalls {
  const { clock } = options
  const decided = own ? decidedBy(own) : decideAgain(options)
  const seen = new Map<string, RecentCalls>()
  const lastCalls = new Map<string, Date>()
  /** The alerts that fire, as they began. */
  const began = new Map<string, Alert>()
  let ended: PastAlert[] = []
  let unmatched = new UnmatchedOperations()

  const asBegan = (alert: Alert): PastAlert => {
    const first = began.get(alert.fingerprint)
    return first?.startsAt.getTime() === alert.startsAt.getTime() ? { alert, first } : { alert, first: alert }
  }

  decided.onChange((alerts) => {
    const over = alerts.filter(({ status }) => status === 'resolved')
    ended = [...over.map(asBegan), ...ended].slice(0, maxEnded)
    const firing = new Set(decided.firing().map(({ fingerprint }) => fingerprint))
    for (const fingerprint of began.keys()) if (!firing.has(fingerprint)) began.delete(fingerprint)
    for (const alert of alerts)
      if (alert.status === 'firing') began.set(alert.fingerprint, asBegan(alert).first)
  })

  return {
    observe({ call, target, outcome, error }) {
      if (!target) unmatched.count(call)
      if (!target || !outcome) return
      const { name, expect } = target
      lastCalls.set(name, new Date(clock.now()))
      let recent = seen.get(name)
      if (!recent) seen.set(name, (recent = new RecentCalls()))
      const overLimit = isOverLimit(call, expect.maxLatency)
      recent.observe({ durationSeconds: call.durationSeconds, outcome, overLimit }, clock.monotonic() / 1000)
      if (!target.probed) decided.observe(name, { ...call, outcome, error })
    },
    setTargets(targets) {
      const callTargets = targets.filter(({ probed }) => !probed)
      keepOf(targets, seen)
      keepOf(targets, lastCalls)
      // A name that was spelt wrong is right now, and the page should not go on about it.
      unmatched = new UnmatchedOperations()
      decided.setTargets(callTargets)
    },
    of({ name }) {
      const alert = stateOf(name, decided.firing())
      const lastCallAt = lastCalls.get(name)
      return {
        recent: seen.get(name)?.sum(clock.monotonic() / 1000) ?? nothing,
        ...(lastCallAt && { lastCallAt }),
        ...(alert && { alert }),
      }
    },
    incidents: () => incidentsOf([...decided.firing().map(asBegan), ...ended], clock.now()),
    unmatched: () => unmatched.counts(),
    stop() {
      decided.stop()
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

/** The worst of what fires. */
function stateOf(name: string, firing: readonly Alert[]): CallsAlert | undefined {
  const own = firing.filter(({ labels }) => labels.target === name)
  for (const [alertname, state] of stateAlerts) {
    const alert = own.find(({ labels }) => labels.alertname === alertname)
    if (alert) return { state, since: alert.startsAt }
  }
  return undefined
}
