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

/** Milliseconds for which the alerts that fire are not listed again: a page asks for those of each target. */
const rememberedMs = 1000

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

  let known: { readonly at: number; readonly states: ReadonlyMap<string, CallsAlert> } | undefined

  /** Once for all targets of a page. */
  function states(): ReadonlyMap<string, CallsAlert> {
    const at = clock.monotonic()
    if (!known || at - known.at >= rememberedMs) known = { at, states: statesOf(decided.firing()) }
    return known.states
  }

  decided.onChange((alerts) => {
    known = undefined
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
      const alert = states().get(name)
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

/** The worst of what fires, by the name of the target. */
function statesOf(firing: readonly Alert[]): Map<string, CallsAlert> {
  const states = new Map<string, CallsAlert>()
  // The worst comes last, and stays.
  for (const [alertname, state] of stateAlerts.toReversed())
    for (const { labels, startsAt } of firing)
      if (labels.alertname === alertname) states.set(labels.target ?? '', { state, since: startsAt })
  return states
}
