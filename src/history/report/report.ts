import type { Vendor } from '../../config/config.ts'
import type { Statements } from '../sql.ts'
import {
  admissionOf,
  readVendorStates,
  sumOfAdmissions,
  type Admissions,
  type VendorChange,
} from '../vendors/states.ts'
import { readSilences } from '../reads/silences.ts'
import type { StoredSilence } from '../write/silences.ts'
import { readCalls, sumOfCalls, type Calls } from './calls.ts'
import type { JudgedRun } from '../../lib/command-run/verdict.ts'
import { commandReports, readRepairs } from './commands.ts'
import {
  readCounts,
  readFailuresByHour,
  readSeries,
  type Counts,
  type Incident,
  type Series,
} from './data.ts'
import { asItWas, isObserved, known, measure, over, sum, type Judge } from './measure.ts'
import { daily, readDays, type DayCounts } from './daily.ts'
import { isMonth, periodBefore, type Period } from './period.ts'
import type {
  EndpointReport,
  IncidentReport,
  CallsReport,
  EndpointCalls,
  VendorReport,
  Report,
} from './reported.ts'
import { sideBySide } from './side-by-side.ts'
import { downSeconds, withoutMaintenance, type Span } from './timeline.ts'

export interface ReportOptions {
  readonly sql: Statements
  readonly period: Period
  readonly timeZone: string
  readonly vendors: ReadonlyMap<string, Vendor>
  /** Only this one. */
  readonly vendor?: string
  /** Whether a target counts, by its labels, with `target` and `location`. Default: all do. */
  readonly covers?: (labels: Readonly<Record<string, string>>) => boolean
  /** Of all results that are stored. */
  readonly pendingSince?: Date
  /** Unix time in milliseconds. */
  readonly now: number
}

/** Measures every vendor in a period, and in the one before. */
export async function buildReport(options: ReportOptions): Promise<Report> {
  const { sql, period, timeZone, vendors, vendor, now, pendingSince, covers = () => true } = options
  const before = periodBefore(period, timeZone)
  const span = { from: period.from, to: Math.max(period.from, Math.min(period.to, now)) }
  const counts = ({ target, location, labels }: Named): boolean => covers({ ...labels, target, location })
  const all = (await readSeries(sql, { from: before.from, to: span.to })).filter(counts)
  const data: Data = {
    span,
    before,
    counts: await readCounts(sql, span),
    countsBefore: await readCounts(sql, before),
    hours: await readFailuresByHour(sql, span, timeZone),
    days: await readDays(sql, span, timeZone),
    timeZone,
    calls: (await readCalls(sql, span)).filter(counts),
    callsBefore: (await readCalls(sql, before)).filter(counts),
    states: await readVendorStates(sql, span),
    repairs: await readRepairs(sql, span),
    silences: await readSilences(sql, span),
  }
  const names = new Set([...all, ...data.calls].map(vendorOf))
  const reports = [...names]
    .filter((name) => vendor === undefined || name === vendor)
    .map((name) => vendorReport(name, vendors.get(name), all.filter(isOf(name)), data))
    .filter((report) => isObserved(report) || isObserved(report.previous) || report.calls)
  return {
    period: period.name,
    ...(isMonth(period.name) && { month: period.name, previousMonth: before.name }),
    timeZone,
    from: new Date(span.from),
    to: new Date(span.to),
    previousPeriod: before.name,
    generatedAt: new Date(now),
    ...(pendingSince && pendingSince.getTime() < span.to && { pendingSince }),
    vendors: reports.sort(worstFirst),
  }
}

interface Data {
  readonly span: Span
  readonly before: Span
  readonly counts: ReadonlyMap<number, Counts>
  readonly countsBefore: ReadonlyMap<number, Counts>
  readonly hours: readonly { id: number; hour: number; checks: number; failures: number }[]
  readonly days: ReadonlyMap<number, readonly DayCounts[]>
  readonly timeZone: string
  readonly calls: readonly Calls[]
  readonly callsBefore: readonly Calls[]
  readonly states: ReadonlyMap<string, readonly VendorChange[]>
  readonly repairs: readonly JudgedRun[]
  readonly silences: readonly StoredSilence[]
}

type Labelled = Pick<Series, 'labels'>
type Named = Pick<Series, 'labels' | 'target' | 'location'>

function vendorOf({ labels }: Labelled): string {
  return labels.vendor ?? ''
}

function isOf(vendor: string): (one: Labelled) => boolean {
  return (one) => vendorOf(one) === vendor
}

