import { z } from 'zod'
import { says, worstOf, type VendorState } from '../said.ts'
import { has, type StatusReader } from './format.ts'

/** 0: over. 1: information. 2: performance issues. 3: disruption. */
const states: Readonly<Record<string, VendorState>> = {
  0: 'operational',
  1: 'degraded',
  2: 'partial_outage',
  3: 'major_outage',
}

const documentSchema = z.array(
  z.object({
    /** Unix time in seconds. */
    date: z.coerce.string(),
    status: z.coerce.string(),
    service: z.string(),
    service_name: z.string().nullish(),
    region_name: z.string().nullish(),
    summary: z.string().default(''),
  }),
)

/**
 * The public part of AWS Health: a list of the events that go on, in UTF-16. Names are those of services, such as `ec2-us-east-1`
 * or `Amazon Elastic Compute Cloud (N. Virginia)`, and of regions.
 * Source: https://docs.aws.amazon.com/health/latest/ug/aws-health-dashboard-status.html
 */
export const aws: StatusReader = {
  // Nothing that goes on is an empty list, as with others.
  recognizes: (document) =>
    Array.isArray(document) && has(document[0], 'service') && has(document[0], 'region_name'),
  read(document, { components }) {
    const wanted = new Set(components.map((name) => name.toLowerCase()))
    const events = documentSchema
      .parse(document)
      .filter(({ service, service_name: name, region_name: region }) =>
        wanted.size === 0
          ? true
          : [service, name ?? '', region ?? ''].some((one) => wanted.has(one.toLowerCase())),
      )
      .map(({ date, status, service, service_name: name, summary }) => {
        const seconds = Number(date)
        return {
          title: `${name ?? service}: ${summary}`,
          state: states[status] ?? ('degraded' as const),
          ...(Number.isFinite(seconds) &&
            seconds > 0 &&
            seconds < 1e11 && { startedAt: new Date(seconds * 1000) }),
        }
      })
      .filter(({ state }) => state !== 'operational')
    return says(worstOf(events.map(({ state }) => state)), events)
  },
}
