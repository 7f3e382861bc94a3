import * as z from 'zod'
import { endings, type Notification } from '../../channels/channel.ts'
import type { Destination } from './destination.ts'

const instant = z.iso.datetime().transform((text) => new Date(text))
const texts = z.record(z.string(), z.string())

/** A notification as the state file has it. */
export const notificationSchema = z.object({
  status: z.enum(['firing', 'resolved']),
  alertname: z.string(),
  target: z.string(),
  severity: z.string(),
  summary: z.string(),
  description: z.string(),
  reason: z.string().exactOptional(),
  formerly: z.string().exactOptional(),
  runbookUrl: z.string(),
  dashboardUrl: z.string(),
  startsAt: instant,
  endsAt: instant.exactOptional(),
  ended: z.enum(endings).exactOptional(),
  labels: texts,
  fingerprint: z.string(),
  alertCount: z.number().exactOptional(),
  failureCount: z.number().exactOptional(),
  lastOutput: z.string().exactOptional(),
  lastSuccess: z.union([z.literal('never'), instant]).exactOptional(),
  seen: z.string().exactOptional(),
  failedChecks: z.string().exactOptional(),
  phases: z.string().exactOptional(),
  alsoFailing: z.string().exactOptional(),
  targetUrl: z.string().exactOptional(),
  incidentUrl: z.string().exactOptional(),
  acknowledgeUrl: z.string().exactOptional(),
  silenceUrl: z.string().exactOptional(),
  remark: z.string().exactOptional(),
  test: z.boolean().exactOptional(),
}) satisfies z.ZodType<Notification>

const deliverySchema = z.object({
  /** Grows: of one alert on one channel, the smaller one goes first. */
  id: z.number(),
  channel: z.string(),
  recipient: z.string().exactOptional(),
  /** Tells the incidents of one alert apart. */
  incident: z.number(),
  notification: notificationSchema,
  createdAt: z.number(),
  attempts: z.number(),
  firstAt: z.number().exactOptional(),
  retryAt: z.number(),
  /** An attempt has begun whose end is not known: if a process died here, somebody may be notified twice. */
  underway: z.boolean(),
  /** The end of what was not sent to the channel yet: to be dropped if the beginning is given up. */
  onlyIfTold: z.boolean(),
  lastError: z.string().exactOptional(),
  /** It has a message to itself, because the message of its group was refused. */
  alone: z.boolean().exactOptional(),
  /** The number of the given-up delivery that this one makes up for: it is attempted once. */
  owes: z.number().exactOptional(),
  /** The id of the other solo of a pair, which left it to this one. */
  from: z.string().exactOptional(),
})

/** One notification on its way to one channel. Times are unix milliseconds. */
export type Delivery = z.infer<typeof deliverySchema>

/** One that is on its way from now on. */
export type NewDelivery = Destination & Pick<Delivery, 'incident' | 'notification' | 'onlyIfTold' | 'from'>

const undeliveredSchema = deliverySchema.extend({ gaveUpAt: z.number(), error: z.string() })

/** A notification that was given up. */
export type Undelivered = z.infer<typeof undeliveredSchema>

/** @returns Nothing where it is not a delivery of this version. */
export function parseDelivery(json: unknown): Delivery | undefined {
  return deliverySchema.safeParse(json).data
}

/** @returns Nothing if another version wrote it. */
export function parseUndelivered(json: unknown): Undelivered | undefined {
  return undeliveredSchema.safeParse(json).data
}

/** What is counted. */
export interface DeliveryEvents {
  readonly delivered: (delivery: Delivery) => void
  /** It was sent from elsewhere. Default: nobody counts it. */
  readonly settled?: (delivery: Delivery) => void
  readonly gaveUp: (delivery: Undelivered) => void
  readonly retried: (channel: string) => void
  /** An attempt was under way when the last process ended: it is made again. */
  readonly repeated: (channel: string) => void
}
