import type { Receiver } from '../../receiver.ts'
import { officialUrl, type PushoverSettings } from './pushover.ts'

/** How Alertmanager delivers it. */
export const pushoverReceiver: Receiver<PushoverSettings> = {
  pager: false,
  since: '0.26',
  // Alertmanager knows no other address.
  can: ({ url }) => url === officialUrl,
  render: ({ user_key: user, token, priority, retry, expire, device, sound }, secretFile) => ({
    pushover_configs: [
      {
        user_key_file: secretFile('user_key', user),
        token_file: secretFile('token', token),
        send_resolved: true,
        title: '{{ template "probity.title" . }}',
        message: '{{ template "probity.text" . }}',
        url: '',
        priority:
          priority === undefined
            ? '{{ if eq .Status "resolved" }}-1{{ else if eq .CommonLabels.severity "critical" }}1{{ else }}0{{ end }}'
            : String(priority),
        retry: `${Math.max(30, Math.round(retry))}s`,
        expire: `${Math.round(expire)}s`,
        ...(device !== undefined && { device }),
        ...(sound !== undefined && { sound }),
      },
    ],
  }),
}
