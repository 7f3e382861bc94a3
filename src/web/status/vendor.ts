import type { Incident } from './status.ts'

/** What a vendor says of itself, from the best to the worst; `unknown`: its page could not be read for ten minutes. */
export const saidStates = [
  'unknown',
  'operational',
  'maintenance',
  'degraded',
  'partial_outage',
  'major_outage',
] as const
export type SaidState = (typeof saidStates)[number]

/** What the vendor of a target says of itself. */
export interface VendorSaid {
  /** As the configuration names it. */
  readonly name: string
  readonly state: SaidState
  /** What it calls the worst of what goes on: one line. Absent where nothing does. */
  readonly title?: string
  /** When its page was last read; absent where it never was. */
  readonly readAt?: Date
}

/** Whether a vendor admitted an incident. */
export interface VendorAdmission {
  /** Seconds after the incident began; 0: the vendor had said so before. Absent: it did not say so. */
  readonly afterSeconds?: number
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
