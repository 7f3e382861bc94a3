import type { Receiver } from '../../receiver.ts'
import type { Msteamsv2Settings } from './msteamsv2.ts'

/** How Alertmanager delivers it. */
export const msteamsv2Receiver: Receiver<Msteamsv2Settings> = {
  pager: false,
  since: '0.28',
  can: () => true,
  render: ({ webhook_url: url }, secretFile) => ({
    msteamsv2_configs: [
      {
        webhook_url_file: secretFile('webhook_url', url),
        send_resolved: true,
        title: '{{ template "probity.markdown.title" . }}',
        text: '{{ template "probity.paragraphs.text" . }}',
      },
    ],
  }),
}
