import type { Receiver } from '../../receiver.ts'
import type { RocketchatSettings } from './rocketchat.ts'

/** How Alertmanager delivers it. */
export const rocketchatReceiver: Receiver<RocketchatSettings> = {
  pager: false,
  since: '0.28',
  can: () => true,
  render: ({ api_url: url, channel, token, token_id: id }, secretFile) => ({
    rocketchat_configs: [
      {
        api_url: url,
        channel,
        token_file: secretFile('token', token),
        token_id_file: secretFile('token_id', id),
        send_resolved: true,
        color: '{{ if eq .Status "firing" }}#a30200{{ else }}#2eb886{{ end }}',
        title: '{{ template "probity.uncalled.title" . }}',
        title_link: '',
        text: '{{ template "probity.uncalled.text" . }}',
        emoji: '',
        icon_url: '',
      },
    ],
  }),
}
