import { groupBy } from '../../lib/group-by.ts'
import type { Outage } from './outages.ts'
import { noticeOf } from './compare.ts'
import type { Spell } from './spells.ts'
import type { Told } from './told.ts'

/** How well the alerts of one configuration fit what happened to a target. */
export interface Verdict {
  readonly target: string
  /** Alerts during which nothing was wrong that is worth one. */
  readonly falseAlarms: number
  /** The same by the name of the alert; without those that are none. */
  readonly falseBy: Readonly<Record<string, number>>
  /** What was worth an alert: outages that were long enough, slow and failing spells. */
  readonly troubles: number
  /** How many of these no alert was about. */
  readonly missed: number
  readonly missedBy: Readonly<Record<'outage' | Spell['kind'], number>>
  /** The median of the seconds from the first failed check of such an outage to the first notification; absent where there was none. */
  readonly untilNotified?: number
}

/** What is worth an alert. */
export interface Troubles {
  readonly outages: readonly Outage[]
  readonly spells: readonly Spell[]
}

/** The alerts that can be false, and the seconds that they look back or go on: what was wrong so long before is still their cause. */
const lags: ReadonlyMap<string, number> = new Map([
  ['TargetDown', 0],
  ['TargetSlow', 900],
  ['TargetErrorRateHigh', 3900],
])

/** The outages that are longer than an alert is worth, and the spells that are not a part of one. */
export function troublesOf(
  outages: readonly Outage[],
  spells: readonly Spell[],
  { until, short }: { readonly until: number; readonly short: number },
): Troubles {
  const real = outages.filter(({ startedAt, endedAt = until }) => endedAt - startedAt > short)
  const isOwn = (spell: Spell): boolean =>
    !real.some((outage) => isSame(outage, spell) && overlaps(outage, spell, lags.get('TargetErrorRateHigh')))
  return { outages: real, spells: spells.filter(isOwn) }
}

/**
 * Judges the alerts about one target.
 *
 * @param told Those that one configuration gives about it.
 * @param troubles Those of this target, under the name that it has there.
 * @param from Unix seconds. What began earlier has causes that are not known.
 */
export function judge(
  target: string,
  told: readonly Told[],
  { outages, spells }: Troubles,
  from: number,
): Verdict {
  const falseAlarms = told.filter((one) => {
    const lag = lags.get(one.alertname)
    if (lag === undefined || one.beganAt < from) return false
    const isAbout = (trouble: Time): boolean => isSame(trouble, one) && overlaps(trouble, timeOf(one), lag)
    return !outages.some(isAbout) && !spells.filter(({ kind }) => isFor(kind, one)).some(isAbout)
  })
  const falseBy = groupBy(falseAlarms, ({ alertname }) => alertname)
  const notices = outages.map((outage) => noticeOf({ ...outage, target }, told, () => target).after)
  const untilNotified = median(notices.flatMap((after) => after ?? []))
  const isNoticed = (spell: Spell): boolean =>
    told.some((one) => {
      const lag = lags.get(one.alertname)
      return isFor(spell.kind, one) && isSame(spell, one) && overlaps(spell, timeOf(one), lag)
    })
  const unseen = spells.filter((spell) => !isNoticed(spell))
  const missedBy = {
    outage: notices.filter((after) => after === undefined).length,
    slow: unseen.filter(({ kind }) => kind === 'slow').length,
    failing: unseen.filter(({ kind }) => kind === 'failing').length,
  }
  return {
    target,
    falseAlarms: falseAlarms.length,
    falseBy: Object.fromEntries([...falseBy].map(([name, alarms]) => [name, alarms.length])),
    troubles: outages.length + spells.length,
    missed: missedBy.outage + unseen.length,
    missedBy,
    ...(untilNotified !== undefined && { untilNotified }),
  }
}

interface Time {
  readonly location: string
  readonly startedAt: number
  readonly endedAt?: number
}

/** An alert about failures does not say that a target is slow, and the reverse. */
function isFor(kind: Spell['kind'], { alertname }: Told): boolean {
  return (kind === 'slow') === (alertname === 'TargetSlow')
}

function timeOf({ location, beganAt, endedAt }: Told): Time {
  return { location, startedAt: beganAt, ...(endedAt !== undefined && { endedAt }) }
}

function isSame(a: { readonly location: string }, b: { readonly location: string }): boolean {
  return a.location === b.location
}

function overlaps(trouble: Time, alert: Time, lag = 0): boolean {
  return (
    alert.startedAt < (trouble.endedAt ?? Infinity) + lag && (alert.endedAt ?? Infinity) > trouble.startedAt
  )
}

function median(values: number[]): number | undefined {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]
}
