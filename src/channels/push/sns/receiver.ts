import type { Receiver } from '../../receiver.ts'
import type { SnsSettings } from './sns.ts'

/** How Alertmanager delivers it. */
export const snsReceiver: Receiver<SnsSettings> = {
  pager: false,
  since: '0.25',
  // It has no file for a secret key: Alertmanager takes keys from its environment.
  can: ({ sigv4: { access_key: id, secret_key: key } }) => id === undefined && key === undefined,
  render: ({ topic_arn: topic, api_url: url, sigv4: { region = topic.split(':')[3] } }) => ({
    sns_configs: [
      {
        topic_arn: topic,
        ...(url !== undefined && { api_url: url }),
        sigv4: { region },
        send_resolved: true,
        subject: '{{ template "probity.subject" . }}',
        message: '{{ template "probity.text" . }}',
      },
    ],
  }),
}
