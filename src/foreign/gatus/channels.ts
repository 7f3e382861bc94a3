import { hasExpansion } from '../../settings/secrets.ts'
import { missingIn, needed, optional, secret, translateChannel, type Keys } from '../shared/channel-keys.ts'
import type { Fields } from '../shared/fields.ts'
import type { Entry } from '../shared/render.ts'
import type { Secrets } from '../shared/secrets.ts'
import { Translation, type Remark } from '../shared/translation.ts'

/** The providers of `alerting:` as channels of notify.yml, by their names, which are those of the providers. */
export interface Channels {
  readonly entries: ReadonlyMap<string, Entry>
  /** Those for which there is no channel. */
  readonly left: readonly Remark[]
}

/**
 * Which key of a channel has the value of which key of theirs, by the provider.
 *
 * Source: https://github.com/TwiN/gatus (README.md, alerting/provider)
 */
const kinds: Readonly<Record<string, readonly [type: string, keys: Keys]>> = {
  discord: ['discord', { webhook_url: secret('webhook-url') }],
  email: [
    'email',
    {
      smtp_host: needed('host'),
      smtp_port: optional('port', Number),
      tls: needed('host', (_host, config) => (config.text('port') === '465' ? 'implicit' : 'starttls')),
      smtp_user: optional('username'),
      smtp_password: { theirs: 'password', isSecret: true },
      from: needed('from'),
      to: needed('to'),
    },
  ],
  googlechat: ['google_chat', { webhook_url: secret('webhook-url') }],
  gotify: ['gotify', { url: needed('server-url'), token: secret('token') }],
  matrix: [
    'matrix',
    {
      homeserver_url: needed('server-url'),
      access_token: secret('access-token'),
      room_id: needed('internal-room-id'),
    },
  ],
  mattermost: ['mattermost', { webhook_url: secret('webhook-url'), channel: optional('channel') }],
  ntfy: [
    'ntfy',
    { url: optional('url'), topic: needed('topic'), token: { theirs: 'token', isSecret: true } },
  ],
  pagerduty: ['pagerduty', { routing_key: secret('integration-key') }],
  pushover: ['pushover', { user_key: secret('user-key'), token: secret('application-token') }],
  slack: ['slack', { webhook_url: secret('webhook-url') }],
  teams: ['msteamsv2', { webhook_url: secret('webhook-url') }],
  'teams-workflows': ['msteamsv2', { webhook_url: secret('webhook-url') }],
  telegram: [
    'telegram',
    {
      bot_token: secret('token'),
      chat_id: needed('id'),
      message_thread_id: optional('topic-id'),
      api_url: optional('api-url'),
    },
  ],
}

/** Keys that say what is judged elsewhere, or what a message looks like. */
const elsewhere = ['default-alert', 'title', 'priority', 'click', 'email', 'firebase', 'disable-firebase']

/** Makes channels of the providers. What is not a channel stays where it is, for those who ask for its alerts. */
export function channelsOf(providers: Fields, secrets: Secrets): Channels {
  const entries = new Map<string, Entry>()
  const left: Remark[] = []
  for (const name of providers.keys) {
    const config = providers.below(name)
    const [type, keys] = (Object.hasOwn(kinds, name) && kinds[name]) || []
    const missing = keys && missingIn(keys, config)
    if (type && keys && !missing) {
      entries.set(name, channelOf(type, keys, { name, config, secrets }))
      continue
    }
    const why = missing
      ? `has no ${missing.theirs}`
      : 'has no channel that is converted: docs/channels.md has all channels'
    left.push({ path: providers.at(name), message: why })
  }
  return { entries, left }
}

interface Written {
  readonly name: string
  readonly config: Fields
  readonly secrets: Secrets
}

function channelOf(type: string, keys: Keys, { name, config, secrets }: Written): Entry {
  const translation = new Translation()
  // What comes of the environment is a secret already.
  const keep = (ours: string, text: string): string =>
    hasExpansion(text) ? text : secrets.keep(text, name, ours)
  translateChannel(type, keys, config, { translation, keep, hasReferences: true })
  if (config.items('overrides').length > 0)
    translation.note(
      config.at('overrides'),
      'a group has other values: write another channel, and notify: in its targets',
    )
  const known = new Set([...Object.values(keys).map(({ theirs }) => theirs), ...elsewhere, 'overrides'])
  for (const key of config.keys.filter((each) => !known.has(each)))
    translation.note(config.at(key), 'is not supported here')
  return { keys: translation.keys, remarks: [...translation.lost, ...translation.notes] }
}
