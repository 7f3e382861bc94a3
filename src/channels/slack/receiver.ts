import type { Receiver } from '../receiver.ts'
import type { SlackSettings } from './slack.ts'

/** How Alertmanager delivers it. */
export const slackReceiver: Receiver<SlackSettings> = {
  pager: false,
  // Its own receiver cannot edit a message.
  can: ({ bot_token: token }) => token === undefined,
  render: ({ webhook_url: url = '' }, secretFile) => ({
    slack_configs: [
      {
        api_url_file: secretFile('webhook_url', url),
        send_resolved: true,
        color: '{{ if eq .Status "firing" }}danger{{ else }}good{{ end }}',
        title: '{{ template "probity.slack.title" . }}',
        text: '{{ template "probity.slack.text" . }}',
        fallback: '{{ template "probity.slack.title" . }}',
        short_fields: false,
        mrkdwn_in: ['text'],
      },
    ],
  }),
}
