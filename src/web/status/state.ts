import { maintenanceEnd } from '../../config/target/maintenance.ts'
import type { Target } from '../../config/target/target.ts'
import { redact } from '../../lib/text/redact.ts'
import { cut, oneLine } from '../../lib/text/text.ts'
import { isAwaited } from '../../checks/heartbeat/result.ts'
import { statusCodeOf } from '../../checks/http/result.ts'
import type { ProbeResult } from '../../checks/result.ts'
import { evidenceOf, type TargetPast } from './past.ts'
import type { RecentView } from './recent.ts'
import type { SilencedMark } from './silences.ts'
import type { Evidence, Incident, LastCheck, TargetState, TargetStatus } from './status.ts'

/** What is known of a target. */
export interface Known {
  readonly target: Target
  /** Of this process; absent before its first check. */
  readonly result?: ProbeResult | undefined
  readonly recent?: RecentView | undefined
  /** Absent without a history, and where it has nothing of the target. */
  readonly past?: TargetPast | undefined
  /** Unix time in milliseconds. */
  readonly now: number
}

/** Characters of a message that are shown. */
const maxMessage = 1000

/** Puts together what may be shown of a target. */
export function targetStatus(known: Known): TargetStatus {
  const { target, past, now } = known
  const last = lastCheck(known)
  const state = stateOf(known, last)
  const change = last && state !== 'pending' && state !== 'paused' ? changeOf(known, last) : {}
  const maintenanceUntil = maintenanceEnd(target.maintenance, now / 1000)
  return {
    name: target.name,
    instance: target.instance,
    kind: target.check.kind,
    labels: target.labels,
    severity: target.severity,
    intervalSeconds: target.interval,
    state,
    ...(state === 'pending' && isAwaitedNow(known) && { awaited: true as const }),
    ...(change.since && { since: change.since }),
    ...(maintenanceUntil !== undefined && { maintenanceUntil: new Date(maintenanceUntil * 1000) }),
    ...(last && { last }),
    expectation: {
      maxLatencySeconds: limitOf(target),
      maxErrorRatio: target.expect.maxErrorRatio,
      slo: target.expect.slo,
    },
    sparkline: past?.sparkline ?? [],
    days: past?.days ?? [],
    availability: past?.availability ?? { last24h: null, last30d: null, last90d: null },
    latency: past?.latency ?? {},
    ...(last && change.first && { openIncident: openIncident(target, change, change.first, last, now) }),
  }
}

/** Seconds; null where a check may take any time. */
export function limitOf({ expect }: { readonly expect: { readonly maxLatency: number } }): number | null {
  return Number.isFinite(expect.maxLatency) ? expect.maxLatency : null
}

/** The newer of what this process has seen and of what is stored: another process may have checked after it. */
function lastCheck({ target, result, past }: Known): LastCheck | undefined {
  const stored = past?.last
  // Without its row, and so without its duration, it was long ago.
  if (stored?.durationSeconds !== undefined && (!result || stored.at > result.startedAt)) {
    const { durationSeconds, message } = stored
    return {
      ...stored,
      durationSeconds,
      ...(message !== undefined && { message: shownText(message, target) }),
    }
  }
  return result && checkOf(target, result)
}

function checkOf(target: Target, result: ProbeResult): LastCheck {
  const { startedAt, durationSeconds, success, failure } = result
  const statusCode = statusCodeOf(result)
  return {
    at: startedAt,
    durationSeconds,
    success,
    ...(failure && { reason: failure.reason, message: shownText(failure.message, target) }),
    ...(statusCode !== undefined && { statusCode }),
  }
}

function stateOf(known: Known, last: LastCheck | undefined): TargetState {
  const { target, recent } = known
  if (target.paused) return 'paused'
  if (!last || isOld(last.at, known)) return 'pending'
  if (!last.success) return 'down'
  if (isAwaitedNow(known)) return 'pending'
  const slowest = Math.max(last.durationSeconds, recent?.median ?? 0)
  return slowest > target.expect.maxLatency ? 'degraded' : 'up'
}

/** What a check says is true until the next ones should have come. */
function isOld(at: Date, { target, now }: Known): boolean {
  return now - at.getTime() > (2 * target.interval + target.timeout) * 1000
}

function isAwaitedNow(known: Known): boolean {
  const { result } = known
  return result !== undefined && isAwaited(result) && !isOld(result.startedAt, known)
}

interface Change {
  /** Absent where it is not known. */
  readonly since?: Date
  /** The first failure, where checks fail. */
  readonly first?: Evidence
  /** Whether that was in a maintenance. Absent: it was not. */
  readonly inMaintenance?: boolean
}

/** When the present outcome began: as it is stored, unless this process has seen a change that is not stored yet. */
function changeOf({ target, result, recent, past }: Known, last: LastCheck): Change {
  const own = result?.success === last.success ? recent : undefined
  const stored = past?.change.success === last.success ? past.change : undefined
  if (stored && !(own?.witnessed && own.since > stored.at)) {
    if (stored.success) return { since: stored.at }
    const first = evidenceOf(stored)
    return {
      since: stored.at,
      first: { ...first, message: shownText(first.message, target) },
      ...(stored.inMaintenance && { inMaintenance: true }),
    }
  }
  if (!own) return {}
  return {
    ...(own.witnessed && { since: own.since }),
    ...(!last.success && { first: evidenceOf(checkOf(target, own.first)) }),
    ...(maintenanceEnd(target.maintenance, own.first.startedAt.getTime() / 1000) !== undefined && {
      inMaintenance: true,
    }),
  }
}

function openIncident(
  target: Target,
  { inMaintenance }: Change,
  first: Evidence,
  last: LastCheck,
  now: number,
): Incident {
  return {
    target: target.name,
    startedAt: first.at,
    durationSeconds: Math.max(0, now - first.at.getTime()) / 1000,
    ...(inMaintenance && { inMaintenance }),
    firstFailure: first,
    lastFailure: evidenceOf(last),
  }
}

/** Messages quote what targets answer. */
export function shownText(text: string, { secrets }: Pick<Target, 'secrets'>): string {
  return cut(oneLine(redact(text, secrets)), maxMessage)
}

/** A status, with the mark of its target. */
export function withMark(status: TargetStatus, marks: ReadonlyMap<string, SilencedMark>): TargetStatus {
  const silenced = marks.get(status.name)
  return silenced ? { ...status, silenced } : status
}
