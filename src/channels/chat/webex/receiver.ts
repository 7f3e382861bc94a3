import type { Receiver } from '../../receiver.ts'
import type { WebexSettings } from './webex.ts'

/** How Alertmanager delivers it. */
export const webexReceiver: Receiver<WebexSettings> = {
  pager: false,
  since: '0.25',
  can: () => true,
  render: ({ api_url: url, room_id: room, bot_token: token }, secretFile) => ({
    webex_configs: [
      {
        api_url: url,
        room_id: room,
        send_resolved: true,
        message:
          '**{{ template "probity.markdown.title" . }}**\n\n{{ template "probity.paragraphs.text" . }}',
        http_config: { authorization: { credentials_file: secretFile('bot_token', token) } },
      },
    ],
  }),
}
