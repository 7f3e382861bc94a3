import { z } from 'zod'
import { chosen, says, timeOf, worstOf, type VendorState } from '../said.ts'
import { has, type StatusReader } from './format.ts'

const states: Readonly<Record<string, VendorState>> = {
  operational: 'operational',
  resolved: 'operational',
  not_monitored: 'operational',
  maintenance: 'maintenance',
  degraded: 'degraded',
  downtime: 'major_outage',
}

const documentSchema = z.object({
  data: z.object({ attributes: z.object({ aggregate_state: z.string().nullish() }) }),
  included: z
    .array(
      z.object({ id: z.coerce.string(), type: z.string(), attributes: z.record(z.string(), z.unknown()) }),
    )
    .default([]),
})

/** Of a component of the page. */
const resourceSchema = z.object({ public_name: z.string(), status: z.string().nullish() })

const reportSchema = z.object({
  title: z.string().nullish(),
  report_type: z.string().nullish(),
  starts_at: z.string().nullish(),
  ends_at: z.string().nullish(),
  aggregate_state: z.string().nullish(),
  affected_resources: z
    .array(z.object({ status_page_resource_id: z.coerce.string(), status: z.string().nullish() }))
    .nullish(),
})

/** Better Stack: `/index.json`, JSON:API. Source: https://betterstack.com/docs/uptime/api/status-pages-json-api */
export const betterstack: StatusReader = {
  recognizes: (document) =>
    has(document, 'data') && (document as { data: { type?: unknown } | null }).data?.type === 'status_page',
  read(document, { components: wanted, now }) {
    const { data, included } = documentSchema.parse(document)
    const resources = included
      .filter(({ type }) => type === 'status_page_resource')
      .map(({ id, attributes }) => ({ id, ...resourceSchema.parse(attributes) }))
    const known = chosen(resources, wanted, ({ public_name: name }) => [name])
    const ids = new Set(known.map(({ id }) => id))
    const incidents = included
      .filter(({ type }) => type === 'status_report')
      .map(({ attributes }) => reportSchema.parse(attributes))
      .filter(({ starts_at: from, ends_at: to }) => {
        const [start, end] = [timeOf(from)?.getTime() ?? 0, timeOf(to)?.getTime() ?? Infinity]
        return start <= now && end > now
      })
      .filter(
        ({ affected_resources: affected }) =>
          wanted.length === 0 || (affected ?? []).some(({ status_page_resource_id: id }) => ids.has(id)),
      )
      .map(({ title, report_type: kind, aggregate_state: state, starts_at: from }) => {
        const startedAt = timeOf(from)
        return {
          title: title ?? '',
          state: kind === 'maintenance' ? ('maintenance' as const) : stateOf(state),
          ...(startedAt && { startedAt }),
        }
      })
    const state =
      wanted.length === 0
        ? stateOf(data.attributes.aggregate_state)
        : worstOf(known.map(({ status }) => stateOf(status)))
    return says(state, incidents)
  },
}

function stateOf(word: string | null | undefined): VendorState {
  return states[word ?? ''] ?? 'degraded'
}
