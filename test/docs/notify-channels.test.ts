import { describe, expect, it } from 'vitest'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { channelTypes, type ChannelType } from '../../src/channels/index.ts'
import { templateNames } from '../../src/channels/shared/template-values.ts'
import { channelDependencies } from '../support/alerts/channels.ts'
import { firing } from '../support/alerts/notifications.ts'
import { startHttpPeer } from '../support/servers/http-peer.ts'

const docs = join(import.meta.dirname, '../../docs')
const page = readFileSync(join(docs, 'notify.md'), 'utf8')
const channelsPage = readFileSync(join(docs, 'channels.md'), 'utf8')

/** What the variables of the examples stand for. */
const values: Readonly<Record<string, string>> = {
  SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T/B/X',
  BOARD_WEBHOOK_URL: 'https://board.example.org/x',
  TWILIO_ACCOUNT_SID: 'AC0',
  SMS_TO: '+4930123456,+4930123457',
  SENTRY_DSN: 'https://key@o1.ingest.sentry.io/42',
  DISCORD_WEBHOOK_URL: 'https://discord.com/api/webhooks/1/x',
  TEAMS_WEBHOOK_URL: 'https://example.logic.azure.com/workflows/x?sig=y',
  GOOGLE_CHAT_WEBHOOK_URL: 'https://chat.googleapis.com/v1/spaces/x/messages?key=y&token=z',
  MATTERMOST_WEBHOOK_URL: 'https://mattermost.example.org/hooks/x',
  TELEGRAM_BOT_TOKEN: '123456:ABC-DEF',
}

type Settings = Readonly<Record<string, unknown>> & { readonly type: keyof typeof channelTypes }

const channels = Array.from(`${page}\n${channelsPage}`.matchAll(/^```yaml\n(# notify\.yml\n.*?)^```$/gms)).flatMap(
  ([, text = '']) => {
    const expanded = text.replace(/\$\{(\w+)\}/g, (_, name: string) => values[name] ?? `secret-of-${name}`)
    const { channels: named = {} } = parse(expanded) as { channels?: Record<string, Settings> }
    return Object.entries(named).map(([name, settings]) => ({ name, settings }))
  },
)

/** The section of a heading. */
function section(heading: string): string {
  const [text, mark] = page.includes(`\n### ${heading}\n`) ? [page, '###'] : [channelsPage, '##']
  const start = text.indexOf(`\n${mark} ${heading}\n`)
  return text.slice(start, text.indexOf('\n##', start + 1))
}

/** These are not sent over HTTP. */
const others: readonly string[] = ['command', 'email', 'syslog']

/** The same settings with every address at a server of ours. */
function at(url: string, settings: unknown): unknown {
  return JSON.parse(
    JSON.stringify(settings).replace(/"https?:\/\/(?:[^/"@]+@)?[^/"]+/g, (origin) =>
      // A DSN has its key there.
      origin.includes('@') ? `"http://key@${url.slice('http://'.length)}` : `"${url}`,
    ),
  )
}

describe('docs/notify.md and docs/channels.md', () => {
  it.each(channels)('have a channel $name that is valid', ({ settings }) => {
    expect(channelTypes[settings.type].schema.safeParse(settings).error).toBeUndefined()
  })

  it.each(channels.filter(({ settings: { type } }) => !others.includes(type)))(
    'have a channel $name that sends',
    async ({ settings }) => {
      const peer = await startHttpPeer(({ path }) => ({
        status: path === '/v2/enqueue' ? 202 : 200,
        body: '{"ok":true,"issues":[]}',
      }))
      const kind: ChannelType = channelTypes[settings.type]
      // The address of SNS follows from a region, and that of Slack's API is known.
      const hasOwn = settings.type === 'sns' || settings['bot_token'] !== undefined
      const given = hasOwn ? { ...settings, api_url: peer.url } : settings
      const read = at(peer.url, kind.schema.parse(given))
      await kind
        .create(read, channelDependencies())
        .deliver({ ...firing, severity: 'critical' }, new AbortController().signal)
      expect(peer.received.length).toBeGreaterThan(0)
    },
  )

  it.each(Object.entries(channelTypes))('have an example of %s, and a row for each of its keys', (type, { schema }) => {
    expect(channels.map(({ settings }) => settings.type)).toContain(type)
    const rows = section(type)
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .flatMap((line) => line.split('|')[1]?.match(/[\w.]+/g) ?? [])
      .filter((key) => !key.includes('.'))
    expect(rows.sort()).toEqual(Object.keys(schema.shape).filter((key) => key !== 'type').sort())
  })

  it('have every variable', () => {
    const variables = section('Variables').match(/(?<=`PROBITY_)\w+/g) ?? []
    expect(variables.map((name) => name.toLowerCase()).sort()).toEqual([...templateNames].sort())
  })

  it('have a row for each type in the table', () => {
    const rows = [...channelsPage.matchAll(/^\| \[(\w+)\]\((?:notify\.md)?#(\w+)\) \| (Alertmanager|Probity)/gm)]
    expect(rows.map(([, type, anchor, by]) => [type, anchor, by])).toEqual(
      Object.entries(channelTypes)
        .map(([type, { receiver }]: [string, ChannelType]) => [type, type, receiver ? 'Alertmanager' : 'Probity'])
        .sort(),
    )
    for (const [type, { receiver }] of Object.entries(channelTypes) as [string, ChannelType][])
      if (receiver?.since !== undefined) expect(channelsPage).toMatch(new RegExp(`^\\| \\[${type}\\].* Alertmanager ${receiver.since} \\|`, 'm'))
  })
})
