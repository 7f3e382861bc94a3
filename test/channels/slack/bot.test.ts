import { expect, it } from 'vitest'
import type { Channel, Notification } from '../../../src/channels/channel.ts'
import { channelTypes } from '../../../src/channels/index.ts'
import { slackSettings, createSlackChannel } from '../../../src/channels/slack/slack.ts'
import { channelDependencies, failureOf, memoryStore } from '../../support/alerts/channels.ts'
import { firing, hostileNotification, recovered } from '../../support/alerts/notifications.ts'
import { startHttpPeer, type HttpPeer, type Reply } from '../../support/servers/http-peer.ts'
import { slackApi, slackBotToken } from '../../support/services/slack-bot.ts'

const { signal } = new AbortController()

interface Rig {
  readonly peer: HttpPeer
  /** The messages that Slack has. */
  readonly known: Set<string>
  /** A process: its threads are those of the ones before. */
  readonly start: () => Channel
  /** `post`, `update 1`, `reply 1`, with the beginning of the text. */
  readonly calls: () => string[]
}

async function rig(): Promise<Rig> {
  const known = new Set<string>()
  const peer = await startHttpPeer(slackApi(known))
  const store = memoryStore()
  const settings = slackSettings.parse({
    type: 'slack',
    bot_token: slackBotToken,
    channel: '#ops',
    api_url: `${peer.url}/api`,
  })
  return {
    peer,
    known,
    start: () => createSlackChannel(settings, channelDependencies({ store })),
    calls: () =>
      peer.received.map(({ path, body }) => {
        const { ts, thread_ts: thread, text } = JSON.parse(body) as Record<string, string>
        const what = path.endsWith('update') ? 'update' : thread === undefined ? 'post' : 'reply'
        const number = Number((ts ?? thread ?? '').split('.')[1] ?? 0)
        return `${what}${number === 0 ? '' : ` ${number}`} ${text?.split(' ').slice(0, 2).join(' ') ?? ''}`
      }),
  }
}

const no = (error: string): Reply => ({ status: 200, body: JSON.stringify({ ok: false, error }) })
const other: Notification = { ...firing, target: 'api', fingerprint: 'f'.repeat(16) }

it('an incident is one message that is edited, with what happens in its thread, also after a restart', async () => {
  const { start, calls, peer } = await rig()
  await start().deliver(firing, signal)
  await start().deliver({ ...firing, alertCount: 4 }, signal)
  await start().deliver(other, signal)
  await start().deliver(recovered, signal)
  await start().deliver({ ...firing, startsAt: new Date('2026-11-20T13:00:00Z') }, signal)
  expect(calls()).toEqual([
    'post :red_circle: CRITICAL:',
    'update 1 :red_circle: CRITICAL:',
    'reply 1 :red_circle: CRITICAL:',
    'post :red_circle: CRITICAL:',
    'update 1 :white_check_mark: RESOLVED:',
    'reply 1 :white_check_mark: RESOLVED:',
    'post :red_circle: CRITICAL:',
  ])
  const edited = JSON.parse(peer.received[4]!.body) as { attachments: { color: string }[] }
  expect(edited.attachments[0]!.color).toBe('#2eb886')
})

it('the message of a group is green when all of them have ended', async () => {
  const { start, calls } = await rig()
  await start().deliver({ ...firing, others: [other] }, signal)
  await start().deliver(recovered, signal)
  const end = { status: 'resolved', endsAt: new Date('2026-11-20T12:09:00Z') } as const
  await start().deliver({ ...other, ...end }, signal)
  expect(calls()).toEqual([
    expect.stringMatching(/^post /),
    'reply 1 :white_check_mark: RESOLVED:',
    'update 1 :white_check_mark: RESOLVED:',
    'reply 1 :white_check_mark: RESOLVED:',
  ])
})

const ended = { status: 'resolved', endsAt: new Date('2026-11-20T12:09:00Z') } as const

it('alerts that began in several messages and end in one are green in all of them', async () => {
  const { start, calls, peer } = await rig()
  await start().deliver(firing, signal)
  await start().deliver(other, signal)
  const limited: Reply = { ...no('ratelimited'), status: 429, headers: { 'retry-after': '30' } }
  const ok: Reply = { status: 200, body: '{"ok":true}' }
  peer.next.push(ok, ok, limited)
  const end: Notification = { ...recovered, others: [{ ...other, ...ended }] }
  expect(await failureOf(start().deliver(end, signal))).toMatchObject({ retry: true })
  await start().deliver(end, signal)
  expect(calls().map((call) => call.split(':')[0])).toEqual([
    'post ',
    'post ',
    'update 2 ',
    'reply 2 ',
    'update 1 ',
    'update 1 ',
    'reply 1 ',
  ])
})

it('a message of several alerts that goes on leaves the other threads for their end', async () => {
  const { start, calls } = await rig()
  await start().deliver(firing, signal)
  await start().deliver(other, signal)
  await start().deliver({ ...firing, others: [other] }, signal)
  await start().deliver({ ...firing, ...ended }, signal)
  await start().deliver({ ...other, ...ended }, signal)
  expect(calls().map((call) => call.split(':')[0])).toEqual([
    'post ',
    'post ',
    'update 2 ',
    'reply 2 ',
    'reply 2 ',
    'update 1 ',
    'reply 1 ',
    'update 2 ',
    'reply 2 ',
  ])
})

