import type { ReportDefinition } from '../../../config/notify/notify.ts'
import { monthOf, namedPeriod, spanPeriod, weekOf, type Period } from '../../../history/report/period.ts'
import { timesAround, type Schedule } from '../../../settings/values/schedule.ts'

/** A report that is to be sent. */
export interface Due {
  /** Since when, in unix milliseconds. */
  readonly at: number
  /** What it is about. */
  readonly period: Period
}

type When = Pick<ReportDefinition, 'when' | 'timezone'>

/** In the morning: the results of the night are added up by then. */
const crons = { weekly: '0 6 * * 1', monthly: '0 6 1 * *' } as const

const dayMs = 86_400_000

/** Reports that are sent at once after a long time in which nothing was. */
const mostMissed = 5

/** The newest report that is due at a moment; undefined where there was none yet. */
export function lastDue(report: When, now: number): Due | undefined {
  const { last, before } = timesAround(scheduleOf(report), now)
  if (last === undefined) return undefined
  const { when, timezone } = report
  if (when === 'weekly') return { at: last, period: namedPeriod(weekOf(last - dayMs, timezone), timezone) }
  if (when === 'monthly') return { at: last, period: namedPeriod(monthOf(last - dayMs, timezone), timezone) }
  return before === undefined ? undefined : { at: last, period: spanPeriod(before, last) }
}

/** The reports that were due after one moment and until another, the oldest first; of many, the newest. */
export function dueSince(report: When, after: number, now: number): Due[] {
  const found: Due[] = []
  for (let due = lastDue(report, now); due && due.at > after; due = lastDue(report, due.at - 1000)) {
    found.unshift(due)
    if (found.length === mostMissed) break
  }
  return found
}

/** When the next one is due, in unix milliseconds; never where there is none. */
export function nextDue(report: When, now: number): number {
  return timesAround(scheduleOf(report), now).next ?? Infinity
}

function scheduleOf({ when, timezone }: When): Schedule {
  return typeof when === 'string' ? { cron: crons[when], timezone } : when
}
