import { parseJsonObject } from '../../lib/text/json.ts'
import { ChannelNames } from '../shared/channel-names.ts'
import {
  addresses,
  missingIn,
  needed,
  optional,
  secret,
  translateChannel,
  type Keys,
} from '../shared/channel-keys.ts'
import { Fields } from '../shared/fields.ts'
import type { Entry } from '../shared/render.ts'
import type { Secrets } from '../shared/secrets.ts'
import { Translation, type Remark } from '../shared/translation.ts'

/** The notifications of Uptime Kuma as channels of notify.yml. */
export interface Channels {
  /** By their name in notify.yml. */
  readonly entries: ReadonlyMap<string, Entry>
  /** Their names, by the id of the notification. */
  readonly names: ReadonlyMap<string, string>
  /** Those for which there is no channel. */
  readonly left: readonly Remark[]
}

/**
 * Which key of a channel has the value of which key of theirs, by the type of notification.
 *
 * Source: https://github.com/louislam/uptime-kuma (server/notification-providers)
 */
const kinds: Readonly<Record<string, readonly [type: string, keys: Keys]>> = {
  slack: ['slack', { webhook_url: secret('slackwebhookURL') }],
  discord: ['discord', { webhook_url: secret('discordWebhookUrl'), username: optional('discordUsername') }],
  telegram: [
    'telegram',
    {
      bot_token: secret('telegramBotToken'),
      chat_id: needed('telegramChatID'),
      message_thread_id: optional('telegramMessageThreadID'),
      disable_notifications: optional('telegramSendSilently', (text) => text === 'true'),
      api_url: optional('telegramServerUrl'),
    },
  ],
  teams: ['msteamsv2', { webhook_url: secret('webhookUrl') }],
  GoogleChat: ['google_chat', { webhook_url: secret('googleChatWebhookURL') }],
  mattermost: [
    'mattermost',
    {
      webhook_url: secret('mattermostWebhookUrl'),
      username: optional('mattermostusername'),
      channel: optional('mattermostchannel'),
      icon_url: optional('mattermosticonurl'),
    },
  ],
  matrix: [
    'matrix',
    {
      homeserver_url: needed('homeserverUrl'),
      access_token: secret('accessToken'),
      room_id: needed('internalRoomId'),
    },
  ],
  ntfy: [
    'ntfy',
    {
      url: optional('ntfyserverurl'),
      topic: needed('ntfytopic'),
      token: { theirs: 'ntfyaccesstoken', isSecret: true },
      username: optional('ntfyusername'),
      password: { theirs: 'ntfypassword', isSecret: true },
    },
  ],
  gotify: ['gotify', { url: needed('gotifyserverurl'), token: secret('gotifyapplicationToken') }],
  pushover: [
    'pushover',
    {
      user_key: secret('pushoveruserkey'),
      token: secret('pushoverapptoken'),
      device: optional('pushoverdevice'),
      sound: optional('pushoversounds'),
    },
  ],
  PagerDuty: ['pagerduty', { routing_key: secret('pagerdutyIntegrationKey') }],
  webhook: ['webhook', { url: secret('webhookURL') }],
  smtp: [
    'email',
    {
      smtp_host: needed('smtpHost'),
      smtp_port: optional('smtpPort', Number),
      tls: needed('smtpHost', (_host, config) =>
        config.text('smtpSecure') === 'true'
          ? 'implicit'
          : config.text('smtpIgnoreSTARTTLS') === 'true'
            ? 'none'
            : 'starttls',
      ),
      tls_verify: optional('smtpIgnoreTLSError', (text) => (text === 'true' ? false : undefined)),
      smtp_user: optional('smtpUsername'),
      smtp_password: { theirs: 'smtpPassword', isSecret: true },
      from: needed('smtpFrom', (text) => addresses(text)[0]),
      to: needed('smtpTo', addresses),
    },
  ],
}

/** Keys that say what a message looks like, which Probity decides. */
const looks = /template|subject|body|message|title|icon|prefix|priority|button|channelnotify/i

/** Makes channels of notifications. */
export function channelsOf(notifications: readonly Fields[], secrets: Secrets): Channels {
  const entries = new Map<string, Entry>()
  const names = new Map<string, string>()
  const left: Remark[] = []
  const unique = new ChannelNames()
  for (const notification of notifications) {
    const config = new Fields(parseJsonObject(notification.text('config') ?? ''), notification.at('config'))
    const type = config.text('type') ?? ''
    const [ours, keys] = (Object.hasOwn(kinds, type) && kinds[type]) || []
    const missing = missingIn(keys ?? {}, config)
    // A backup that only names them has nothing to make channels of.
    if (!notification.has('config')) continue
    if (!ours || !keys || missing) {
      const why = missing
        ? `it has no ${missing.theirs}`
        : `there is no channel for the type ${JSON.stringify(type)}`
      left.push({
        path: notification.path,
        message: `${JSON.stringify(notification.text('name') ?? 'unnamed')} is left out: ${why}: docs/channels.md has all channels`,
      })
      continue
    }
    const name = unique.unique(notification.text('name') ?? type)
    names.set(notification.text('id') ?? '', name)
    entries.set(name, channelOf(ours, keys, { name, config, secrets }))
  }
  return { entries, names, left }
}

interface Written {
  readonly name: string
  readonly config: Fields
  readonly secrets: Secrets
}

function channelOf(type: string, keys: Keys, { name, config, secrets }: Written): Entry {
  const translation = new Translation()
  translateChannel(type, keys, config, {
    translation,
    keep: (ours, text) => secrets.keep(text, name, ours),
  })
  const looked = config.keys.filter(
    (key) => looks.test(key) && !['', 'false'].includes(config.text(key) ?? ''),
  )
  const [first] = looked.filter((key) => !Object.values(keys).some(({ theirs }) => theirs === key))
  if (first !== undefined)
    translation.note(
      config.at(first),
      'what a message looks like is decided here, unless docs/channels.md says otherwise',
    )
  return { keys: translation.keys, remarks: [...translation.lost, ...translation.notes] }
}
