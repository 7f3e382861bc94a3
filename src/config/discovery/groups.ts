import { z } from 'zod'
import { maxTargets } from '../../settings/yaml/pieces.ts'
import type { Labels } from './kind.ts'

const groupsSchema = z.array(
  z.object({
    targets: z.array(z.string()),
    labels: z.record(z.string(), z.string()).nullable().optional(),
  }),
)

/**
 * Reads the groups of targets that Prometheus' HTTP and file discovery have:
 * https://prometheus.io/docs/prometheus/latest/http_sd/
 *
 * @param more Labels that all of them get.
 * @throws Error when they are not groups, or too many.
 */
export function readGroups(value: unknown, more: Labels): Labels[] {
  const read = groupsSchema.safeParse(value)
  if (!read.success) {
    const { path = [] } = read.error.issues[0] ?? {}
    const place = path.length === 0 ? '' : ` at ${path.map(String).join('.')}`
    throw new Error(
      `it is not a list of groups as Prometheus has them${place}: expected [{"targets": ["host:port"], "labels": {"name": "value"}}]`,
    )
  }
  const count = read.data.reduce((sum, { targets }) => sum + targets.length, 0)
  if (count > maxTargets) throw new Error(tooMany)
  return read.data.flatMap(({ targets, labels }) =>
    targets.map((address) => ({ ...labels, ...more, __address__: address })),
  )
}

export const tooMany = 'it lists more than 50,000 targets: divide them among several sources'
