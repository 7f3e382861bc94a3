import type { CallTarget } from '../../config/target/calls.ts'
import { oneLine, cut } from '../../lib/text/text.ts'
import type { CallsDetail, CallsStatus, Incident, RecentCallsView } from './status.ts'

/** What this process has seen of the calls to a target. */
export interface SeenOfCalls {
  readonly recent: RecentCallsView
  readonly lastCallAt?: Date
  /** The alert on its calls that fires, the worst one where several do. */
  readonly alert?: { readonly state: 'failing' | 'slow' | 'silent'; readonly since: Date }
}

/** Where this process keeps what it sees of calls. */
export interface SeenCalls {
  /** Of a target with a check, too; the alerts are those of targets without one. */
  readonly of: (target: Pick<CallTarget, 'name'>) => SeenOfCalls
  /** Alerts on the calls of targets without a check that have begun since this process started; in any order. */
  readonly incidents: () => readonly Incident[]
  /** What programs call and no target has asked for, by the names that they report, and how often. */
  readonly unmatched: () => ReadonlyMap<string, number>
}

/** Nothing is seen of calls. */
export const noCalls: SeenCalls = {
  of: () => ({ recent: { calls: 0, errors: 0, unknown: 0, overLimit: 0 } }),
  incidents: () => [],
  unmatched: () => new Map(),
}

const matchParts = ['method', 'host', 'path', 'operation'] as const

/** Characters of a regex that are shown. */
const maxPattern = 200

export function callsStatus(target: CallTarget, seen: SeenOfCalls): CallsStatus {
  const { name, labels, severity, expect, match } = target
  const { recent, lastCallAt, alert } = seen
  const judged = alert?.state ?? (lastCallAt === undefined ? 'unseen' : recent.calls === 0 ? 'quiet' : 'up')
  return {
    name,
    kind: 'calls',
    labels,
    severity,
    match: shownMatch(match),
    state: target.paused ? 'paused' : judged,
    ...(alert && { since: alert.since }),
    expectation: {
      ...(Number.isFinite(expect.maxLatency) && { maxLatencySeconds: expect.maxLatency }),
      maxErrorRatio: expect.maxErrorRatio,
    },
    recent,
    ...(lastCallAt && { lastCallAt }),
  }
}

/** Adds what only its own page shows. */
export function callsDetail(
  target: CallTarget,
  seen: SeenOfCalls,
  more: Pick<CallsDetail, 'vendor' | 'incidents' | 'commands'>,
): CallsDetail {
  const { runbook } = target
  return { ...callsStatus(target, seen), ...(runbook !== undefined && { runbook }), ...more }
}

function shownMatch(match: CallTarget['match']): CallsStatus['match'] {
  const written = matchParts.flatMap((part) => {
    const pattern = match[part]
    return pattern ? [[part, cut(oneLine(pattern.source), maxPattern)]] : []
  })
  return Object.fromEntries(written) as CallsStatus['match']
}
