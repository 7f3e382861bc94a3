import { Router } from 'express'
import { requireBearer } from '../receiver/bearer.ts'
import type { Delivery, Undelivered } from './delivery.ts'

export interface UndeliveredOptions {
  /** The secret that is in force now. */
  readonly token: () => string
  /** What is on its way. */
  readonly pending: () => readonly Delivery[]
  /** What was given up, the oldest first. */
  readonly undelivered: () => readonly Undelivered[]
}

/** What `GET /api/v1/undelivered` shows of one notification. */
export interface ShownDelivery {
  readonly channel: string
  /** Only of channels that notify several. */
  readonly recipient?: string
  readonly status: string
  readonly alertname: string
  readonly target: string
  readonly summary: string
  readonly since: string
  readonly attempts: number
  /** What the other side said last; absent before the first attempt. */
  readonly error?: string
  /** When it was given up; absent while it is on its way. */
  readonly gave_up_at?: string
}

/** What `GET /api/v1/undelivered` answers. */
export interface UndeliveredAnswer {
  readonly pending: readonly ShownDelivery[]
  readonly undelivered: readonly ShownDelivery[]
}

/** `GET /api/v1/undelivered`: what is pending and what was given up. It shows alerts, so it needs the secret too. */
export function undeliveredRoute({ token, pending, undelivered }: UndeliveredOptions): Router {
  return Router().get('/api/v1/undelivered', requireBearer(token), (_request, response) => {
    response.json({
      pending: pending().map(show),
      undelivered: undelivered().map(show),
    } satisfies UndeliveredAnswer)
  })
}

function show(delivery: Delivery | Undelivered): ShownDelivery {
  const { channel, recipient, notification, createdAt, attempts, lastError } = delivery
  const error = 'error' in delivery ? delivery.error : lastError
  return {
    channel,
    ...(recipient !== undefined && { recipient }),
    status: notification.status,
    alertname: notification.alertname,
    target: notification.target,
    summary: notification.summary,
    since: new Date(createdAt).toISOString(),
    attempts,
    ...(error !== undefined && { error }),
    ...('gaveUpAt' in delivery && { gave_up_at: new Date(delivery.gaveUpAt).toISOString() }),
  }
}
