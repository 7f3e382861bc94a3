import { describe, expect, it } from 'vitest'
import { parseWebhookMessage } from '../../../src/alerts/receiver/webhook-payload.ts'
import { anAlert, resolved, webhookMessage } from '../../support/alerts/alerts.ts'

const firing = anAlert()

/** The message about one firing alert, with this in place of the alert's own fields. */
function withAlert(fields: Record<string, unknown>): unknown {
  const message = webhookMessage([firing]) as { alerts: object[] }
  return { ...message, alerts: [{ ...message.alerts[0], ...fields }] }
}

describe('a webhook message of Alertmanager', () => {
  it('is read into alerts', () => {
    const over = resolved(anAlert({ fingerprint: 'b' }))
    const { alerts, truncatedAlerts } = parseWebhookMessage(webhookMessage([firing, over]))
    expect(alerts).toEqual([firing, over])
    expect(alerts[0]).not.toHaveProperty('endsAt')
    expect(truncatedAlerts).toBe(0)
  })

  it('may have fields that are not known yet, and no truncatedAlerts', () => {
    const { alerts, truncatedAlerts } = parseWebhookMessage({
      ...webhookMessage([firing]),
      truncatedAlerts: undefined,
      routeLabels: {},
      novelty: [{ deep: 1 }],
    })
    expect(alerts).toEqual([firing])
    expect(truncatedAlerts).toBe(0)
  })

  it('says how many alerts were left out', () => {
    expect(parseWebhookMessage({ ...webhookMessage([firing]), truncatedAlerts: 7 }).truncatedAlerts).toBe(7)
  })

  it('has times with nanoseconds and an offset', () => {
    const { alerts } = parseWebhookMessage(withAlert({ startsAt: '2026-11-20T13:00:00.123456789+01:00' }))
    expect(alerts[0]?.startsAt).toEqual(new Date('2026-11-20T12:00:00.123Z'))
  })

  it('keeps labels apart from what objects inherit', () => {
    const labels = JSON.parse('{"alertname":"A","__proto__":"x","constructor":"y"}') as Record<string, string>
    const [alert] = parseWebhookMessage(withAlert({ labels })).alerts
    expect(alert?.labels.alertname).toBe('A')
    expect(alert?.labels.constructor).toBe('y')
    expect(Object.getPrototypeOf(alert?.labels)).toBe(Object.prototype)
  })

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'is missing: expected object'],
    ['a list', [], 'Invalid input: expected object, received array'],
    ['another version', { ...webhookMessage([]), version: '3' }, 'version: Invalid input: expected "4"'],
    ['no alerts', { version: '4' }, 'alerts: is missing: expected array'],
    [
      'an unknown status',
      withAlert({ status: 'pending' }),
      'alerts[0].status: Invalid option: expected one of "firing"|"resolved"',
    ],
    ['no labels', withAlert({ labels: undefined }), 'alerts[0].labels: is missing: expected object'],
    ['no start', withAlert({ startsAt: 'yesterday' }), 'alerts[0].startsAt: Invalid ISO datetime'],
    [
      'a label that is not text',
      withAlert({ labels: { alertname: 'A', 'a.b': 1 } }),
      'alerts[0].labels["a.b"]: Invalid input: expected string, received number',
    ],
    [
      'an empty fingerprint',
      withAlert({ fingerprint: '' }),
      'alerts[0].fingerprint: Too small: expected string to have >=1 characters',
    ],
    [
      'many mistakes, of which it tells three',
      withAlert({ status: 1, startsAt: 1, endsAt: 1, fingerprint: 1 }),
      'alerts[0].status: Invalid option: expected one of "firing"|"resolved"; ' +
        'alerts[0].startsAt: Invalid input: expected string, received number; ' +
        'alerts[0].endsAt: Invalid input: expected string, received number',
    ],
  ])('is refused with %s', (_name, message, words) => {
    expect(() => parseWebhookMessage(message)).toThrow(
      expect.objectContaining({ name: 'PayloadError', code: 'PAYLOAD_INVALID', message: words }),
    )
  })
})
