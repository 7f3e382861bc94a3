import { z } from 'zod'
import { locationStates } from '../status/location.ts'
import { availability, message, reason, seconds, time } from './scalars.ts'

/** A target, as it is seen from one of its locations. */
export const location = z.strictObject({
  location: z.string(),
  state: z
    .enum(locationStates)
    .describe('up or down: its last check; silent: it has not checked for more than two intervals.'),
  at: time.describe('Its last check.'),
  success: z.boolean(),
  durationSeconds: seconds.optional(),
  reason: reason.optional(),
  message: message.optional(),
  last24h: availability,
  p50Seconds: seconds.optional().describe('Of checks that succeeded in the last 24 hours, within 1 %.'),
})
