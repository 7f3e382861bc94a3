import { describe, expect, it } from 'vitest'
import type { Channel, DeliveryError, Notification } from '../../src/channels/channel.ts'
import type { ChannelDependencies } from '../../src/channels/dependencies.ts'
import { channelTypes, type ChannelType } from '../../src/channels/index.ts'
import { channelDependencies, failureOf } from '../support/alerts/channels.ts'
import {
  firing,
  hostileNotification,
  hostileTexts,
  recovered,
  testMessage,
} from '../support/alerts/notifications.ts'
import { startHttpPeer, type HttpPeer } from '../support/servers/http-peer.ts'
import { chats } from '../support/services/chats.ts'
import { incidents } from '../support/services/incidents.ts'
import { pushes } from '../support/services/pushes.ts'
import { slackBot } from '../support/services/slack-bot.ts'

const { signal } = new AbortController()

const repeated: Notification = { ...firing, alertCount: 4 }
const services = [...chats, slackBot, ...pushes, ...incidents]
const group: Notification = {
  ...firing,
  others: Array.from({ length: 60 }, (_, index) => ({
    ...firing,
    target: `shop-${index}`,
    fingerprint: `${index}`,
    severity: index % 2 === 0 ? 'warning' : 'critical',
  })),
}

/** As long as anything that is shown may be, in letters of four bytes that every markup escapes. */
const long = hostileNotification('@<*&"\\`🔴'.repeat(1000))
const lengthy = hostileNotification('@<*&"\\`🔴'.repeat(60))

describe.each(services)('the service $type', ({ type, settings, secrets, judge, tooMany, ...service }) => {
  const { requests = 1, requestsAtEnd = requests, requestsOfRepeat = requests } = service

  async function begin(
    overrides: Partial<ChannelDependencies> = {},
  ): Promise<{ channel: Channel; peer: HttpPeer }> {
    const peer = await startHttpPeer(judge())
    const kind: ChannelType = channelTypes[type]
    const read = kind.schema.parse({ type, ...settings(peer.url) })
    return { peer, channel: kind.create(read, channelDependencies(overrides)) }
  }

  it('takes a beginning, a repeat, an end and a test', async () => {
    const { channel, peer } = await begin()
    let expected = 0
    for (const notification of [firing, repeated, recovered]) {
      await channel.deliver(notification, signal)
      expected +=
        notification === repeated
          ? requestsOfRepeat
          : notification.status === 'resolved'
            ? requestsAtEnd
            : requests
      expect(peer.received).toHaveLength(expected)
    }
    await channel.deliver(testMessage, signal)
    expect(peer.received.map(({ body }) => decodeURIComponent(body)).join()).toContain('503')
  })

  it.each([
    ['a group of 61 alerts', group],
    ['more than any limit', long],
    ['a group of what is too long', { ...long, others: Array.from({ length: 20 }, () => lengthy) }],
    ...Object.entries(hostileTexts).map(([name, text]): [string, Notification] => [
      name,
      hostileNotification(text),
    ]),
  ])('takes %s', async (_name, notification) => {
    const { channel, peer } = await begin()
    const over = { status: 'resolved', endsAt: new Date('2026-11-20T12:09:00Z') } as const
    await channel.deliver(notification, signal)
    await channel.deliver({ ...notification, ...over }, signal)
    // At once: a message that was too long would have been sent a second time.
    expect(peer.received).toHaveLength(requests + requestsAtEnd)
  })

  it('is left alone for as long as it asks', async () => {
    const { channel, peer } = await begin()
    const forms = [
      { reply: { status: 429, headers: { 'retry-after': '17' } }, seconds: 17 },
      { reply: { status: 503, headers: { 'retry-after': 'Fri, 20 Nov 2026 12:00:40 GMT' } }, seconds: 40 },
      ...(tooMany ? [tooMany] : []),
    ]
    for (const { reply, seconds } of forms) {
      peer.next.push(reply)
      const error = await failureOf(channel.deliver(firing, signal))
      expect(error).toMatchObject({ retry: true, retryAfterSeconds: seconds })
    }
    await channel.deliver(firing, signal)
  })

  it('is not asked again after 401, but after 500 and after silence', async () => {
    const { channel, peer } = await begin()
    peer.next.push({ status: 401, body: 'who are you' }, { status: 500, body: 'oh' })
    const refused = await failureOf(channel.deliver(firing, signal))
    expect(refused).toMatchObject({
      retry: false,
      message: expect.stringMatching(/answered 401: who are you$/),
    })
    const failed = await failureOf(channel.deliver(firing, signal))
    expect(failed).toMatchObject({ retry: true, message: expect.stringMatching(/answered 500: oh$/) })
    const impatient = await begin({ timeoutMs: 40 })
    impatient.peer.next.push('silence')
    const unanswered = await failureOf(impatient.channel.deliver(firing, signal))
    expect(unanswered).toMatchObject({
      retry: true,
      message: expect.stringMatching(/no answer within 0\.04 s$/),
    })
  })

  it('is sent less after 400 and 413', async () => {
    const { channel, peer } = await begin()
    for (const status of [400, 413]) {
      const before = peer.received.length
      peer.next.push({ status })
      // A call has one length.
      if (type === 'voice')
        expect(await failureOf(channel.deliver(firing, signal))).toMatchObject({ retry: false })
      else {
        await channel.deliver(firing, signal)
        const taken = status === 400 ? requests : requestsOfRepeat
        expect(peer.received).toHaveLength(before + 1 + taken)
      }
    }
  })

  it('gives nothing away of what lets others in', async () => {
    const { channel, peer } = await begin()
    const repeating = { status: 403, body: secrets.map((secret) => `[${secret}]`).join(' ') }
    peer.next.push(repeating)
    const error = (await failureOf(channel.deliver(firing, signal))) as DeliveryError
    const shown = [error.message, error.stack, JSON.stringify(error), String(error.cause)].join('\n')
    for (const secret of secrets) expect(shown).not.toContain(secret)
    expect(shown).toContain('<secret>')
  })

  it('is not asked by somebody who has given up', async () => {
    const { channel, peer } = await begin()
    await expect(channel.deliver(firing, AbortSignal.abort())).rejects.toThrow('aborted')
    expect(peer.received).toEqual([])
  })
})
