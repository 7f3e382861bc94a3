import type { Notification } from '../../../src/channels/channel.ts'
import { aNotification } from './alerts.ts'

/** A target that is down, with everything that can be known of it. */
export const firing: Notification = aNotification({
  summary:
    'shop has failed every check for 1m30s, expected less than 1m15s, reason: status (expected 2xx, got 503)',
  seen: 'expected 2xx, got 503',
  description: 'The log and the target page have the message of every failed check.',
  reason: 'status',
  runbookUrl: 'https://wiki.example.com/shop?a=1&b=2',
  dashboardUrl: 'http://localhost:3000/d/probity-target?var-target=shop',
  targetUrl: 'https://probity.example.com/targets/shop',
  incidentUrl: 'https://probity.example.com/incidents/shop@2026-11-20T12:00:00Z',
  labels: {
    alertname: 'TargetDown',
    target: 'shop',
    severity: 'critical',
    location: 'berlin',
    instance: 'https://shop.example.com/health',
    job: 'probity-targets',
    team: 'checkout',
    vendor: 'stripe',
  },
  alertCount: 3,
  failureCount: 6,
  failedChecks: '6 of 6 since 2026-11-20 11:58:30 UTC',
  phases: 'dns 2 ms, connect 1 ms, tls 12 ms, first byte 1.2 s',
  alsoFailing: 'api, blog',
  lastOutput: 'HTTP 503 Service Unavailable\nretry later\n',
  lastSuccess: new Date('2026-11-20T11:58:00.000Z'),
})

/** The same once it is over. */
export const recovered: Notification = {
  ...firing,
  status: 'resolved',
  endsAt: new Date('2026-11-20T12:05:30.000Z'),
}

/** What `probity notify test` sends. */
export const testMessage: Notification = aNotification({
  alertname: 'Test',
  target: '',
  severity: 'info',
  summary: 'Notifications of Probity arrive here',
  description: '',
  runbookUrl: '',
  dashboardUrl: '',
  labels: { alertname: 'Test', severity: 'info' },
  fingerprint: '0000000000000000',
  test: true,
})

/** Text that tries to break out of a shell, a template, a chat, a mail, a page, a header, a terminal. */
export const hostileTexts: Readonly<Record<string, string>> = {
  'a shell command': '"; touch pwned; echo "',
  'a command substitution': '$(id) `id`',
  'a template': '{{.IsUp}} {last_output} {summary} ${HOME}',
  'a mention in a chat': '<!channel> <@U123> <https://evil.example|click>',
  'a mail header': 'x\r\nBcc: evil@example.com\r\n\r\nbody',
  markup: '<script>alert(1)</script>" onload="x&amp;',
  JSON: '", "severity": "info", "x": "',
  'terminal control': '\u001b[2J\u0007\u0000\u202e',
  'invalid UTF-8': Buffer.from([0x61, 0xff, 0xfe, 0xc3, 0x28, 0xed, 0xa0, 0x80]).toString('utf8'),
  'half a letter': '\ud83d',
  'a mebibyte': 'A\u0000<&"`$(x)\r\n'.repeat(2 ** 20 / 12),
}

/** A notification whose every text is of unknown origin, except for its kind. */
export function hostileNotification(text: string): Notification {
  return aNotification({
    summary: text,
    description: text,
    target: text,
    reason: text,
    severity: text,
    alertname: text,
    runbookUrl: `https://wiki.example.com/${text}`,
    dashboardUrl: `javascript:${text}`,
    labels: { alertname: text, target: text, instance: text, team: text },
    lastOutput: text,
    failureCount: 3,
    alertCount: 1,
  })
}
