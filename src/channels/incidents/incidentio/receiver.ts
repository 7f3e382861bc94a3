import type { Receiver } from '../../receiver.ts'
import type { IncidentioSettings } from './incidentio.ts'

/** How Alertmanager delivers it. */
export const incidentioReceiver: Receiver<IncidentioSettings> = {
  pager: true,
  since: '0.29',
  can: () => true,
  render: ({ url, alert_source_token: token }, secretFile) => ({
    incidentio_configs: [
      {
        url,
        alert_source_token_file: secretFile('alert_source_token', token),
        send_resolved: true,
      },
    ],
  }),
}
