import * as z from 'zod'
import { notificationSchema } from '../delivery/delivery.ts'
import { sentSchema } from './sent-book.ts'

/** What the leader cannot know, because it began before the leader watched, or is about the other solo alone. */
const orphanSchema = z.object({
  channel: z.string(),
  recipient: z.string().exactOptional(),
  /** When its beginning was first seen, in unix milliseconds of the sender. */
  incident: z.number(),
  notification: notificationSchema,
})

export type Orphan = z.infer<typeof orphanSchema>

/** What one solo says to the other, in a question and in an answer alike. */
export const peerMessage = z.object({
  version: z.literal(1),
  name: z.string().max(300),
  id: z.string().max(100),
  location: z.string().max(300),
  /** Differs with every start. */
  instance: z.string().max(100),
  /** Unix milliseconds of the sender's clock. */
  now: z.number(),
  /** The same moment by a clock that never goes back, which means nothing to the receiver. */
  at: z.number(),
  /** Milliseconds for which the sender has been watching. */
  watchingFor: z.number(),
  /** Whether this is its last word: it stops. */
  leaving: z.boolean(),
  /** The fingerprints of the alerts that the sender itself knows to fire, or has something to send about. */
  knows: z.array(z.string()),
  /** The keys of what the sender is sending at this moment. */
  sending: z.array(z.string()),
  /** What the sender leaves to the receiver. */
  orphans: z.array(orphanSchema),
  /** What was sent and the receiver has not said that it knows. */
  sent: z.array(sentSchema),
  /** The number up to which `sent` goes. */
  upTo: z.number(),
  /** The same of everything else that both keep, by its name. A sender of an earlier version does not have it. */
  also: z.record(z.string(), z.object({ entries: z.array(z.unknown()), upTo: z.number() })).exactOptional(),
  /** What the sender last heard of the receiver: of which process, up to which number, and `at` which moment that was said. */
  have: z
    .object({
      instance: z.string(),
      upTo: z.number(),
      at: z.number(),
      also: z.record(z.string(), z.number()).exactOptional(),
    })
    .nullable(),
  /** Up to which time each report was sent, by its name. Absent: an older version sends none. */
  reports: z.record(z.string().max(63), z.number()).exactOptional(),
})

export type PeerMessage = z.infer<typeof peerMessage>
