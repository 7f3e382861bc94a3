import type { Target } from '../../../config/target/target.ts'
import type { Outage } from '../../../alerts/replay/outages.ts'
import { longestJudged, type Usual } from '../../../alerts/replay/spells.ts'
import type { Verdict } from '../../../alerts/replay/verdicts.ts'

/** Values of one target that may suit it better; absent: today's is as good. */
export interface Proposal {
  /** Failed checks in a row. */
  readonly alertAfter?: number
  /** Seconds. */
  readonly maxLatency?: number
  /** 0 to 1. */
  readonly maxErrorRatio?: number
}

/** What the past says about one target. */
export interface TargetPast {
  readonly target: Target
  readonly usual: Usual
  readonly outages: readonly Outage[]
  /** How well the alerts of today fit it. */
  readonly verdict: Pick<Verdict, 'falseBy' | 'missedBy'>
}

interface Limits {
  /** Seconds. An outage that is shorter is not worth an alert. */
  readonly short: number
  /** Unix seconds: outages that last are counted to this moment. */
  readonly until: number
}

/** Seconds, as people write them. */
const latencies = [
  0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60,
  90, 120, 180, 240, 300,
]
const ratios = [0.01, 0.02, 0.03, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]

/** Outages of which one knows enough to be less patient: fewer may be chance. */
const enoughOutages = 3
/** Seconds sooner that are worth an edit. */
const worthwhile = 60

/** Proposes values for a target. Whether they are better is found out by playing them. */
export function propose(past: TargetPast, limits: Limits): Proposal {
  const { target, usual, verdict } = past
  const { expect, interval, timeout } = target
  const { falseBy, missedBy } = verdict
  const isJudged = interval <= longestJudged
  const alertAfter = proposeAlertAfter(past, limits)
  const latency = { now: expect.maxLatency, off: Infinity, below: timeout, enough: usual.slowAbove }
  const ratio = { now: expect.maxErrorRatio, off: 1, below: 1, enough: usual.failingAbove }
  const slow = { tooLow: falseBy['TargetSlow'], tooHigh: missedBy.slow }
  const failing = { tooLow: falseBy['TargetErrorRateHigh'], tooHigh: missedBy.failing }
  const maxLatency = isJudged ? proposeLimit(latencies, latency, slow) : undefined
  const maxErrorRatio = isJudged ? proposeLimit(ratios, ratio, failing) : undefined
  return {
    ...(alertAfter !== undefined && { alertAfter }),
    ...(maxLatency !== undefined && { maxLatency }),
    ...(maxErrorRatio !== undefined && { maxErrorRatio }),
  }
}

/** The lowest step above what is usual, where today's limit is on its wrong side. */
function proposeLimit(
  steps: readonly number[],
  limit: { readonly now: number; readonly off: number; readonly below: number; readonly enough: number },
  { tooLow = 0, tooHigh }: { readonly tooLow: number | undefined; readonly tooHigh: number },
): number | undefined {
  const { now, off, below, enough } = limit
  const step = steps.find((one) => one >= enough)
  if (now === off || step === undefined || step >= below) return undefined
  return (tooLow > 0 && step > now) || (tooHigh > 0 && step < now) ? step : undefined
}

/** How a number of checks would have done, by the lengths of the outages alone. */
interface Estimate {
  readonly missed: number
  readonly falseAlarms: number
  /** Seconds from the first failed check. */
  readonly delay: number
}

/** The fewest missed outages, then the fewest false alarms, then the soonest. */
function proposeAlertAfter({ target, outages }: TargetPast, { short, until }: Limits): number | undefined {
  const { interval, alertAfter } = target
  if (outages.length === 0 || !Number.isFinite(alertAfter)) return undefined
  const real = outages.filter(({ startedAt, endedAt = until }) => endedAt - startedAt > short)
  const blips = outages.filter((outage) => !real.includes(outage))
  const estimate = (seconds: number): Estimate => ({
    missed: real.filter((outage) => lengthOf(outage, interval) < seconds).length,
    falseAlarms: blips.filter((outage) => lengthOf(outage, interval) >= seconds).length,
    delay: Math.max(0, Math.ceil(seconds / interval - 1e-9) - 1) * interval,
  })
  // A single failed check proves little.
  const counts = Array.from({ length: Math.ceil(short / interval) + 1 }, (_none, index) => index + 2)
  const [best] = counts
    .map((count) => ({ count, ...estimate((count - 0.5) * interval) }))
    .sort((a, b) => a.missed - b.missed || a.falseAlarms - b.falseAlarms || a.delay - b.delay)
  const now = estimate(alertAfter)
  if (!best) return undefined
  if (best.missed < now.missed) return best.count
  if (best.missed === now.missed && best.falseAlarms < now.falseAlarms) return best.count
  const isSame = best.missed === now.missed && best.falseAlarms === now.falseAlarms
  return isSame && real.length >= enoughOutages && now.delay - best.delay >= worthwhile
    ? best.count
    : undefined
}

/** Seconds for which TargetDown sees it fail: the first failure counts for one interval. */
function lengthOf({ startedAt, lastFailedAt }: Outage, interval: number): number {
  return lastFailedAt - startedAt + interval
}
