import type { Alert } from '../../../src/alerts/alert.ts'
import type { Notification } from '../../../src/channels/channel.ts'

/** A firing alert; what matters to a test is overridden by it. */
export function anAlert(overrides: Partial<Alert> = {}): Alert {
  return {
    status: 'firing',
    labels: { alertname: 'TargetDown', target: 'shop', severity: 'critical' },
    annotations: { summary: 'shop has failed every check for 1m 30s' },
    startsAt: new Date('2026-11-20T12:00:00.000Z'),
    fingerprint: 'c30d72ef72a2c6ea',
    ...overrides,
  }
}

/** The same alert once it is over. */
export function resolved(alert: Alert, endsAt = new Date('2026-11-20T12:05:00.000Z')): Alert {
  return { ...alert, status: 'resolved', endsAt }
}

/** A notification; what matters to a test is overridden by it. */
export function aNotification(overrides: Partial<Notification> = {}): Notification {
  return {
    status: 'firing',
    alertname: 'TargetDown',
    target: 'shop',
    severity: 'critical',
    summary: 'shop has failed every check for 1m 30s',
    description: 'The log and the target page have the message of every failed check.',
    runbookUrl: 'docs/alerts.md#targetdown',
    dashboardUrl: '/d/probity-target?var-target=shop',
    startsAt: new Date('2026-11-20T12:00:00.000Z'),
    labels: { alertname: 'TargetDown', target: 'shop', severity: 'critical' },
    fingerprint: 'c30d72ef72a2c6ea',
    ...overrides,
  }
}

/** What Alertmanager posts about these alerts, every field it has included. */
export function webhookMessage(alerts: readonly Alert[]): Record<string, unknown> {
  return {
    receiver: 'notifier',
    status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    alerts: alerts.map(({ startsAt, endsAt, ...alert }) => ({
      ...alert,
      startsAt: startsAt.toISOString(),
      endsAt: endsAt?.toISOString() ?? '0001-01-01T00:00:00Z',
      generatorURL: 'http://prometheus:9090/graph?g0.expr=vector%281%29&g0.tab=1',
    })),
    groupLabels: { alertname: 'TargetDown', target: 'shop' },
    commonLabels: alerts[0]?.labels ?? {},
    commonAnnotations: alerts[0]?.annotations ?? {},
    externalURL: 'http://localhost:9093',
    version: '4',
    groupKey: '{}/{}:{alertname="TargetDown", target="shop"}',
    truncatedAlerts: 0,
  }
}
