import { describe, expect, it } from 'vitest'
import { DeliveryError, type Channel } from '../../src/channels/channel.ts'
import type { channelTypes } from '../../src/channels/index.ts'
import { createPagerdutyChannel } from '../../src/channels/pagerduty/pagerduty.ts'
import { createSentryChannel, sentrySettings } from '../../src/channels/sentry/sentry.ts'
import { createSlackChannel } from '../../src/channels/slack/slack.ts'
import { createSmsChannel } from '../../src/channels/sms/sms.ts'
import { createWebhookChannel } from '../../src/channels/webhook/webhook.ts'
import type { ChannelDependencies } from '../../src/channels/dependencies.ts'
import { channelDependencies, failureOf } from '../support/alerts/channels.ts'
import {
  firing,
  hostileNotification,
  hostileTexts,
  recovered,
  testMessage,
} from '../support/alerts/notifications.ts'
import { deadUrl, startHttpPeer, type HttpPeer } from '../support/servers/http-peer.ts'
import { routingKey, startPagerdutyPeer } from '../support/servers/pagerduty-peer.ts'
import { dsnOf, publicKey, startSentryPeer } from '../support/servers/sentry-peer.ts'
import { slackPath, startSlackPeer } from '../support/servers/slack-peer.ts'
import { accountSid, authToken, startTwilioPeer } from '../support/servers/twilio-peer.ts'

const { signal } = new AbortController()
const hook = '/hooks/s3cr3t-path?token=t0ken'

interface Kind {
  readonly type: keyof typeof channelTypes
  readonly start: () => Promise<HttpPeer>
  readonly create: (url: string, dependencies: ChannelDependencies) => Channel
  readonly secrets: readonly string[]
}

const kinds: Kind[] = [
  {
    type: 'slack',
    start: startSlackPeer,
    create: (url, dependencies) =>
      createSlackChannel({ type: 'slack', webhook_url: url + slackPath }, dependencies),
    secrets: [slackPath],
  },
  {
    type: 'pagerduty',
    start: startPagerdutyPeer,
    create: (url, dependencies) =>
      createPagerdutyChannel(
        { type: 'pagerduty', routing_key: routingKey, url: `${url}/v2/enqueue` },
        dependencies,
      ),
    secrets: [routingKey],
  },
  {
    type: 'sms',
    start: startTwilioPeer,
    create: (url, dependencies) =>
      createSmsChannel(
        {
          type: 'sms',
          account_sid: accountSid,
          auth_token: authToken,
          from: '+15005550006',
          to: ['+4930123456'],
          url,
        },
        dependencies,
      ),
    secrets: [authToken, Buffer.from(`${accountSid}:${authToken}`).toString('base64')],
  },
  {
    type: 'webhook',
    start: () => startHttpPeer(({ path }) => ({ status: path === hook ? 204 : 404 })),
    create: (url, dependencies) =>
      createWebhookChannel(
        {
          type: 'webhook',
          url: url + hook,
          method: 'POST',
          headers: { 'X-Key': 'k3y-of-header' },
          secret: 's1gn',
        },
        dependencies,
      ),
    secrets: ['s3cr3t-path', 't0ken', 'k3y-of-header', 's1gn'],
  },
  {
    type: 'sentry',
    start: startSentryPeer,
    create: (url, dependencies) =>
      createSentryChannel(sentrySettings.parse({ type: 'sentry', dsn: dsnOf(url) }), dependencies),
    secrets: [publicKey],
  },
]

