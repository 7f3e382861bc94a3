import * as z from 'zod'
import { clean, htmlOf, jsonApi, markdownOf, text, type Service } from './service.ts'

const color = z.string().regex(/^#[0-9a-f]{6}$/)
const web = z.url({ protocol: /^https?$/ })

/** https://discord.com/developers/docs/resources/webhook#execute-webhook, .../message#embed-object-embed-limits */
const discordMessage = z.strictObject({
  username: text(80).optional(),
  allowed_mentions: z.strictObject({ parse: z.tuple([]) }),
  embeds: z
    .array(
      z.strictObject({
        title: markdownOf(256),
        description: markdownOf(4096),
        color: z.int().min(0).max(0xffffff),
        timestamp: z.iso.datetime(),
      }),
    )
    .min(1)
    .max(10),
})

/** https://core.telegram.org/bots/api#sendmessage */
const telegramMessage = z.strictObject({
  chat_id: z.literal(-1001234567890),
  message_thread_id: z.literal(7),
  parse_mode: z.literal('HTML'),
  link_preview_options: z.strictObject({ is_disabled: z.literal(true) }),
  text: htmlOf(['b', 'a', 'pre'], 4096).refine(
    (written) => !/@\w/.test(written.replace(/<pre>[^]*?<\/pre>|<a [^>]*>/g, '')),
    'calls somebody',
  ),
})

const block = z.strictObject({
  type: z.literal('TextBlock'),
  text: markdownOf(20_000),
  wrap: z.literal(true),
  weight: z.literal('Bolder').optional(),
  size: z.literal('Medium').optional(),
  style: z.literal('heading').optional(),
  color: z.enum(['Attention', 'Warning', 'Accent', 'Good', 'Default']).optional(),
  fontType: z.literal('Monospace').optional(),
})

/** https://adaptivecards.io/explorer/ */
const teamsMessage = z.strictObject({
  type: z.literal('message'),
  attachments: z.tuple([
    z.strictObject({
      contentType: z.literal('application/vnd.microsoft.card.adaptive'),
      contentUrl: z.null(),
      content: z.strictObject({
        $schema: z.literal('http://adaptivecards.io/schemas/adaptive-card.json'),
        type: z.literal('AdaptiveCard'),
        version: z.literal('1.4'),
        msteams: z.strictObject({ width: z.literal('Full') }),
        body: z.array(
          z.union([
            block,
            z.strictObject({
              type: z.literal('FactSet'),
              facts: z.array(z.strictObject({ title: text(100), value: markdownOf(2000) })),
            }),
          ]),
        ),
        actions: z
          .array(z.strictObject({ type: z.literal('Action.OpenUrl'), title: text(100), url: web }))
          .max(6)
          .optional(),
      }),
    }),
  ]),
})

const cardText = htmlOf(['b', 'font', 'br'], 10_000)

/** https://developers.google.com/workspace/chat/api/reference/rest/v1/cards */
const googleMessage = z.strictObject({
  fallbackText: clean,
  thread: z.strictObject({ threadKey: z.string().regex(/^[0-9a-f]{32}$/) }),
  cardsV2: z.tuple([
    z.strictObject({
      cardId: text(100),
      card: z.strictObject({
        sections: z.tuple([
          z.strictObject({
            widgets: z
              .array(
                z.union([
                  z.strictObject({ textParagraph: z.strictObject({ text: cardText }) }),
                  z.strictObject({
                    decoratedText: z.strictObject({
                      topLabel: clean,
                      text: cardText,
                      wrapText: z.literal(true),
                    }),
                  }),
                  z.strictObject({
                    buttonList: z.strictObject({
                      buttons: z.array(
                        z.strictObject({
                          text: clean,
                          onClick: z.strictObject({ openLink: z.strictObject({ url: web }) }),
                        }),
                      ),
                    }),
                  }),
                ]),
              )
              .min(1)
              .max(100),
          }),
        ]),
      }),
    }),
  ]),
})

/** https://developers.mattermost.com/integrate/reference/message-attachments/ */
const mattermostMessage = z.strictObject({
  channel: z.literal('town-square'),
  attachments: z.tuple([
    z.strictObject({
      fallback: clean.refine((shown) => !/@\w/.test(shown)),
      color,
      title: markdownOf(1024, { callsInCode: false }),
      text: markdownOf(16_383, { callsInCode: false }),
    }),
  ]),
})

/** https://developer.rocket.chat/apidocs/post-message */
const rocketchatMessage = z.strictObject({
  channel: z.literal('#ops'),
  attachments: z.tuple([
    z.strictObject({
      title: text(500).refine((shown) => !/@\w|<[!@#:a-z]/i.test(shown)),
      text: text(5000).refine((written) => {
        const bare = written.replace(/\[\w+\]\(https?:\/\/[^\s()]+\)/g, '').replace(/```\n[^]*?\n```/g, '')
        return !/@\w|<[!@#:a-z/]|\]\(|```/i.test(bare)
      }, 'has marks that were not taken out'),
      color,
    }),
  ]),
})

/** https://spec.matrix.org/latest/client-server-api/#mroommessage */
const matrixEvent = z.strictObject({
  msgtype: z.literal('m.text'),
  body: clean,
  format: z.literal('org.matrix.custom.html'),
  formatted_body: htmlOf(['b', 'a', 'pre', 'br'], 60_000),
  'm.mentions': z.strictObject({}),
})

/** https://developer.webex.com/docs/api/v1/messages/create-a-message */
const webexMessage = z.strictObject({
  roomId: z.literal('Y2lzY29zcGFyazovL3Jvb20'),
  markdown: markdownOf(7439).refine((written) => Buffer.byteLength(written) <= 7439, 'is too long'),
})

const telegramToken = '123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11'
const googleQuery = 'key=AIzaSyGoogleKey&token=g00gleT0ken'
const teamsPath = '/workflows/0123456789abcdef/triggers/manual/paths/invoke'

export const chats: readonly Service[] = [
  {
    type: 'discord',
    settings: (url) => ({ webhook_url: `${url}/api/webhooks/1234567890/d1scordT0ken` }),
    secrets: ['d1scordT0ken'],
    judge: () =>
      jsonApi('/api/webhooks/1234567890/d1scordT0ken?wait=true', discordMessage, {
        status: 200,
        body: '{"id":"1"}',
      }),
    tooMany: {
      reply: {
        status: 429,
        body: '{"message":"You are being rate limited.","retry_after":64.57,"global":false}',
      },
      seconds: 65,
    },
  },
  {
    type: 'telegram',
    settings: (url) => ({
      api_url: url,
      bot_token: telegramToken,
      chat_id: '-1001234567890',
      message_thread_id: 7,
    }),
    secrets: [telegramToken],
    judge: () =>
      jsonApi(`/bot${telegramToken}/sendMessage`, telegramMessage, {
        status: 200,
        body: '{"ok":true,"result":{}}',
      }),
    tooMany: {
      reply: {
        status: 429,
        body: '{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 8","parameters":{"retry_after":8}}',
      },
      seconds: 8,
    },
  },
  {
    type: 'msteamsv2',
    settings: (url) => ({ webhook_url: `${url}${teamsPath}?api-version=1&sig=t34msSignature` }),
    secrets: ['t34msSignature'],
    judge: () =>
      jsonApi(
        `${teamsPath}?api-version=1&sig=t34msSignature`,
        teamsMessage,
        { status: 202 },
        { maxBytes: 28 * 1024 },
      ),
  },
  {
    type: 'google_chat',
    settings: (url) => ({ webhook_url: `${url}/v1/spaces/AAAA/messages?${googleQuery}` }),
    secrets: ['AIzaSyGoogleKey', 'g00gleT0ken'],
    judge: () =>
      jsonApi(
        `/v1/spaces/AAAA/messages?${googleQuery}&messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD`,
        googleMessage,
        { status: 200, body: '{}' },
        { maxBytes: 32_000 },
      ),
  },
  {
    type: 'mattermost',
    settings: (url) => ({ webhook_url: `${url}/hooks/m4ttermostKey`, channel: 'town-square' }),
    secrets: ['m4ttermostKey'],
    judge: () => jsonApi('/hooks/m4ttermostKey', mattermostMessage, { status: 200, body: 'ok' }),
  },
  {
    type: 'rocketchat',
    settings: (url) => ({ api_url: `${url}/`, token_id: 'user1', token: 'r0cketT0ken', channel: '#ops' }),
    secrets: ['r0cketT0ken'],
    judge: () =>
      jsonApi(
        '/api/v1/chat.postMessage',
        rocketchatMessage,
        { status: 200, body: '{"success":true}' },
        { auth: { 'x-auth-token': 'r0cketT0ken', 'x-user-id': 'user1' } },
      ),
  },
  {
    type: 'matrix',
    settings: (url) => ({ homeserver_url: url, access_token: 'syt_m4trix', room_id: '!abc:example.org' }),
    secrets: ['syt_m4trix'],
    judge: () =>
      jsonApi(
        /^\/_matrix\/client\/v3\/rooms\/!abc%3Aexample\.org\/send\/m\.room\.message\/probity-[0-9a-f]{32}$/,
        matrixEvent,
        { status: 200, body: '{"event_id":"$1"}' },
        { method: 'PUT', auth: { authorization: 'Bearer syt_m4trix' }, maxBytes: 65_536 },
      ),
    tooMany: {
      reply: {
        status: 429,
        body: '{"errcode":"M_LIMIT_EXCEEDED","error":"Too many requests","retry_after_ms":2100}',
      },
      seconds: 3,
    },
  },
  {
    type: 'webex',
    settings: (url) => ({
      api_url: `${url}/v1/messages`,
      bot_token: 'w3bexT0ken',
      room_id: 'Y2lzY29zcGFyazovL3Jvb20',
    }),
    secrets: ['w3bexT0ken'],
    judge: () =>
      jsonApi(
        '/v1/messages',
        webexMessage,
        { status: 200, body: '{}' },
        { auth: { authorization: 'Bearer w3bexT0ken' } },
      ),
  },
]
