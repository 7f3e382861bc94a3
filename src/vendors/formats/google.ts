import { z } from 'zod'
import { says, timeOf, worstOf, type VendorState } from '../said.ts'
import { has, type StatusReader } from './format.ts'

const impacts: Readonly<Record<string, VendorState>> = {
  AVAILABLE: 'operational',
  SERVICE_INFORMATION: 'operational',
  SERVICE_MAINTENANCE: 'maintenance',
  SERVICE_DISRUPTION: 'partial_outage',
  SERVICE_OUTAGE: 'major_outage',
}

const named = z.object({ title: z.string() })

const documentSchema = z.array(
  z.object({
    begin: z.string(),
    end: z.string().nullish(),
    external_desc: z.string().default(''),
    status_impact: z.string().nullish(),
    service_name: z.string().nullish(),
    affected_products: z.array(named).nullish(),
    currently_affected_locations: z.array(named).nullish(),
    most_recent_update: z.object({ status: z.string().nullish() }).nullish(),
  }),
)

/**
 * Google Cloud and Workspace: `incidents.json`, a list of incidents of which those without an end go on. Names are those of
 * products and locations; there is no list of them, so that one that is not known is not noticed.
 * Source: https://status.cloud.google.com/incidents.schema.json
 */
export const google: StatusReader = {
  recognizes: (document) =>
    Array.isArray(document) && has(document[0], 'begin') && has(document[0], 'external_desc'),
  read(document, { components, now }) {
    const wanted = new Set(components.map((name) => name.toLowerCase()))
    const open = documentSchema
      .parse(document)
      .filter(({ end }) => (timeOf(end)?.getTime() ?? Infinity) > now)
      .filter(
        ({ service_name: service, affected_products: products, currently_affected_locations: places }) => {
          const names = [service ?? '', ...(products ?? []).map(titleOf), ...(places ?? []).map(titleOf)]
          return wanted.size === 0 || names.some((name) => wanted.has(name.toLowerCase()))
        },
      )
      .map(({ begin, external_desc: title, status_impact: impact, most_recent_update: newest }) => {
        const startedAt = timeOf(begin)
        const state = impacts[newest?.status ?? ''] ?? impacts[impact ?? ''] ?? 'degraded'
        return { title, state, ...(startedAt && { startedAt }) }
      })
    return says(worstOf(open.map(({ state }) => state)), open)
  },
}

function titleOf({ title }: z.output<typeof named>): string {
  return title
}
