import { createHmac, createHash } from 'node:crypto'
import * as z from 'zod'
import type { Received, Reply } from '../servers/http-peer.ts'
import { clean, jsonApi, refuse, text, type Service } from './service.ts'

const web = z.url({ protocol: /^https?$/ })

/** https://docs.ntfy.sh/publish/#publish-as-json */
const ntfyMessage = z.strictObject({
  topic: z.literal('s3cret-topic'),
  title: text(1000),
  message: clean.refine((written) => Buffer.byteLength(written) <= 4096, 'would become an attachment'),
  priority: z.int().min(1).max(5),
  tags: z.array(z.string().regex(/^\w+$/)).max(5),
  click: web.optional(),
  actions: z
    .array(z.strictObject({ action: z.literal('view'), label: text(100), url: web }))
    .max(3)
    .optional(),
})

/** https://gotify.net/api-docs */
const gotifyMessage = z.strictObject({
  title: text(1000),
  message: text(10_000),
  priority: z.int().min(0).max(10),
  extras: z.strictObject({
    'client::display': z.strictObject({ contentType: z.literal('text/plain') }),
    'client::notification': z.strictObject({ click: z.strictObject({ url: web }) }).optional(),
  }),
})

/** https://github.com/caronc/apprise-api */
const appriseMessage = z.strictObject({
  title: text(1000),
  body: text(32_768),
  type: z.enum(['info', 'success', 'warning', 'failure']),
  format: z.literal('text'),
  tag: z.literal('ops'),
})

const pushoverKey = 'uQiRzpo4DXghDmr9QzzfQu27cmVRsG'
const pushoverToken = 'azGDORePK8gMaC0QOYAMyEEuzJnyUi'

/** https://pushover.net/api */
const pushoverForm = z
  .strictObject({
    token: z.literal(pushoverToken),
    user: z.literal(pushoverKey),
    title: text(250),
    message: text(1024),
    priority: z.enum(['-2', '-1', '0', '1', '2']),
    timestamp: z.string().regex(/^\d+$/),
    url: z.string().max(512).optional(),
    url_title: z.string().max(100).optional(),
    retry: z.coerce.number().min(30).optional(),
    expire: z.coerce.number().max(10_800).optional(),
  })
  .refine(({ priority, retry, expire }) => priority !== '2' || (retry !== undefined && expire !== undefined))

const topic = 'arn:aws:sns:eu-central-1:123456789012:alerts'
const awsKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const snsForm = z.strictObject({
  Action: z.literal('Publish'),
  Version: z.literal('2010-03-31'),
  TopicArn: z.literal(topic),
  Subject: z.string().regex(/^[!-~][ -~]{0,99}$/),
  Message: clean.refine((written) => written !== '' && Buffer.byteLength(written) <= 262_144),
})

function formApi(path: string, schema: z.ZodType, taken: Reply): (request: Received) => Reply {
  return ({ method, path: asked, headers, body }) => {
    if (method !== 'POST' || asked !== path) return refuse(404, asked)
    if (headers['content-type'] !== 'application/x-www-form-urlencoded') return refuse(415, 'content-type')
    const { success, error } = schema.safeParse(Object.fromEntries(new URLSearchParams(body)))
    return success ? taken : refuse(400, error.issues)
  }
}

/** Computes the signature a second time, from the documentation: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function isSigned({ path, headers, body }: Received): boolean {
  const [, date, names, signature] =
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/(\d{8})\/eu-central-1\/sns\/aws4_request, SignedHeaders=([a-z;-]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    ) ?? []
  if (date === undefined || names === undefined) return false
  const sha = (data: string): string => createHash('sha256').update(data).digest('hex')
  const mac = (key: Buffer | string, data: string): Buffer => createHmac('sha256', key).update(data).digest()
  const canonical = `POST\n${path}\n\n${names
    .split(';')
    .map((name) => `${name}:${headers[name]?.trim() ?? ''}\n`)
    .join('')}\n${names}\n${sha(body)}`
  const toSign = `AWS4-HMAC-SHA256\n${headers['x-amz-date'] ?? ''}\n${date}/eu-central-1/sns/aws4_request\n${sha(canonical)}`
  const key = mac(mac(mac(mac(`AWS4${awsKey}`, date), 'eu-central-1'), 'sns'), 'aws4_request')
  return names.includes('host') && mac(key, toSign).toString('hex') === signature
}

const snsApi = formApi('/', snsForm, { status: 200, body: '<PublishResponse/>' })

export const pushes: readonly Service[] = [
  {
    type: 'ntfy',
    settings: (url) => ({ url, topic: 's3cret-topic', token: 'tk_ntfyT0ken' }),
    secrets: ['tk_ntfyT0ken', 's3cret-topic'],
    judge: () =>
      jsonApi(
        '/',
        ntfyMessage,
        { status: 200, body: '{"id":"1"}' },
        { auth: { authorization: 'Bearer tk_ntfyT0ken' } },
      ),
  },
  {
    type: 'gotify',
    settings: (url) => ({ url, token: 'AgotifyT0ken' }),
    secrets: ['AgotifyT0ken'],
    judge: () =>
      jsonApi(
        '/message',
        gotifyMessage,
        { status: 200, body: '{"id":1}' },
        { auth: { 'x-gotify-key': 'AgotifyT0ken' } },
      ),
  },
  {
    type: 'apprise',
    settings: (url) => ({ url, key: 'appr1seKey', tag: 'ops' }),
    secrets: ['appr1seKey'],
    judge: () => jsonApi('/notify/appr1seKey', appriseMessage, { status: 200, body: 'ok' }),
  },
  {
    type: 'pushover',
    settings: (url) => ({ url: `${url}/1/messages.json`, user_key: pushoverKey, token: pushoverToken }),
    secrets: [pushoverKey, pushoverToken],
    judge: () => formApi('/1/messages.json', pushoverForm, { status: 200, body: '{"status":1}' }),
  },
  {
    type: 'sns',
    settings: (url) => ({
      topic_arn: topic,
      api_url: `${url}/`,
      sigv4: { access_key: 'AKIDEXAMPLE', secret_key: awsKey },
    }),
    secrets: [awsKey],
    judge: () => (request) => (isSigned(request) ? snsApi(request) : refuse(403, 'SignatureDoesNotMatch')),
  },
]
