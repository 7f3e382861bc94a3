import type { Incident, IncidentQuery } from './status.ts'
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

interface AdmissionQuestions {
  readonly vendorOf: (target: string) => string | undefined
  readonly admissions: (
    incidents: readonly (Pick<Incident, 'startedAt' | 'endedAt'> & { readonly vendor: string })[],
  ) => Promise<readonly (VendorAdmission | undefined)[] | undefined>
}

/** Says of incidents whether the vendors of their targets admitted them. */
export async function withAdmissions(
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
