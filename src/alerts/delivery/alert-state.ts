import * as z from 'zod'
import type { Alert } from '../alert.ts'

const instant = z.iso.datetime().transform((text) => new Date(text))
const texts = z.record(z.string(), z.string())

const alertSchema = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: texts,
  annotations: texts,
  startsAt: instant,
  endsAt: instant.exactOptional(),
  fingerprint: z.string(),
}) satisfies z.ZodType<Alert>

const channelSchema = z.object({
  count: z.number(),
  step: z.number(),
  lastAt: z.number(),
  /** At least one beginning arrived. */
  delivered: z.boolean(),
})

const stateSchema = z.object({
  alert: alertSchema,
  /** Tells the incidents of one alert apart: when its beginning was first seen, in unix milliseconds. */
  incident: z.number(),
  /** Unix milliseconds. */
  heardAt: z.number(),
  /** Until when it was last muted. Absent: it was not. */
  mutedUntil: z.number().exactOptional(),
  /** When another process said that it has sent the end, in unix milliseconds. Absent: it has not. */
  endedElsewhereAt: z.number().exactOptional(),
  /** By the key of each destination. */
  channels: z.record(z.string(), channelSchema),
})

/** What is known about one alert, and what was sent about it on each channel. */
export type AlertState = z.infer<typeof stateSchema>

export type ChannelState = z.infer<typeof channelSchema>

/** @returns Nothing where it is not a state of this version. */
export function parseAlertState(json: unknown): AlertState | undefined {
  return stateSchema.safeParse(json).data
}

/** Since when somebody could have acknowledged an alert, in unix seconds: its beginning, or the end of a silence. */
export function openSince({ incident, mutedUntil = 0 }: AlertState): number {
  return Math.max(incident, mutedUntil) / 1000
}

/** Whether it fires, and was decided to be sent, and has not arrived anywhere. */
export function isUntold({ alert, channels }: AlertState): boolean {
  const told = Object.values(channels)
  return alert.status === 'firing' && told.length > 0 && !told.some(({ delivered }) => delivered)
}
