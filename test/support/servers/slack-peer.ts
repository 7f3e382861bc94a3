import * as z from 'zod'
import { startHttpPeer, type HttpPeer, type Received, type Reply } from './http-peer.ts'

export const slackPath = '/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX'

/** Text in Slack's markup: its three special characters stand for themselves only in links that we make. */
export const slackMarkup = z.string().refine((text) => {
  const rest = text.replace(/<https?:\/\/[^\s<>|"]+\|\w+>/g, '').replace(/&(?:amp|lt|gt);/g, '')
  return !/[<>&]/.test(rest)
}, 'special characters that are not escaped')

const textObject = (max: number): z.ZodType =>
  z.strictObject({
    type: z.literal('mrkdwn'),
    text: slackMarkup.and(z.string().min(1).max(max)),
    verbatim: z.literal(true),
  })

const section = z
  .strictObject({
    type: z.literal('section'),
    text: textObject(3000).optional(),
    fields: z.array(textObject(2000)).min(1).max(10).optional(),
  })
  .refine(({ text, fields }) => text !== undefined || fields !== undefined)

export const slackBlocks = z.array(section).min(1).max(50)

/** Source: https://docs.slack.dev/reference/block-kit/blocks/section-block */
export const slackMessageSchema = z.strictObject({
  text: slackMarkup.and(z.string().min(1).max(40_000)),
  blocks: slackBlocks,
  attachments: z
    .array(z.strictObject({ color: z.string().regex(/^#[0-9a-f]{6}$/), blocks: slackBlocks }))
    .max(20),
  unfurl_links: z.boolean(),
  unfurl_media: z.boolean(),
})

export function startSlackPeer(): Promise<HttpPeer> {
  return startHttpPeer(judge)
}

function judge({ method, path, headers, body }: Received): Reply {
  if (path !== slackPath) return { status: 404, body: 'no_service' }
  if (method !== 'POST' || !headers['content-type']?.startsWith('application/json')) {
    return { status: 400, body: 'invalid_payload' }
  }
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    return { status: 400, body: 'invalid_payload' }
  }
  const { success, error } = slackMessageSchema.safeParse(json)
  return success ? { status: 200, body: 'ok' } : { status: 400, body: `invalid_blocks: ${error.message}` }
}
