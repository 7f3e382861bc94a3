import type { Receiver } from '../../receiver.ts'
import type { MattermostSettings } from './mattermost.ts'

/** How Alertmanager delivers it. */
export const mattermostReceiver: Receiver<MattermostSettings> = {
  pager: false,
  // 0.30 has the receiver, with the attachment in another place.
  since: '0.32',
  can: () => true,
  render: ({ webhook_url: url, channel, username, icon_url: icon }, secretFile) => ({
    mattermost_configs: [
      {
        webhook_url_file: secretFile('webhook_url', url),
        send_resolved: true,
        ...(channel !== undefined && { channel }),
        ...(username !== undefined && { username }),
        ...(icon !== undefined && { icon_url: icon }),
        color: '{{ if eq .Status "firing" }}#a30200{{ else }}#2eb886{{ end }}',
        title: '{{ template "probity.markdown.title" . }}',
        title_link: '',
        text: '{{ template "probity.markdown.text" . }}',
        fallback: '{{ template "probity.uncalled.title" . }}',
      },
    ],
  }),
}
