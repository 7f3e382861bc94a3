import { describe, expect, it } from 'vitest'
import type { Alert } from '../../../src/alerts/alert.ts'
import { wordsOf } from '../../../src/channels/shared/words.ts'
import { toNotification } from '../../../src/alerts/delivery/notification.ts'
import { anAlert, resolved } from '../../support/alerts/alerts.ts'

describe('a notification', () => {
  it('has the words that the rule wrote', () => {
    const alert = resolved(
      anAlert({
        annotations: {
          summary: 'shop has failed',
          description: 'for long',
          reason: 'connect',
          runbook_url: 'docs/alerts.md#targetdown',
          dashboard_url: '/d/probity-target',
          interval: '30',
        },
      }),
    )
    expect(toNotification(alert)).toEqual({
      status: 'resolved',
      alertname: 'TargetDown',
      target: 'shop',
      severity: 'critical',
      summary: 'shop has failed',
      description: 'for long',
      reason: 'connect',
      runbookUrl: 'docs/alerts.md#targetdown',
      dashboardUrl: '/d/probity-target',
      startsAt: alert.startsAt,
      endsAt: alert.endsAt,
      labels: alert.labels,
      fingerprint: alert.fingerprint,
    })
  })

  it('does without any of them', () => {
    const alert = anAlert({ labels: { alertname: 'ExporterDown' }, annotations: { reason: '' } })
    expect(toNotification(alert)).toEqual({
      status: 'firing',
      alertname: 'ExporterDown',
      target: '',
      severity: '',
      summary: 'ExporterDown',
      description: '',
      runbookUrl: '',
      dashboardUrl: '',
      startsAt: alert.startsAt,
      labels: alert.labels,
      fingerprint: alert.fingerprint,
    })
  })
})

it('the links that silence an alert are in the messages while it fires, and not in that of its end', () => {
  const alert = anAlert({
    annotations: {
      acknowledge_url: 'https://p.example/silences/link?t=a',
      silence_url: 'https://p.example/silences/link?t=b',
    },
  })
  const namesOf = (one: Alert): string[] => wordsOf(toNotification(one)).links.map(({ name }) => name)
  expect(namesOf(alert)).toEqual(['Acknowledge', 'Silence'])
  expect(namesOf(resolved(alert))).toEqual([])
})
