import { execFile } from 'node:child_process'
import { chmod, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { renderAlertmanager, type Rendering } from '../../../src/alerts/alertmanager/render.ts'
import { shippedVersion } from '../../../src/alerts/alertmanager/versions.ts'
import { writeRendering } from '../../../src/app/notify/alertmanager.ts'
import { notifyTypes } from '../../../src/app/channels.ts'
import { channelTypes, type ChannelType } from '../../../src/channels/index.ts'
import { parseNotify } from '../../../src/config/notify/load.ts'
import { root } from '../../../scripts/stack/shipped-files.ts'
import { amtools } from '../../support/programs/alertmanager.ts'
import { describeWithTool } from '../../support/programs/tools.ts'
import { versionOf } from '../../support/programs/version-of.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { chats } from '../../support/services/chats.ts'
import { incidents } from '../../support/services/incidents.ts'
import { pushes } from '../../support/services/pushes.ts'

const types: Readonly<Record<string, ChannelType>> = channelTypes

/** What a channel has to be for Alertmanager to deliver it, where that differs from the tests of services. */
const instead: Readonly<Record<string, object>> = {
  pushover: { url: 'https://api.pushover.net/1/messages.json' },
  sns: { sigv4: {}, api_url: 'https://sns.example.org' },
}

const services = [...chats, ...pushes, ...incidents]
const native = services
  .filter(({ type }) => types[type]?.receiver)
  .map(({ type, settings, secrets }) => ({
    type,
    secrets: type === 'sns' ? [] : secrets,
    settings: { type, ...settings('https://service.example.org'), ...instead[type] },
  }))

function rendered(channels: Readonly<Record<string, object>>, version?: string): Rendering {
  const text = stringify({ channels, routes: [{ channels: Object.keys(channels) }] })
  const sources = { sources: [{ file: 'notify.yml', text }], directory: '/nowhere', files: [] }
  return renderAlertmanager(parseNotify(sources, { env: {}, types: notifyTypes }), {
    secretsFolder: '/etc/probity/alertmanager/secrets',
    notifierUrls: ['http://notifier:9741'],
    tokenFile: '/etc/probity/secrets/notifier-token',
    ...(version !== undefined && { version }),
  })
}

describe('Alertmanager delivers to', () => {
  it('every service that it has a receiver for', () => {
    expect(native.map(({ type }) => type).sort()).toEqual(
      'discord incidentio jira mattermost msteamsv2 pushover rocketchat sns telegram webex'.split(' '),
    )
  })

  it.each(native)('$type, whose secrets stand in files', ({ type, settings, secrets }) => {
    const { text, secrets: files } = rendered({ ops: settings })
    const { receivers } = parse(text) as { receivers: Record<string, unknown>[] }
    expect(receivers.at(-1)).toHaveProperty(`${type}_configs`)
    for (const secret of secrets) expect(text).not.toContain(secret)
    if (secrets.length > 0) expect([...files.values()].join()).toContain(secrets[0])
  })

  it.each<[string, object]>([
    ['telegram', { type: 'telegram', bot_token: '1:a', chat_id: '@ops' }],
    ['pushover', { type: 'pushover', user_key: 'u', token: 't', url: 'https://else.example' }],
    ['sns', { type: 'sns', topic_arn: 'arn:aws:sns:eu-central-1:1:a', sigv4: { access_key: 'a', secret_key: 'b' } }],
    ['jira', { type: 'jira', api_url: 'https://j.example/rest/api/3', api_token: 't', project: 'OPS' }],
    ['ntfy', { type: 'ntfy', topic: 'ops' }],
  ])('%s through the notifier, if it cannot do what is asked for', (_type, settings) => {
    const { receivers } = parse(rendered({ ops: settings }).text) as { receivers: { name: string }[] }
    expect(receivers.map(({ name }) => name)).toEqual(['notifier', 'watchdog'])
  })

  it('nobody that its version does not know', () => {
    const discord = { type: 'discord', webhook_url: 'https://discord.example/api/webhooks/1/abc' }
    const channels = { chat: { type: 'slack', webhook_url: 'https://a.example' }, d: discord, ours: { ...discord, via: 'probity' } }
    expect(() => rendered(channels, '0.25.0')).toThrow(
      'channels.d: Alertmanager 0.25.0 cannot deliver to discord, which came with 0.28: write via: probity, so that the notifier delivers it, or use a newer Alertmanager',
    )
    expect(() => rendered({ chat: channels.chat, ours: channels.ours }, '0.25.0')).not.toThrow()
    expect(() => rendered(channels, '1.0')).not.toThrow()
  })

  it('with the version that the stack runs', async () => {
    expect(await readFile(join(root, 'docker-compose.yml'), 'utf8')).toContain(
      `image: prom/alertmanager:v${shippedVersion}.`,
    )
  })
})

describeWithTool(['amtool'], 'what is rendered for services', () => {
  it.each(amtools)('is taken by %s, and what is refused for its version would not be', async (amtool) => {
    const version = await versionOf(amtool)
    for (const { type, settings } of native) {
      // Debian 13 builds its 0.28 without Jira.
      if (type === 'jira' && version.startsWith('0.28')) continue
      const since = types[type]?.receiver?.since ?? '0'
      const isKnown = Number(since.split('.')[1]) <= Number(version.split('.')[1])
      const folder = await tempFolder()
      await chmod(folder, 0o755)
      const rendering = rendered({ ops: settings })
      await writeRendering(folder, rendering)
      expect((await readdir(join(folder, 'secrets'))).length).toBe(rendering.secrets.size)
      const check = promisify(execFile)(amtool, ['check-config', join(folder, 'alertmanager.yml')])
      const taken = await check.then(
        ({ stdout }) => stdout.includes('SUCCESS'),
        () => false,
      )
      expect([type, taken]).toEqual([type, isKnown])
    }
  })
})
