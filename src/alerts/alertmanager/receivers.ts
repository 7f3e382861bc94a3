import type { EmailSettings } from '../../channels/email/email.ts'
import type { PagerdutySettings } from '../../channels/pagerduty/pagerduty.ts'
import type { SlackSettings } from '../../channels/slack/slack.ts'
import type { WebhookSettings } from '../../channels/webhook/webhook.ts'

/** A part of alertmanager.yml: https://prometheus.io/docs/alerting/latest/configuration/ */
export type AlertmanagerYaml = Readonly<Record<string, unknown>>

/** How Alertmanager delivers one type of channel. */
interface Renderer {
  /** A pager has an incident per alert; a chat has a message per group. */
  readonly pager: boolean
  /** Whether Alertmanager can do what these settings ask for. */
  readonly can: (settings: never) => boolean
  /** @param secretFile Puts a secret into a file of its own, and gives its path. */
  readonly render: (settings: never, secretFile: (what: string, secret: string) => string) => AlertmanagerYaml
}

/** What the parameters of a row are is known by the row alone. */
function row<S>(renderer: {
  pager: boolean
  can: (settings: S) => boolean
  render: (settings: S, secretFile: (what: string, secret: string) => string) => AlertmanagerYaml
}): Renderer {
  return renderer
}

/**
 * What is told beneath an incident. Alertmanager 0.30 and newer read each value as YAML, and run what they find in a list or a
 * mapping as a template once more, whoever wrote it: so nothing of an alert stands at the beginning of a value, and the detail
 * that Alertmanager would add by itself is taken.
 */
const details = {
  firing: 'What was seen\n\n{{ template "probity.text" . }}',
  resolved: '{{ len .Alerts.Resolved }}',
}

/** By type of channel. A type that is missing here goes through `probity notifier`. */
const renderers: Readonly<Record<string, Renderer>> = {
  slack: row<SlackSettings>({
    pager: false,
    can: () => true,
    render: ({ webhook_url: url }, secretFile) => ({
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
  }),
  email: row<EmailSettings>({
    pager: false,
    // Alertmanager begins with TLS on port 465, and there only.
    can: ({ tls, smtp_port: port }) => tls === undefined || (tls === 'implicit') === (port === 465),
    render(settings, secretFile) {
      const {
        from,
        to,
        smtp_host: host,
        smtp_port: port,
        smtp_user: user,
        smtp_password: password,
      } = settings
      const tls = settings.tls ?? (port === 465 ? 'implicit' : 'starttls')
      return {
        email_configs: [
          {
            to: to.join(', '),
            from,
            smarthost: `${host.includes(':') ? `[${host}]` : host}:${port ?? { starttls: 587, implicit: 465, none: 25 }[tls]}`,
            send_resolved: true,
            require_tls: tls === 'starttls',
            ...(user !== undefined && { auth_username: user }),
            ...(password !== undefined && { auth_password_file: secretFile('smtp_password', password) }),
            ...(!settings.tls_verify && { tls_config: { insecure_skip_verify: true } }),
            headers: { Subject: '{{ template "probity.title" . }}' },
            text: '{{ template "probity.text" . }}',
            html: '',
          },
        ],
      }
    },
  }),
  pagerduty: row<PagerdutySettings>({
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
  }),
  webhook: row<WebhookSettings>({
    pager: false,
    // Alertmanager posts its own message, unsigned.
    can: ({ method, headers, secret, body }) =>
      method === 'POST' && headers === undefined && secret === undefined && body === undefined,
    render: ({ url }, secretFile) => ({
      webhook_configs: [{ url_file: secretFile('url', url), send_resolved: true }],
    }),
  }),
}

/** Whether Alertmanager has a receiver that can do what these settings ask for. */
export function rendersNatively(type: string, settings: unknown): boolean {
  return renderers[type]?.can(settings as never) ?? false
}

/** Whether every alert of this type of channel is an incident of its own. */
export function isPager(type: string): boolean {
  return renderers[type]?.pager ?? false
}

/** The receiver of a channel, without its name. */
export function renderReceiver(
  type: string,
  settings: unknown,
  secretFile: (what: string, secret: string) => string,
): AlertmanagerYaml {
  return renderers[type]?.render(settings as never, secretFile) ?? {}
}
