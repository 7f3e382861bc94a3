import * as z from 'zod'
import { ProbityError } from '../../lib/errors.ts'
import type { Alert } from '../alert.ts'

const texts = z.record(z.string(), z.string())

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text))

/**
 * What is read of Alertmanager's webhook message, version 4; other fields are passed over.
 *
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
const message = z.object({
  version: z.literal('4'),
  truncatedAlerts: z.number().default(0),
  alerts: z.array(
    z.object({
      status: z.enum(['firing', 'resolved']),
      labels: texts,
      annotations: texts,
      startsAt: instant,
      // Year 1 while the alert fires.
      endsAt: instant,
      fingerprint: z.string().min(1).max(64),
    }),
  ),
})

/** A webhook message that was understood. */
export interface WebhookMessage {
  readonly alerts: readonly Alert[]
  /** How many alerts of the group Alertmanager left out (`max_alerts`). */
  readonly truncatedAlerts: number
}

/** A request is not a webhook message that this version understands. Sending it again will not help. */
export class PayloadError extends ProbityError {
  override name = 'PayloadError'
}

/** Mistakes that are reported; the first ones say what is wrong. */
const maxIssues = 3

/**
 * Reads the JSON of Alertmanager's webhook.
 *
 * @throws PayloadError `PAYLOAD_INVALID` with the place and what was expected there.
 */
export function parseWebhookMessage(json: unknown): WebhookMessage {
  const { success, data, error } = message.safeParse(json)
  if (!success)
    throw new PayloadError('PAYLOAD_INVALID', error.issues.slice(0, maxIssues).map(describe).join('; '))
  const alerts = data.alerts.map(({ endsAt, ...alert }) =>
    alert.status === 'resolved' ? { ...alert, endsAt } : alert,
  )
  return { alerts, truncatedAlerts: data.truncatedAlerts }
}

function describe({ path, message: given }: z.core.$ZodIssue): string {
  // The sender has left the field out: "undefined" would say nothing to the person who wrote it.
  const [, kind] = /^Invalid input: expected (\w+), received undefined$/.exec(given) ?? []
  const words = kind === undefined ? given : `is missing: expected ${kind === 'record' ? 'object' : kind}`
  return path.length === 0 ? words : `${z.core.toDotPath(path)}: ${words}`
}
