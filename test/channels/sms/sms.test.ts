import { describe, expect, it } from 'vitest'
import { createSmsChannel, type SmsSettings } from '../../../src/channels/sms/sms.ts'
import { channelDependencies, failureOf } from '../../support/alerts/channels.ts'
import { firing, recovered } from '../../support/alerts/notifications.ts'
import type { HttpPeer } from '../../support/servers/http-peer.ts'
import { accountSid, authToken, startTwilioPeer } from '../../support/servers/twilio-peer.ts'

const { signal } = new AbortController()

const settings: SmsSettings = {
  type: 'sms',
  account_sid: accountSid,
  auth_token: authToken,
  from: '+15005550006',
  to: ['+4930123456', '+4930123457', '+4930123458'],
  url: 'https://api.twilio.com',
}

function formsOf(peer: HttpPeer): Record<string, string>[] {
  return peer.received.map(({ body }) => Object.fromEntries(new URLSearchParams(body)))
}

const toOf = (peer: HttpPeer): (string | undefined)[] => formsOf(peer).map(({ To }) => To)

describe('the SMS channel', () => {
  it('sends one message to each number', async () => {
    const peer = await startTwilioPeer()
    const channel = createSmsChannel({ ...settings, url: `${peer.url}/` }, channelDependencies())
    await channel.deliver(firing, signal)
    const Body =
      'CRITICAL: shop has failed every check for 1m30s, expected less than 1m15s, reason: status (expected 2xx, got 503) (since 20 Nov 12:00 UTC)'
    expect(formsOf(peer)).toEqual(settings.to.map((To) => ({ To, From: '+15005550006', Body })))
  })

  it('sends through a messaging service where that is the sender', async () => {
    const peer = await startTwilioPeer()
    const from = `MG${'0'.repeat(32)}`
    const channel = createSmsChannel(
      { ...settings, from, to: ['+4930123456'], url: peer.url },
      channelDependencies(),
    )
    await channel.deliver(recovered, signal)
    expect(formsOf(peer)).toEqual([
      { To: '+4930123456', MessagingServiceSid: from, Body: 'RESOLVED: TargetDown of shop after 5m30s' },
    ])
  })

  it('can be sent to one of the numbers', async () => {
    const peer = await startTwilioPeer()
    const channel = createSmsChannel({ ...settings, url: peer.url }, channelDependencies())
    expect(channel.recipients).toEqual(settings.to)
    await channel.deliver(firing, signal, '+4930123457')
    expect(toOf(peer)).toEqual(['+4930123457'])
  })

  it('says which messages did not arrive, and how long to wait', async () => {
    const peer = await startTwilioPeer()
    const channel = createSmsChannel({ ...settings, url: peer.url }, channelDependencies())
    peer.next.push({ status: 201 }, { status: 429, headers: { 'retry-after': '7' } }, { status: 503 })
    const error = await failureOf(channel.deliver(firing, signal))
    expect(error).toMatchObject({ retry: true, retryAfterSeconds: 7 })
    expect((error as Error).message).toMatch(/^2 of 3 messages not sent: …345[678]: the SMS service answered/)
  })

  it('reaches the others where one number is wrong, and says which', async () => {
    const peer = await startTwilioPeer()
    const to = ['+4930123456', '+4930123000']
    const channel = createSmsChannel({ ...settings, to, url: peer.url }, channelDependencies())
    const error = await failureOf(channel.deliver(firing, signal))
    expect(error).toMatchObject({ retry: false })
    expect((error as Error).message).toMatch(
      /^1 of 2 messages not sent: …3000: the SMS service answered 400: .*21211/,
    )
    expect(toOf(peer).sort()).toEqual([...to].sort())
  })
})
