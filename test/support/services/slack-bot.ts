import * as z from 'zod'
import type { Received, Reply } from '../servers/http-peer.ts'
import { slackBlocks, slackMarkup, slackMessageSchema } from '../servers/slack-peer.ts'
import type { Service } from './service.ts'

export const slackBotToken = 'xoxb-1234567890-S3cr3tOfTheBot'
const slackChannelId = 'C0123456789'

const ts = z.string().regex(/^\d{10}\.\d{6}$/)
const text = slackMarkup.and(z.string().min(1).max(40_000))

/** https://docs.slack.dev/reference/methods/chat.postMessage */
const first = slackMessageSchema.extend({ channel: z.union([z.literal(slackChannelId), z.literal('#ops')]) })
const reply = z.strictObject({
  // A reply goes by the ID that the first message was answered with.
  channel: z.literal(slackChannelId),
  thread_ts: ts,
  text,
  blocks: slackBlocks,
  unfurl_links: z.literal(false),
  unfurl_media: z.literal(false),
})

/** https://docs.slack.dev/reference/methods/chat.update: it takes no name of a channel. */
const update = slackMessageSchema
  .omit({ unfurl_links: true, unfurl_media: true })
  .extend({ channel: z.literal(slackChannelId), ts })

const refused = (error: string): Reply => ({ status: 200, body: JSON.stringify({ ok: false, error }) })

/** Slack's Web API: it answers 200 also where it refuses. @param known The numbers of the messages that are there. */
export function slackApi(known = new Set<string>()): (request: Received) => Reply {
  let posted = 0
  return ({ method, path, headers, body }) => {
    if (method !== 'POST' || !headers['content-type']?.startsWith('application/json'))
      return refused('invalid_json')
    if (headers['authorization'] !== `Bearer ${slackBotToken}`) return refused('invalid_auth')
    const json = JSON.parse(body) as { thread_ts?: string; ts?: string; channel?: string }
    if (json.channel !== slackChannelId && json.channel !== '#ops') return refused('channel_not_found')
    const shape = path === '/api/chat.update' ? update : json.thread_ts === undefined ? first : reply
    if (path !== '/api/chat.update' && path !== '/api/chat.postMessage') return refused('unknown_method')
    const { success, error } = shape.safeParse(json)
    if (!success) return refused(`invalid_blocks ${error.message}`)
    const about = json.ts ?? json.thread_ts
    if (about !== undefined && !known.has(about)) return refused('message_not_found')
    const number = about ?? `1763640000.${String(++posted).padStart(6, '0')}`
    known.add(number)
    return { status: 200, body: JSON.stringify({ ok: true, channel: slackChannelId, ts: number }) }
  }
}

export const slackBot: Service = {
  type: 'slack',
  settings: (url) => ({ bot_token: slackBotToken, channel: '#ops', api_url: `${url}/api` }),
  secrets: [slackBotToken],
  judge: () => slackApi(),
  requestsOfRepeat: 2,
  requestsAtEnd: 2,
}
