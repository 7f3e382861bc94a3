import type { Receiver } from '../receiver.ts'
import type { PagerdutySettings } from './pagerduty.ts'

/**
 * The details of an incident. Alertmanager 0.30 and newer read each value as YAML, and run what they find in a list or a
 * mapping as a template once more, no matter who wrote it: so nothing of an alert stands at the beginning of a value, and the detail
 * that Alertmanager would add by itself is taken.
 */
const details = {
  firing: 'What was seen\n\n{{ template "probity.text" . }}',
  resolved: '{{ len .Alerts.Resolved }}',
}

/** How Alertmanager delivers it. */
export const pagerdutyReceiver: Receiver<PagerdutySettings> = {
  pager: true,
  can: () => true,
  render: ({ routing_key: key, url }, secretFile) => ({
    pagerduty_configs: [
      {
        routing_key_file: secretFile('routing_key', key),
        url,
        send_resolved: true,
        client: 'Probity',
        severity:
          '{{ if or (eq .CommonLabels.severity "critical") (eq .CommonLabels.severity "warning") (eq .CommonLabels.severity "info") }}{{ .CommonLabels.severity }}{{ else }}error{{ end }}',
        description: '{{ template "probity.title" . }}',
        component: '{{ .CommonLabels.target }}',
        group: '{{ .CommonLabels.location }}',
        class: '{{ .CommonLabels.alertname }}',
        details,
      },
    ],
  }),
}
