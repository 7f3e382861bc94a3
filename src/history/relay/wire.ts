import { z } from 'zod'
import { readName } from '../../config/target/name.ts'
import { messageOf } from '../../lib/errors.ts'
import { visible } from '../../lib/text/text.ts'
import { storable, type CheckRow } from '../row.ts'

/** Where they are received. */
export const resultsPath = '/api/v1/results'

/** Checks in one request at most, and the bytes of its body. */
export const mostChecks = 1000
export const mostBytes = 1024 * 1024

const seconds = z
  .number()
  .min(0)
  .max(400 * 86_400)

/** What a box says of one check. Where it was made from is not in it: the token says that. */
export const reportedCheck = z.object({
  target: z.string().max(500).describe('Name of the target.'),
  labels: z
    .record(z.string().max(200), z.string().max(1000))
    .describe("The target's own labels, at most 50."),
  at: z.iso.datetime().describe('When it began, UTC.'),
  durationSeconds: seconds,
  intervalSeconds: seconds.describe('Between two checks of the target.'),
  success: z.boolean(),
  reason: z
    .string()
    .regex(/^[a-z_]{1,64}$/)
    .optional()
    .describe('Why it failed; absent if it did not.'),
  message: z.string().max(4000).optional(),
  status: z.int().min(0).max(32_767).optional().describe('Of HTTP.'),
  phases: z.record(z.string().max(64), seconds).optional().describe('How long each phase took, at most 50.'),
  inMaintenance: z.boolean().optional(),
})

export type ReportedCheck = z.infer<typeof reportedCheck>

/** What one request has. Checks are read one by one, so that one that is wrong takes no others with it. */
export const reportedBatch = z.object({ checks: z.array(z.unknown()).min(1).max(mostChecks) })

/** What is answered when what is right is stored. */
export const receivedAnswer = z.object({
  location: z.string().describe('Under which they are stored.'),
  accepted: z.int().describe('Stored now, or stored before.'),
  refused: z.int(),
  why: z.array(z.string()).describe('Why checks were refused, each reason once, the first ten.'),
})

export type Received = z.infer<typeof receivedAnswer>

/** As a box sends it. */
export function toReported(row: CheckRow): ReportedCheck {
  const { reason, message, status, phases } = row
  return {
    target: row.target,
    labels: row.labels,
    at: row.checked_at,
    durationSeconds: row.duration_seconds,
    intervalSeconds: row.interval_seconds,
    success: row.success,
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message }),
    ...(status !== undefined && { status }),
    ...(phases && { phases }),
    ...(row.maintenance === true && { inMaintenance: true }),
  }
}

/** A check of another location as it is stored, or why it is not, in one line. */
export function fromReported(input: unknown, location: string): CheckRow | string {
  const { data, error } = reportedCheck.safeParse(input)
  if (!data) {
    const [issue] = error.issues
    const where = issue?.path.map(String).join('.') ?? ''
    return `${where === '' ? 'a check' : visible(where)}: ${words[issue?.code ?? ''] ?? 'is not valid'}`
  }
  const wrong = problemOf(data)
  if (wrong !== undefined) return wrong
  const { reason, message, status, phases, success } = data
  return {
    target: data.target,
    location,
    labels: mapped(data.labels),
    checked_at: new Date(data.at).toISOString(),
    duration_seconds: data.durationSeconds,
    interval_seconds: data.intervalSeconds,
    success,
    ...(!success && { reason: reason ?? 'internal', message: storable(message ?? '') }),
    ...(status !== undefined && { status }),
    ...(phases && { phases }),
    ...(data.inMaintenance === true && { maintenance: true }),
  }
}

/** What is wrong with a value, by the code of the schema. */
const words: Readonly<Record<string, string>> = {
  invalid_type: 'is missing or has the wrong type',
  too_big: 'is too long or too large',
  too_small: 'is too small',
}

/** Names and labels have to be such as a configuration may have. */
function problemOf({ target, labels, phases = {} }: ReportedCheck): string | undefined {
  const entries = Object.entries(labels)
  if (entries.length > 50 || Object.keys(phases).length > 50) return 'more than 50 labels or phases'
  if (Object.keys(phases).some((name) => !/^[a-z_]+$/.test(name))) return 'a phase has an invalid name'
  if (entries.some(([name]) => !/^(?!__)[A-Za-z_][A-Za-z0-9_]*$/.test(name)))
    return 'a label has an invalid name'
  if (!target.isWellFormed()) return 'target: is not Unicode'
  try {
    readName(target)
    return undefined
  } catch (error) {
    return `target: ${messageOf(error)}`
  }
}

function mapped(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, storable(value)]))
}