function vendorReport(
  name: string,
  promise: Vendor | undefined,
  series: readonly Series[],
  data: Data,
): VendorReport {
  const { span, before, counts, countsBefore, hours, states } = data
  const { sla, slaExcludesMaintenance: excludes = false } = promise ?? {}
  const judged: Judge = excludes ? withoutMaintenance : asItWas
  const total = measure(series, span, counts, judged)
  const endpoints = series
    .map((one): EndpointReport => {
      const measured = measure([one], span, counts, judged)
      return { target: one.target, location: one.location, ...measured, ...over(judged(measured), sla) }
    })
    .filter(isObserved)
  const incidents = series
    .flatMap((one) => one.incidents.filter((incident) => touches(incident, span)).map(reported(one, span)))
    .sort((a, b) => a.startedAt.getTime() - b.startedAt.getTime())
    .map((incident): IncidentReport => {
      const admission = admissionOf(incident, states.get(name))
      return { ...incident, ...(admission && { admission }) }
    })
  const ids = new Set(series.map(({ id }) => id))
  const ofVendor = hours.filter(({ id }) => ids.has(id))
  return {
    vendor: name,
    ...(sla !== undefined && { sla, budgetSeconds: (1 - sla) * known(judged(total)) }),
    slaExcludesMaintenance: excludes,
    ...(promise?.url !== undefined && { url: promise.url }),
    ...total,
    ...over(judged(total), sla),
    ...meanTimeToRecovery(series, span),
    previous: measure(series, before, countsBefore, judged),
    endpoints: endpoints.sort(worstFirst),
    sideBySide: sideBySide(endpoints),
    ...callsReport(name, endpoints, data),
    incidents,
    silences: silencesOf([...series, ...data.calls.filter(isOf(name))], data.silences),
    ...admissionsOf(incidents),
    ...commandsOf(name, series, data),
    days: daily(series, span, data.days, data.timeZone, judged),
    failuresByHour: Array.from({ length: 24 }, (_, hour) => {
      const own = ofVendor.filter((row) => row.hour === hour)
      return {
        checks: sum(own.map(({ checks }) => checks)),
        failures: sum(own.map(({ failures }) => failures)),
      }
    }),
    failuresByReason: Object.fromEntries(
      [...joinedReasons(series, counts)].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)),
    ),
  }
}

/** Those of some targets, which are not about others of them here. */
function silencesOf(
  series: readonly Pick<Named, 'target'>[],
  silences: readonly StoredSilence[],
): StoredSilence[] {
  const own = new Set(series.map(({ target }) => target))
  return silences
    .map((silence) => ({ ...silence, targets: silence.targets.filter((name) => own.has(name)) }))
    .filter(({ targets }) => targets.length > 0)
}

function admissionsOf(incidents: readonly IncidentReport[]): { admissions?: Admissions } {
  const admissions = sumOfAdmissions(incidents.flatMap(({ admission }) => admission ?? []))
  return admissions.seen === 0 ? {} : { admissions }
}

/** Of the targets that count: those that have checks or calls. */
function commandsOf(
  vendor: string,
  series: readonly Series[],
  { repairs, calls }: Data,
): Pick<VendorReport, 'commands'> {
  const counted = [...series, ...calls.filter(isOf(vendor))]
  const own = repairs.filter(
    (run) =>
      run.vendor === vendor &&
      counted.some(
        ({ target, location }) => target === run.target && (run.location === '' || run.location === location),
      ),
  )
  return own.length === 0 ? {} : { commands: commandReports(own) }
}

function callsReport(
  vendor: string,
  checked: readonly EndpointReport[],
  { calls, callsBefore }: Data,
): { calls?: CallsReport } {
  const own = calls.filter(isOf(vendor))
  if (own.length === 0) return {}
  const endpoints = own.map((one): EndpointCalls => {
    const { target, location } = one
    const checks = checked.find((other) => other.target === target && other.location === location)
    return { target, location, ...sumOfCalls([one]), ...(checks && { checks }) }
  })
  return {
    calls: {
      ...sumOfCalls(own),
      previous: sumOfCalls(callsBefore.filter(isOf(vendor))),
      endpoints: endpoints.sort((a, b) => (b.errorRatio ?? 0) - (a.errorRatio ?? 0) || b.calls - a.calls),
    },
  }
}

const spanOf = ({ startedAt, endedAt }: Incident): Span => ({
  from: startedAt.getTime(),
  to: endedAt?.getTime() ?? Infinity,
})

function touches(incident: Incident, span: Span): boolean {
  const { from, to } = spanOf(incident)
  return from < span.to && to > span.from
}

function reported({ target, location, seen }: Series, span: Span) {
  return (incident: Incident): IncidentReport => {
    const { from, to: end } = spanOf(incident)
    // The last check speaks for its interval, as in the sums.
    const to = incident.noLongerWatched ? Infinity : end
    const within = { from: Math.max(from, span.from), to: Math.min(to, span.to) }
    return { target, location, ...incident, downSeconds: downSeconds(within, seen) }
  }
}

/** The whole of each counts, also what was before the period. */
function meanTimeToRecovery(series: readonly Series[], span: Span): { mttrSeconds?: number } {
  const ended = series.flatMap(({ incidents, seen }) =>
    incidents
      .filter(({ noLongerWatched }) => !noLongerWatched)
      .map(spanOf)
      .filter(({ to }) => to > span.from && to <= span.to)
      .map((outage) => downSeconds(outage, seen)),
  )
  return ended.length === 0 ? {} : { mttrSeconds: sum(ended) / ended.length }
}

function joinedReasons(series: readonly Series[], counts: ReadonlyMap<number, Counts>): Map<string, number> {
  const reasons = new Map<string, number>()
  for (const { id } of series)
    for (const [reason, count] of counts.get(id)?.reasons ?? [])
      reasons.set(reason, (reasons.get(reason) ?? 0) + count)
  return reasons
}

function worstFirst(
  a: { overBudgetSeconds?: number; availability?: number },
  b: { overBudgetSeconds?: number; availability?: number },
): number {
  return (
    (b.overBudgetSeconds ?? 0) - (a.overBudgetSeconds ?? 0) || (a.availability ?? 1) - (b.availability ?? 1)
  )
}
