import { z } from 'zod'
import { chosen, says, timeOf, worstOf, type VendorIncident, type VendorState } from '../said.ts'
import { has, type StatusReader } from './format.ts'

const componentStates: Readonly<Record<string, VendorState>> = {
  operational: 'operational',
  under_maintenance: 'maintenance',
  degraded_performance: 'degraded',
  partial_outage: 'partial_outage',
  major_outage: 'major_outage',
}

/** Of the page's indicator and of an incident's impact. */
const impacts: Readonly<Record<string, VendorState>> = {
  none: 'operational',
  maintenance: 'maintenance',
  minor: 'degraded',
  major: 'partial_outage',
  critical: 'major_outage',
}

const incidentSchema = z.object({
  name: z.string(),
  status: z.string(),
  impact: z.string().nullish(),
  created_at: z.string().nullish(),
  started_at: z.string().nullish(),
  components: z.array(z.object({ name: z.string() })).nullish(),
})

const documentSchema = z.object({
  status: z.object({ indicator: z.string() }),
  components: z.array(z.object({ name: z.string(), id: z.string(), status: z.string() })).default([]),
  incidents: z.array(incidentSchema).default([]),
  scheduled_maintenances: z.array(incidentSchema).default([]),
})

type Incident = z.output<typeof incidentSchema>

const over = new Set(['resolved', 'postmortem', 'completed'])

/** Statuspage of Atlassian, and what imitates it. Source: https://developer.statuspage.io and https://metastatuspage.com/api#summary */
export const statuspage: StatusReader = {
  recognizes: (document) =>
    has(document, 'status') && has((document as { status: unknown }).status, 'indicator'),
  read(document, { components: wanted }) {
    const page = documentSchema.parse(document)
    const known = chosen(page.components, wanted, ({ name, id }) => [name, id])
    const names = new Set(known.map(({ name }) => name))
    const isAbout = ({ components }: Incident): boolean =>
      wanted.length === 0 || (components ?? []).some(({ name }) => names.has(name))
    const incidents = page.incidents
      .filter((one) => !over.has(one.status) && isAbout(one))
      .map((one) => incidentOf(one, impacts[one.impact ?? ''] ?? 'degraded'))
    const maintenances = page.scheduled_maintenances
      .filter((one) => (one.status === 'in_progress' || one.status === 'verifying') && isAbout(one))
      .map((one) => incidentOf(one, 'maintenance'))
    // The indicator is about all components. An incident without an impact is announced, and disturbs nothing.
    const state =
      wanted.length === 0
        ? (impacts[page.status.indicator] ?? 'degraded')
        : worstOf(known.map(({ status }) => componentStates[status] ?? 'degraded'))
    return says(state, [...incidents, ...maintenances])
  },
}

function incidentOf(
  { name, started_at: started, created_at: created }: Incident,
  state: VendorState,
): VendorIncident {
  const startedAt = timeOf(started) ?? timeOf(created)
  return { title: name, state, ...(startedAt && { startedAt }) }
}