it.each([
  'message_not_found',
  'thread_not_found',
  'cant_update_message',
  'is_archived',
  'channel_not_found',
  'not_in_channel',
])('a message that is gone is posted anew: %s', async (error) => {
  const { start, calls, peer } = await rig()
  await start().deliver(firing, signal)
  peer.next.push(no(error))
  await start().deliver(recovered, signal)
  await start().deliver(recovered, signal)
  expect(calls().map((call) => call.split(':')[0])).toEqual([
    'post ',
    'update 1 ',
    'post ',
    'update 2 ',
    'reply 2 ',
  ])
})

it.each([
  ['channel_not_found', false, 'use the ID of the channel, and invite the bot to it'],
  ['invalid_auth', false, 'check bot_token'],
  ['missing_scope', false, 'chat:write'],
  ['is_archived', false, 'set another one, or unarchive it'],
  ['internal_error', true, 'internal_error'],
  ['ratelimited', true, 'ratelimited'],
])('what Slack refuses with 200 is said: %s', async (error, retry, words) => {
  const { start, peer } = await rig()
  peer.next.push(no(error))
  expect(await failureOf(start().deliver(firing, signal))).toMatchObject({
    retry,
    message: expect.stringMatching(`^Slack refused chat.postMessage: ${error}.*${words}|${error}$`),
  })
})

it('is left alone where it was asked too often, and then goes on where it was', async () => {
  const { start, peer, calls } = await rig()
  await start().deliver(firing, signal)
  const limited: Reply = { ...no('ratelimited'), status: 429, headers: { 'retry-after': '30' } }
  // The edit is taken, the reply is not.
  peer.next.push({ status: 200, body: '{"ok":true}' }, limited)
  expect(await failureOf(start().deliver(recovered, signal))).toMatchObject({
    retry: true,
    retryAfterSeconds: 30,
  })
  await start().deliver(recovered, signal)
  expect(calls().map((call) => call.split(':')[0])).toEqual([
    'post ',
    'update 1 ',
    'reply 1 ',
    'update 1 ',
    'reply 1 ',
  ])
})

it('a message that is too long is sent in short, and an answer without JSON is no success', async () => {
  const { start, peer } = await rig()
  peer.next.push(no('msg_too_long'))
  await start().deliver(hostileNotification('<!channel> & '.repeat(400)), signal)
  expect(peer.received).toHaveLength(2)
  expect(peer.received[1]!.body).not.toContain('<!channel>')
  peer.next.push({ status: 200, body: '<html>a proxy</html>' })
  expect(await failureOf(start().deliver(other, signal))).toMatchObject({ retry: true })
})

it('a group of 150 alerts is one thread until the last of them has ended', async () => {
  const { start, calls } = await rig()
  const channel = start()
  const many = Array.from({ length: 150 }, (_, index) => ({
    ...firing,
    fingerprint: String(index).padStart(16, '0'),
  }))
  const [first, ...others] = many
  await channel.deliver({ ...first!, others }, signal)
  await channel.deliver(
    { ...many[149]!, ...ended, others: many.slice(1, 149).map((one) => ({ ...one, ...ended })) },
    signal,
  )
  await channel.deliver({ ...first!, ...ended }, signal)
  expect(calls().map((call) => call.split(':')[0])).toEqual(['post ', 'reply 1 ', 'update 1 ', 'reply 1 '])
})

it('remembers 200 threads', async () => {
  const { start, calls } = await rig()
  const channel = start()
  const many = Array.from({ length: 201 }, (_, index) => ({
    ...firing,
    fingerprint: String(index).padStart(16, '0'),
  }))
  for (const one of many) await channel.deliver(one, signal)
  await channel.deliver(many[0]!, signal)
  await channel.deliver(many[200]!, signal)
  expect(
    calls()
      .slice(-3)
      .map((call) => call.split(':')[0]),
  ).toEqual(['post ', 'update 201 ', 'reply 201 '])
})

it.each([
  [{}, 'webhook_url', 'is missing: add it, or bot_token and channel'],
  [{ bot_token: 'xoxb-1' }, 'channel', 'is missing: expected the ID of a channel, such as C0123456789'],
  [
    { bot_token: 'xoxb-1', channel: 'C012', webhook_url: 'https://hooks.slack.com/x' },
    'bot_token',
    'is there together with webhook_url: keep one of them',
  ],
  [
    { bot_token: 'xoxb-1', channel: 'ops' },
    'channel',
    'expected its ID, such as C0123456789, or its name, such as "#ops"',
  ],
])('%j is refused', (settings, key, words) => {
  const { error } = slackSettings.safeParse({ type: 'slack', ...settings })
  expect(error?.issues.map(({ path, message }) => `${path.join()}: ${message}`).join()).toContain(words)
  expect(error?.issues[0]?.path).toEqual([key])
})

it('a bot is delivered to by Probity in the stack, a webhook by Alertmanager', () => {
  const { receiver } = channelTypes.slack
  expect(receiver?.can({ type: 'slack', bot_token: 'x', channel: 'C012' })).toBe(false)
  expect(receiver?.can({ type: 'slack', webhook_url: 'https://hooks.slack.com/x' })).toBe(true)
})
