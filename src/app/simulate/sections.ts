import { playedAlerts } from '../../alerts/replay/replay.ts'
import type { Verdict } from '../../alerts/replay/verdicts.ts'
import { duration } from '../../history/report/units.ts'
import { dateTime } from '../../lib/text/date-time.ts'
import { oneLine } from '../../lib/text/text.ts'
import type { JudgedOutage, Played, Simulation } from './simulate.ts'

/** A part of the result that every format has. */
export interface Section {
  readonly heading: string
  /** Empty: without a head. */
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

const at = (seconds: number): string => dateTime(new Date(seconds * 1000))

/** Of how much past it is. */
export function introduction({ from, to, firstAt, checks }: Simulation): string[] {
  const range = `From ${at(from)} to ${at(to)}: ${checks.toLocaleString('en')} checks.`
  if (firstAt === undefined) return [range, 'Nothing is stored of this time, so there is nothing to judge.']
  return firstAt - from > 3600 ? [range, `The first of them was made at ${at(firstAt)}.`] : [range]
}

export function sections(result: Simulation): Section[] {
  return [
    ...result.played.map(alerts),
    outages(result),
    worth(result),
    missed(result),
    cannotAnswer(result),
  ].flatMap((section) => section ?? [])
}

function alerts({ name, tallies }: Played): Section {
  return {
    heading: tallies.length === 0 ? `${name}: no alert` : `${name}: alerts`,
    columns: ['target', 'location', 'alert', 'times', 'in all', 'short'],
    rows: tallies.map(({ target = '-', location, alertname, times, seconds, short }) => [
      oneLine(target),
      oneLine(location),
      alertname,
      String(times),
      duration(seconds),
      String(short),
    ]),
  }
}

function outages({ played, outages: all, to }: Simulation): Section {
  const times = all.map(({ startedAt, endedAt = to }) => endedAt - startedAt)
  return {
    heading: `Outages: ${all.length}${all.length > 0 ? `, the longest took ${duration(Math.max(...times))}` : ''}`,
    columns: ['configuration', 'told', 'median until told'],
    rows: played.map(({ name }, index) => {
      const after = all.flatMap(({ notices }) => notices[index]?.after ?? []).sort((a, b) => a - b)
      return [name, `${after.length} of ${all.length}`, duration(after[Math.floor(after.length / 2)])]
    }),
  }
}

/** How well the alerts fit what was worth one. */
function worth({ played, spells }: Simulation): Section | undefined {
  const all = played.map(({ name, verdicts }) => {
    const sum = (of: (verdict: Verdict) => number): number =>
      verdicts.reduce((total, verdict) => total + of(verdict), 0)
    const troubles = sum((verdict) => verdict.troubles)
    return {
      name,
      troubles,
      missed: sum((verdict) => verdict.missed),
      wrong: sum((verdict) => verdict.falseAlarms),
    }
  })
  if (all.every(({ troubles, wrong }) => troubles === 0 && wrong === 0)) return undefined
  const count = (kind: 'slow' | 'failing'): number => spells.filter((spell) => spell.kind === kind).length
  return {
    heading: `Worth an alert: long outages, ${count('slow')} slow and ${count('failing')} failing spells`,
    columns: ['configuration', 'missed', 'false alarms'],
    rows: all.map((one) => [one.name, `${one.missed} of ${one.troubles}`, String(one.wrong)]),
  }
}

function missed({ missed: some, played, to }: Simulation): Section | undefined {
  if (some.length === 0) return undefined
  return {
    heading: `Outages that ${played[1]?.name ?? ''} would not have told you about`,
    columns: ['target', 'location', 'began', 'took', 'first failure'],
    rows: some.map((outage) => [
      oneLine(outage.target),
      oneLine(outage.location),
      at(outage.startedAt),
      duration((outage.endedAt ?? to) - outage.startedAt),
      whyOf(outage),
    ]),
  }
}

function whyOf({ reason, message }: JudgedOutage): string {
  return oneLine(message === '' ? reason : `${reason}: ${message}`)
}

function cannotAnswer({ withoutPast, unanswerable }: Simulation): Section | undefined {
  const rows = [
    ...unanswerable.map(({ target, keys }) => [oneLine(target), `changed: ${keys.join(', ')}`]),
    ...withoutPast.map((target) => [oneLine(target), 'no check is stored']),
  ]
  return rows.length === 0 ? undefined : { heading: 'What the past cannot answer', columns: [], rows }
}

/** What is played, and what is not. */
export const footnote = `Played: ${playedAlerts.join(', ')}. A stored check has an outcome and a duration, so alerts about certificates, credentials, rate limits and calls are not played.`
