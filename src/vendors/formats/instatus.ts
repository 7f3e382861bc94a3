import { z } from 'zod'
import { says, timeOf, VendorFormatError, type VendorState } from '../said.ts'
import { has, type StatusReader } from './format.ts'

const impacts: Readonly<Record<string, VendorState>> = {
  OPERATIONAL: 'operational',
  UNDERMAINTENANCE: 'maintenance',
  DEGRADEDPERFORMANCE: 'degraded',
  MINOROUTAGE: 'degraded',
  PARTIALOUTAGE: 'partial_outage',
  MAJOROUTAGE: 'major_outage',
}

const documentSchema = z.object({
  page: z.object({ status: z.string() }),
  activeIncidents: z
    .array(
      z.object({
        name: z.string(),
        started: z.string().nullish(),
        status: z.string().nullish(),
        impact: z.string().nullish(),
      }),
    )
    .default([]),
  activeMaintenances: z
    .array(z.object({ name: z.string(), start: z.string().nullish(), status: z.string().nullish() }))
    .default([]),
})

/** Instatus: `/summary.json`. Source: https://instatus.com/help/api/status-page */
export const instatus: StatusReader = {
  recognizes: (document) =>
    has(document, 'page') &&
    /^(?:UP|HASISSUES|UNDERMAINTENANCE)$/.test(
      String((document as { page: { status?: unknown } | null }).page?.status),
    ),
  read(document, { components }) {
    if (components.length > 0)
      throw new VendorFormatError('this format lists no components: remove components')
    const { page, activeIncidents, activeMaintenances } = documentSchema.parse(document)
    const incidents = activeIncidents
      .filter(({ status }) => status !== 'RESOLVED')
      .map(({ name, started, impact }) => ({
        title: name,
        state: impacts[impact ?? ''] ?? 'degraded',
        ...startedAt(started),
      }))
    const maintenances = activeMaintenances
      .filter(({ status }) => status === 'INPROGRESS')
      .map(({ name, start }) => ({ title: name, state: 'maintenance' as const, ...startedAt(start) }))
    return says(stateOf(page.status, incidents), [...incidents, ...maintenances])
  },
}

/** The page says that there is something; how bad it is, its incidents say. */
function stateOf(status: string, incidents: readonly { readonly state: VendorState }[]): VendorState {
  if (status === 'UP') return 'operational'
  if (status === 'UNDERMAINTENANCE') return 'maintenance'
  const states = incidents.map(({ state }) => state)
  return (['major_outage', 'partial_outage'] as const).find((state) => states.includes(state)) ?? 'degraded'
}

function startedAt(text: string | null | undefined): { startedAt?: Date } {
  const at = timeOf(text)
  return at ? { startedAt: at } : {}
}
