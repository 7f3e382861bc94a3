import { z } from 'zod'
import { link } from '../../../settings/values/scalars.ts'
import { keys } from '../../../settings/values/value.ts'
import type { Notification } from '../../channel.ts'
import { jsonAtMost } from '../../shared/fitting.ts'
import type { HttpKind } from '../../shared/http-kind.ts'
import { secret } from '../../shared/settings.ts'
import { webhookMessage } from '../../webhook/message.ts'

export const incidentioSettings = keys({
  type: z.literal('incidentio').describe('The kind of channel.'),
  url: link.describe('The address of an alert source of the type Alertmanager, as incident.io shows it.'),
  alert_source_token: secret.describe('The token of that alert source. Never shown.'),
})

export type IncidentioSettings = z.infer<typeof incidentioSettings>

/**
 * Reports alerts to an alert source of incident.io, in the form that Alertmanager's receiver has: the same source takes both.
 *
 * Source: https://api-docs.incident.io/tag/Alert-Events-V2 and
 * https://prometheus.io/docs/alerting/latest/configuration/#incidentio_config (512 KB; 429 and 5xx are worth a retry)
 */
export const incidentio: HttpKind<IncidentioSettings> = {
  peer: 'incident.io',
  secrets: ({ alert_source_token: token }) => [token],
  message: (notification, { url, alert_source_token: token }, { name }) => ({
    url,
    headers: { authorization: `Bearer ${token}` },
    body: bodyOf(notification, name),
  }),
}

const fits = jsonAtMost(512_000)

function bodyOf(notification: Notification, name: string): object {
  const { others = [], ...first } = notification
  const whole = { ...webhookMessage(notification, name), version: '1' }
  if (fits(whole)) return whole
  // As Alertmanager does: incidents are made of groups, of which one alert is enough.
  return { ...webhookMessage(first, name), version: '1', truncatedAlerts: others.length }
}
