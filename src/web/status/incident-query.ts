import { beforeMs, changeBefore, type Mark } from './marks.ts'
import type { Past } from './past.ts'
import type { Incident, IncidentQuery, SeriesRange } from './status.ts'
import type { VendorAdmission } from './vendor.ts'

/** Tells incidents apart. */
export function keyOf({ target, startedAt }: Pick<Incident, 'target' | 'startedAt'>): string {
  return `${startedAt.getTime()} ${target}`
}

/** Whether a query asks for an incident. @param only The name of its target. Undefined: any. */
export function isAsked(
  { target, startedAt, endedAt }: Incident,
  { from, to }: Pick<IncidentQuery, 'from' | 'to'>,
  only: string | undefined,
): boolean {
  if (only !== undefined && only !== target) return false
  return !(from && endedAt && endedAt <= from) && !(to && startedAt >= to)
}

/** What is asked about incidents. */
export interface IncidentSources {
  readonly targetOf: (
    name: string,
  ) => { readonly name: string; readonly labels: Readonly<Record<string, string>> } | undefined
  /** Asks the history; undefined where it does not answer. */
  readonly ask: <T>(question: (past: Past) => Promise<T>) => Promise<T | undefined>
}

/** Says of incidents what had changed before, and whether the vendors of their targets admitted them. */
export async function withWitnesses(
  all: readonly Incident[],
  { targetOf, ask }: IncidentSources,
): Promise<Incident[]> {
  const changed = await withChanges(all, targetOf, (range) => ask((past) => past.marks(range)))
  return withAdmissions(changed, {
    vendorOf: (name) => targetOf(name)?.labels.vendor,
    admissions: (asked) => ask((past) => past.admissions(asked)),
  })
}

/** Says of incidents what had changed in the hour before. @param read Undefined where it is not known. */
async function withChanges(
  all: readonly Incident[],
  targetOf: (name: string) => Parameters<typeof changeBefore>[1] | undefined,
  read: (range: SeriesRange) => Promise<readonly Mark[] | undefined>,
): Promise<Incident[]> {
  if (all.length === 0) return []
  const begins = all.map(({ startedAt }) => startedAt.getTime())
  const from = new Date(Math.min(...begins) - beforeMs)
  const marks = (await read({ from, to: new Date(Math.max(...begins) + 1) })) ?? []
  return all.map((incident) => {
    const target = targetOf(incident.target) ?? { name: incident.target, labels: {} }
    const after = changeBefore(marks, target, incident.startedAt)
    return after ? { ...incident, after } : incident
  })
}

interface AdmissionQuestions {
  readonly vendorOf: (target: string) => string | undefined
  readonly admissions: (
    incidents: readonly (Pick<Incident, 'startedAt' | 'endedAt'> & { readonly vendor: string })[],
  ) => Promise<readonly (VendorAdmission | undefined)[] | undefined>
}

/** Says of incidents whether the vendors of their targets admitted them. */
async function withAdmissions(
  all: readonly Incident[],
  { vendorOf, admissions }: AdmissionQuestions,
): Promise<Incident[]> {
  const vendored = all.flatMap((incident) => {
    const vendor = vendorOf(incident.target)
    return vendor === undefined ? [] : [{ incident, vendor }]
  })
  if (vendored.length === 0) return [...all]
  const found = await admissions(vendored.map(({ vendor, incident }) => ({ ...incident, vendor })))
  const byIncident = new Map(vendored.map(({ incident }, index) => [incident, found?.[index]]))
  return all.map((incident) => {
    const admission = byIncident.get(incident)
    return admission ? { ...incident, admission } : incident
  })
}