describe.each(kinds)('the $type channel', ({ type, start, create, secrets }) => {
  const begin = async (
    overrides: Partial<ChannelDependencies> = {},
  ): Promise<{ channel: Channel; peer: HttpPeer }> => {
    const peer = await start()
    return { peer, channel: create(peer.url, channelDependencies(overrides)) }
  }

  it('has the name that it was given', async () => {
    expect((await begin()).channel.name).toBe('ops')
  })

  it.each([
    ['what fires', firing],
    ['what is over', recovered],
    ['a test', testMessage],
  ])('delivers %s', async (_what, notification) => {
    const { channel, peer } = await begin()
    await channel.deliver(notification, signal)
    expect(peer.received).toHaveLength(type === 'sentry' && notification.status === 'resolved' ? 0 : 1)
  })

  it.each(Object.keys(hostileTexts))(
    'sends nothing that the other side refuses when an alert holds %s',
    async (name) => {
      const { channel, peer } = await begin()
      const notification = hostileNotification(hostileTexts[name]!)
      await channel.deliver(notification, signal)
      await channel.deliver(
        { ...notification, status: 'resolved', endsAt: new Date('2026-11-20T12:09:00Z') },
        signal,
      )
      expect(peer.received.length).toBeGreaterThan(0)
      for (const { body } of peer.received) expect(Buffer.byteLength(body)).toBeLessThan(3 * 2 ** 20)
    },
  )

  it('asks for a retry while nobody answers', async () => {
    const channel = create(deadUrl, channelDependencies())
    const error = await failureOf(channel.deliver(firing, signal))
    expect(error).toBeInstanceOf(DeliveryError)
    expect(error).toMatchObject({ retry: true, message: expect.stringMatching(/no answer: .*ECONNREFUSED/) })
  })

  it.each(['silence', 'reset'] as const)('asks for a retry after %s', async (misbehaviour) => {
    const { channel, peer } = await begin({ timeoutMs: misbehaviour === 'silence' ? 150 : 60_000 })
    peer.next.push(misbehaviour)
    const error = await failureOf(channel.deliver(firing, signal))
    const words = { silence: /no answer within 0\.15 s/, reset: /no answer: / }[misbehaviour]
    expect(error).toMatchObject({ name: 'DeliveryError', retry: true, message: expect.stringMatching(words) })
    await channel.deliver(firing, signal)
  })

  it.each([
    ['seconds', '17', 17],
    ['a date', 'Fri, 20 Nov 2026 12:00:40 GMT', 40],
    ['nothing that can be read', 'soon', undefined],
  ])('waits as it is asked to when the other side has too much to do: %s', async (_form, header, seconds) => {
    const { channel, peer } = await begin()
    peer.next.push({ status: 429, headers: { 'retry-after': header } })
    const error = await failureOf(channel.deliver(firing, signal))
    expect(error).toMatchObject({ retry: true, message: expect.stringContaining('answered 429') })
    expect((error as DeliveryError).retryAfterSeconds).toBe(seconds)
  })

  it('asks for a retry after 500, which succeeds', async () => {
    const { channel, peer } = await begin()
    peer.next.push({ status: 500, body: 'rollup_error' })
    const error = await failureOf(channel.deliver(firing, signal))
    expect(error).toMatchObject({
      retry: true,
      message: expect.stringContaining('answered 500: rollup_error'),
    })
    await channel.deliver(firing, signal)
    expect(peer.received).toHaveLength(2)
  })

  it.each([408, 425, 429, 501, 502, 503, 504, 599])('asks for a retry after %d', async (status) => {
    const { channel, peer } = await begin()
    peer.next.push({ status, headers: { 'retry-after': '9' } })
    const error = await failureOf(channel.deliver(firing, signal))
    expect(error).toMatchObject({ retry: true, retryAfterSeconds: 9 })
  })

  it.each([400, 401, 402, 403, 404, 409, 410, 413, 422, 451])(
    'asks for no retry after %d, and shows the answer',
    async (status) => {
      const { channel, peer } = await begin()
      const refusal = { status, body: 'it was\u001b[2J wrong\r\nindeed', headers: { 'retry-after': '5' } }
      // The second is for the shorter text.
      peer.next.push(refusal, refusal)
      const error = await failureOf(channel.deliver(firing, signal))
      expect(error).toMatchObject({
        retry: false,
        message: expect.stringMatching(new RegExp(`answered ${status}: it was wrong indeed$`)),
      })
      expect((error as DeliveryError).retryAfterSeconds).toBeUndefined()
    },
  )

  it('follows no redirect', async () => {
    const { channel, peer } = await begin()
    const elsewhere = await startHttpPeer(() => ({ status: 200 }))
    peer.next.push({ status: 307, headers: { location: `${elsewhere.url}/` } })
    const error = await failureOf(channel.deliver(firing, signal))
    expect(error).toMatchObject({
      retry: false,
      message: expect.stringContaining('redirects are not followed'),
    })
    expect(elsewhere.received).toEqual([])
  })

  it.each([
    ['is cut and shown, however long', 'endless answer', 500],
    ['is taken as it is where it breaks off', 'stalls after its head', 400],
  ] as const)('reads an answer to a bound: it %s', async (_what, misbehaviour, status) => {
    const { channel, peer } = await begin({ timeoutMs: status === 500 ? 60_000 : 5000 })
    peer.next.push(misbehaviour, misbehaviour)
    const error = await failureOf(channel.deliver(firing, signal))
    expect(error).toMatchObject({
      retry: status === 500,
      message: expect.stringContaining(`answered ${status}: `),
    })
    expect((error as Error).message.length).toBeLessThan(400)
  })

  it('shows none of its secrets, also where the other side repeats them', async () => {
    const { channel, peer } = await begin()
    const repeating = { status: 400, body: secrets.map((secret) => `[${secret}]`).join(' ') }
    peer.next.push(repeating, repeating)
    const refused = await failureOf(channel.deliver(firing, signal))
    const unreachable = await failureOf(create(deadUrl, channelDependencies()).deliver(firing, signal))
    for (const error of [refused, unreachable] as Error[]) {
      const shown = [error.message, error.stack, JSON.stringify(error), String(error.cause)].join('\n')
      for (const secret of secrets) expect(shown).not.toContain(secret)
    }
    expect((refused as Error).message).toContain('<secret>')
  })

  it('gives up when its caller does', async () => {
    const { channel, peer } = await begin()
    await expect(channel.deliver(firing, AbortSignal.abort())).rejects.toThrow('aborted')
    expect(peer.received).toEqual([])
    const controller = new AbortController()
    peer.next.push('silence')
    const delivery = channel.deliver(firing, controller.signal)
    const error = failureOf(delivery)
    setTimeout(() => {
      controller.abort(new Error('stopping'))
    }, 50)
    expect(await error).toMatchObject({ message: 'stopping' })
  })
})
