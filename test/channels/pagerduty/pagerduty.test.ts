import { describe, expect, it } from 'vitest'
import {
  createPagerdutyChannel,
  pagerdutyEvent,
  pagerdutySettings,
} from '../../../src/channels/pagerduty/pagerduty.ts'
import { aNotification } from '../../support/alerts/alerts.ts'
import { channelDependencies, failureOf } from '../../support/alerts/channels.ts'
import { firing, recovered, testMessage } from '../../support/alerts/notifications.ts'
import { routingKey, startPagerdutyPeer, type PagerdutyEvent } from '../../support/servers/pagerduty-peer.ts'

const eventOf = (...[notification]: Parameters<typeof pagerdutyEvent>[0][]): PagerdutyEvent =>
  pagerdutyEvent(notification!, routingKey) as PagerdutyEvent

describe('an event for PagerDuty', () => {
  it('opens an incident with all that is known', () => {
    expect(eventOf(firing)).toEqual({
      routing_key: routingKey,
      dedup_key: 'probity/c30d72ef72a2c6ea',
      event_action: 'trigger',
      client: 'Probity',
      links: [
        { href: 'https://probity.example.com/targets/shop', text: 'Page' },
        { href: 'https://probity.example.com/incidents/shop@2026-11-20T12:00:00Z', text: 'Incident' },
        { href: 'https://wiki.example.com/shop?a=1&b=2', text: 'Runbook' },
        { href: 'http://localhost:3000/d/probity-target?var-target=shop', text: 'Dashboard' },
      ],
      payload: {
        summary:
          'CRITICAL: shop has failed every check for 1m30s, expected less than 1m15s, reason: status (expected 2xx, got 503)',
        source: 'https://shop.example.com/health',
        severity: 'critical',
        timestamp: '2026-11-20T12:00:00.000Z',
        component: 'shop',
        class: 'TargetDown',
        custom_details: {
          Target: 'shop',
          Alert: 'TargetDown (critical)',
          Seen: 'expected 2xx, got 503',
          Reason: 'status',
          Since: '2026-11-20 12:00:00 UTC',
          'Failed checks': '6 of 6 since 2026-11-20 11:58:30 UTC',
          'Last success': '2026-11-20 11:58:00 UTC',
          Location: 'berlin',
          Phases: 'dns 2 ms, connect 1 ms, tls 12 ms, first byte 1.2 s',
          'Also failing': 'api, blog',
          Notification: 'number 3 of this alert',
          Labels: 'team=checkout, vendor=stripe',
          Details:
            'shop has failed every check for 1m30s, expected less than 1m15s, reason: status (expected 2xx, got 503)\nThe log and the target page have the message of every failed check.',
          'Last output': 'HTTP 503 Service Unavailable\nretry later',
        },
      },
    })
  })

  it('resolves the same incident, whatever has changed in the meantime', () => {
    expect(eventOf({ ...recovered, summary: 'other', alertCount: 9, startsAt: new Date(0) })).toEqual({
      routing_key: routingKey,
      dedup_key: 'probity/c30d72ef72a2c6ea',
      event_action: 'resolve',
    })
  })

  it('of a test touches no incident and wakes nobody', () => {
    expect(eventOf({ ...testMessage, fingerprint: firing.fingerprint, severity: 'critical' })).toMatchObject({
      dedup_key: 'probity-test/c30d72ef72a2c6ea',
      payload: { severity: 'info', summary: expect.stringMatching(/^TEST: /) },
    })
  })

  it.each([
    ['critical', 'critical'],
    ['warning', 'warning'],
    ['info', 'info'],
    ['page', 'error'],
    ['', 'error'],
  ])('of severity %j has the severity %s', (severity, expected) => {
    expect(eventOf(aNotification({ severity }))).toMatchObject({ payload: { severity: expected } })
  })
})

describe('the PagerDuty channel', () => {
  it('takes no other answer than 202 for success', async () => {
    const peer = await startPagerdutyPeer()
    peer.next.push({ status: 200, body: 'log in to this network first' })
    const settings = { type: 'pagerduty', routing_key: routingKey, url: `${peer.url}/v2/enqueue` } as const
    const channel = createPagerdutyChannel(settings, channelDependencies())
    const error = await failureOf(channel.deliver(firing, new AbortController().signal))
    expect(error).toMatchObject({
      retry: false,
      message: 'PagerDuty answered 200: log in to this network first',
    })
  })

  it('goes to PagerDuty where nothing else is said', () => {
    expect(pagerdutySettings.parse({ type: 'pagerduty', routing_key: routingKey }).url).toBe(
      'https://events.pagerduty.com/v2/enqueue',
    )
  })
})
