import * as z from 'zod'
import type { channelTypes } from '../../../src/channels/index.ts'
import type { Received, Reply } from '../servers/http-peer.ts'

/** The API of a service, as its documentation has it. */
export interface Service {
  readonly type: keyof typeof channelTypes
  /** How a channel is configured for it. */
  readonly settings: (url: string) => Readonly<Record<string, unknown>>
  /** What must never be shown. */
  readonly secrets: readonly string[]
  /** Makes what answers as the service does: it refuses whatever breaks a documented rule. */
  readonly judge: () => (request: Received) => Reply
  /** Its own way to say that there were too many requests, where it has another than `Retry-After`. */
  readonly tooMany?: { readonly reply: Reply; readonly seconds: number }
  /** Requests that a notification of its end becomes. Default 1. */
  readonly requestsAtEnd?: number
  /** Requests that one about an alert that is known becomes. Default: as any other. */
  readonly requestsOfRepeat?: number
  /** Requests that any other becomes. Default 1. */
  readonly requests?: number
}

export const refuse = (status: number, why: unknown): Reply => ({
  status,
  body: JSON.stringify({ error: why }),
})

/** Judges JSON that is posted to a path, with a header that lets in. */
export function jsonApi(
  path: string | RegExp,
  schema: z.ZodType,
  taken: Reply,
  {
    auth = {},
    method = 'POST',
    maxBytes = Infinity,
  }: { auth?: Record<string, string>; method?: string; maxBytes?: number } = {},
): (request: Received) => Reply {
  return (request) => {
    if (
      request.method !== method ||
      !(typeof path === 'string' ? request.path === path : path.test(request.path))
    )
      return refuse(404, `${request.method} ${request.path}`)
    for (const [name, value] of Object.entries(auth))
      if (request.headers[name] !== value) return refuse(401, `${name} is wrong`)
    if (!request.headers['content-type']?.startsWith('application/json')) return refuse(415, 'content-type')
    if (Buffer.byteLength(request.body) > maxBytes) return refuse(413, 'too large')
    const { success, error } = schema.safeParse(JSON.parse(request.body))
    return success ? taken : refuse(400, error.issues)
  }
}

/** No control characters, no half characters, nothing that turns the direction of reading. */
export const clean = z
  .string()
  .refine(
    (text) =>
      text.isWellFormed() &&
      !/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(text),
    'has characters that do harm',
  )

/** Text of so many characters. */
export const text = (max: number): z.ZodType<string> => clean.and(z.string().min(1).max(max))

const ours = '(?:Page|Incident|Runbook|Dashboard)'

/** Markdown in which only our links lead anywhere, and nobody is called. What stands in a block is not read as Markdown. */
export function markdownOf(max: number, { callsInCode = true } = {}): z.ZodType<string> {
  return text(max).refine((written) => {
    const withoutLinks = written.replace(new RegExp(`\\[${ours}\\]\\(https?://[^\\s()]+\\)`, 'g'), '')
    const withoutCode = withoutLinks.replace(/```\n[^]*?\n```/g, '')
    if (/@[\w[]|<[!@#:a-z/]/i.test(callsInCode ? withoutCode : withoutLinks)) return false
    return !/\]\(|`|~~|\|\|/.test(withoutCode.replace(/\\[\\`*_{}[\]()#+.!|>~-]/g, ''))
  }, 'has marks that were not taken out')
}

/** HTML of these tags only, all of them closed, whose links are ours. */
export function htmlOf(tags: readonly string[], max: number): z.ZodType<string> {
  return text(max * 8).refine((written) => {
    const open: string[] = []
    const bare = written.replace(
      new RegExp(`<(/?)(${tags.join('|')})(?: (?:href="https?://[^"<>]+"|color="#[0-9a-f]{6}"))?>`, 'g'),
      (_, end: string, tag: string) => {
        if (tag === 'br') return ''
        if (end === '') open.push(tag)
        else if (open.pop() !== tag) open.push('not closed')
        return ''
      },
    )
    const shown = bare.replace(/&(?:amp|lt|gt|quot);/g, '.')
    return open.length === 0 && !/[<>&]/.test(shown) && shown.length <= max
  }, 'is not the HTML that is taken')
}
