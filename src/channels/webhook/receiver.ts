import type { Receiver } from '../receiver.ts'
import type { WebhookSettings } from './webhook.ts'

/** How Alertmanager delivers it. */
export const webhookReceiver: Receiver<WebhookSettings> = {
  pager: false,
  since: '0.26',
  // Alertmanager posts its own message, unsigned.
  can: ({ method, headers, secret, body }) =>
    method === 'POST' && headers === undefined && secret === undefined && body === undefined,
  render: ({ url }, secretFile) => ({
    webhook_configs: [{ url_file: secretFile('url', url), send_resolved: true }],
  }),
}
