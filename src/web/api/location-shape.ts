import { z } from 'zod'
import { elsewhereStates, locationStates } from '../status/location.ts'
import { availability, message, name, reason, seconds, time } from './scalars.ts'

/** A target, as it is seen from one of its locations. */
export const location = z.strictObject({
  location: z.string(),
  state: z
    .enum(locationStates)
    .describe(
      'up or down: its last check; silent: it has not checked for more than two intervals, its timeout and 20 s.',
    ),
  at: time.describe('Its last check.'),
  success: z.boolean(),
  durationSeconds: seconds.optional(),
  reason: reason.optional(),
  message: message.optional(),
  last24h: availability,
  p50Seconds: seconds.optional().describe('Of checks that succeeded in the last 24 hours, within 1 %.'),
})

/** A target that only other locations watch. */
export const elsewhere = z.strictObject({
  name,
  kind: z
    .literal('elsewhere')
    .describe('The configuration here does not have it: only other locations watch it.'),
  labels: z.record(z.string(), z.string()),
  intervalSeconds: seconds,
  state: z
    .enum(elsewhereStates)
    .describe(
      'down: from one location at least; pending: none of them has checked it for more than two intervals.',
    ),
  locations: z
    .array(location)
    .describe('Those that checked it within the last day, in the order of their names.'),
})
