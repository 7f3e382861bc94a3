import type { Receiver } from '../receiver.ts'
import type { EmailSettings } from './email.ts'

/** How Alertmanager delivers it. */
export const emailReceiver: Receiver<EmailSettings> = {
  pager: false,
  // Alertmanager begins with TLS on port 465, and there only.
  can: ({ tls, smtp_port: port }) => tls === undefined || (tls === 'implicit') === (port === 465),
  render(settings, secretFile) {
    const { from, to, smtp_host: host, smtp_port: port, smtp_user: user, smtp_password: password } = settings
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
}
