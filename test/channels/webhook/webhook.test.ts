import { describe, expect, it } from 'vitest'
import { createHmac } from 'node:crypto'
import { parseWebhookMessage } from '../../../src/alerts/receiver/webhook-payload.ts'
import { createWebhookChannel, webhookSettings } from '../../../src/channels/webhook/webhook.ts'
import { aNotification } from '../../support/alerts/alerts.ts'
import { channelDependencies } from '../../support/alerts/channels.ts'
import { firing, hostileTexts, recovered } from '../../support/alerts/notifications.ts'
import { startHttpPeer, type HttpPeer, type Received } from '../../support/servers/http-peer.ts'

const { signal } = new AbortController()

const startPeer = (): Promise<HttpPeer> => startHttpPeer(() => ({ status: 200 }))

async function sent(settings: Record<string, unknown>, notification = firing): Promise<Received> {
  const peer = await startPeer()
  const parsed = webhookSettings.parse({ type: 'webhook', url: `${peer.url}/hook?a=b`, ...settings })
  await createWebhookChannel(parsed, channelDependencies()).deliver(notification, signal)
  return peer.received[0]!
}

describe('the webhook channel', () => {
  it('posts JSON that the readers of Alertmanager’s webhook understand', async () => {
    const { method, path, headers, body } = await sent({}, recovered)
    expect([method, path, headers['content-type']]).toEqual(['POST', '/hook?a=b', 'application/json'])
    expect(parseWebhookMessage(JSON.parse(body))).toEqual({
      truncatedAlerts: 0,
      alerts: [
        {
          status: 'resolved',
          labels: recovered.labels,
          annotations: {
            summary: recovered.summary,
            description: recovered.description,
            seen: 'expected 2xx, got 503',
            reason: 'status',
            failed_checks: recovered.failedChecks,
            phases: recovered.phases,
            also_failing: 'api, blog',
            target_url: recovered.targetUrl,
            incident_url: recovered.incidentUrl,
            runbook_url: recovered.runbookUrl,
            dashboard_url: recovered.dashboardUrl,
          },
          startsAt: recovered.startsAt,
          endsAt: recovered.endsAt,
          fingerprint: recovered.fingerprint,
        },
      ],
    })
    expect(JSON.parse(body)).toMatchObject({
      version: '4',
      receiver: 'ops',
      title: 'RESOLVED: TargetDown of shop after 5m30s',
      text: expect.stringContaining('Failed checks: 6'),
      alerts: [{ alertCount: 3, failureCount: 6, lastSuccess: '2026-11-20T11:58:00.000Z' }],
    })
  })

  it('signs the time and the body', async () => {
    const { headers, body } = await sent({ secret: 'k3y' })
    const time = Date.parse('2026-11-20T12:00:00Z') / 1000
    const expected = createHmac('sha256', 'k3y').update(`${time}.${body}`).digest('hex')
    expect(headers['x-probity-signature']).toBe(`t=${time},v1=${expected}`)
    expect((await sent({})).headers).not.toHaveProperty('x-probity-signature')
  })

  it('has the method and the headers that are asked for, and the credentials of its URL', async () => {
    const peer = await startPeer()
    const settings = webhookSettings.parse({
      type: 'webhook',
      url: `${peer.url.replace('://', '://us%65r:p%40ss@')}/x`,
      method: 'PUT',
      headers: { 'X-Key': 'abc', 'Content-Type': 'application/cloudevents+json' },
    })
    await createWebhookChannel(settings, channelDependencies()).deliver(firing, signal)
    expect(peer.received[0]).toMatchObject({
      method: 'PUT',
      path: '/x',
      headers: {
        'x-key': 'abc',
        'content-type': 'application/cloudevents+json',
        authorization: `Basic ${Buffer.from('user:p@ss').toString('base64')}`,
      },
    })
  })

  it('fills a template of JSON; what is nothing but a count becomes a number', async () => {
    const body = {
      text: '{title} ({alert_count})',
      count: '{alert_count}',
      failures: '{failure_count}',
      team: '{labels.team}',
      none: '{labels.missing}',
      labels: '{labels}',
      nested: [{ '{title}': '{status}', flag: true, nothing: null, n: 1.5 }],
      other: '{foo} {"a": {}} ${target}',
    }
    const received = await sent({ body })
    expect(received.headers['content-type']).toBe('application/json')
    expect(JSON.parse(received.body)).toEqual({
      text: 'CRITICAL: shop has failed every check for 1m30s, expected less than 1m15s, reason: status (expected 2xx, got 503) (3)',
      count: 3,
      failures: 6,
      team: 'checkout',
      none: '',
      labels: firing.labels,
      nested: [{ '{title}': 'firing', flag: true, nothing: null, n: 1.5 }],
      other: '{foo} {"a": {}} $shop',
    })
  })

  it.each(Object.entries(hostileTexts))(
    'keeps the structure of a template when an alert holds %s',
    async (_name, text) => {
      const notification = aNotification({ summary: text, labels: { team: text } })
      const { body } = await sent({ body: { a: '{summary}', b: ['x {labels.team} y'], c: 1 } }, notification)
      expect(JSON.parse(body)).toEqual({
        a: expect.any(String),
        b: [expect.stringMatching(/^x [^]* y$/)],
        c: 1,
      })
    },
  )

  it('puts no value into another', async () => {
    const { body } = await sent(
      { body: '{summary}' },
      aNotification({ summary: '{description} {{.IsUp}} $&' }),
    )
    expect(body).toBe('{description} {{.IsUp}} $&')
  })

  it('sends a template that is text as text', async () => {
    const { headers, body } = await sent({ body: '{short}\n{runbook_url}' }, recovered)
    expect(headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(body).toBe('RESOLVED: TargetDown of shop after 5m30s\nhttps://wiki.example.com/shop?a=1&b=2')
  })
})

describe('a text that is too long for its receiver', () => {
  const long = aNotification({
    summary: 'down '.repeat(300),
    description: 'd'.repeat(5000),
    lastOutput: 'o'.repeat(5000),
    target: 'n'.repeat(300),
    labels: { team: 't'.repeat(300) },
  })
  const settings = { type: 'webhook', body: { content: '{title}\n{body}\n{last_output}' } }

  it.each([400, 413, 422])('is sent once more in short after %d', async (status) => {
    const peer = await startHttpPeer(({ body }) => {
      const { content } = JSON.parse(body) as { content: string }
      return { status: content.length > 2000 ? status : 204 }
    })
    const channel = createWebhookChannel(
      webhookSettings.parse({ ...settings, url: peer.url }),
      channelDependencies(),
    )
    await channel.deliver(long, signal)
    expect(peer.received).toHaveLength(2)
    expect(peer.received[1]!.body).toContain('down down')
  })

  it('is shortened for every alert of a group', async () => {
    const peer = await startHttpPeer(({ body }) => ({ status: body.length > 8000 ? 413 : 204 }))
    const channel = createWebhookChannel(
      webhookSettings.parse({ type: 'webhook', url: peer.url }),
      channelDependencies(),
    )
    const group = { ...firing, others: [long, { ...long, target: 'blog' }] }
    await channel.deliver(group, signal)
    const [whole, short] = peer.received.map(({ body }) => JSON.parse(body) as { alerts: object[] })
    expect(peer.received).toHaveLength(2)
    expect([whole!.alerts.length, short!.alerts.length]).toEqual([3, 3])
  })

  it('is refused in the words of the first answer where the short one is refused too', async () => {
    const peer = await startPeer()
    peer.next.push({ status: 400, body: 'first' }, { status: 401, body: 'second' })
    const channel = createWebhookChannel(
      webhookSettings.parse({ ...settings, url: peer.url }),
      channelDependencies(),
    )
    await expect(channel.deliver(long, signal)).rejects.toMatchObject({
      retry: false,
      message: 'webhook ops answered 400: first',
    })
    expect(peer.received).toHaveLength(2)
  })
})
