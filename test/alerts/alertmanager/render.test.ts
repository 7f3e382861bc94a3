import { execFile } from 'node:child_process'
import { chmod, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { defaultRendering, writeRendering } from '../../../src/app/notify/alertmanager.ts'
import { renderAlertmanager, type Rendering } from '../../../src/alerts/alertmanager/render.ts'
import { templates } from '../../../src/alerts/alertmanager/templates.ts'
import { notifyTypes } from '../../../src/app/channels.ts'
import { loadNotify, parseNotify } from '../../../src/config/notify/load.ts'
import { root } from '../../../scripts/stack/shipped-files.ts'
import { amtools, type Labels } from '../../support/programs/alertmanager.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { describeWithTool } from '../../support/programs/tools.ts'

const everything = {
  SLACK_WEBHOOK_URL: 'https://hooks.example/services/T/B/secret',
  EMAIL_FROM: 'probity@example.org',
  EMAIL_TO: 'ops@example.org, more@example.org',
  SMTP_HOST: 'mail.example.org',
  SMTP_USER: 'probity',
  SMTP_PASSWORD: 'secret of the mail server',
  PAGERDUTY_ROUTING_KEY: 'secretkey',
  TWILIO_ACCOUNT_SID: 'AC1',
  TWILIO_AUTH_TOKEN: 'token',
  SMS_FROM: '+4930123456',
  SMS_TO: '+4930123457',
  ALERT_WEBHOOK_URL: 'https://example.org/secret',
  SENTRY_DSN: 'https://key@sentry.example/1',
}

const places = {
  secretsFolder: '/etc/probity/alertmanager/secrets',
  notifierUrls: ['http://notifier:9741'],
  tokenFile: '/etc/probity/secrets/notifier-token',
}

async function shipped(env: Record<string, string>, heartbeatUrl?: string): Promise<Rendering> {
  const config = await loadNotify(join(root, 'config/notify.yml'), { env, types: notifyTypes })
  return renderAlertmanager(config, { ...places, ...(heartbeatUrl !== undefined && { heartbeatUrl }) })
}

function rendered(text: string): Rendering {
  const sources = { sources: [{ file: 'notify.yml', text }], directory: '/nowhere', files: [] }
  return renderAlertmanager(parseNotify(sources, { env: {}, types: notifyTypes }), places)
}

describe('render alertmanager', () => {
  it('gives what is committed where nothing is set', async () => {
    const { text, secrets } = await shipped({})
    expect(text).toBe(defaultRendering().text)
    expect(await readFile(join(root, 'alertmanager/alertmanager.yml'), 'utf8')).toBe(text)
    expect(await readFile(join(root, 'alertmanager/templates/probity.tmpl'), 'utf8')).toBe(templates({}))
    expect(secrets.size).toBe(0)
  })

  it('puts no secret into alertmanager.yml, and each into a file that only its owner reads', async () => {
    const folder = await tempFolder()
    const rendering = await shipped(everything, 'https://hc.example/secret')
    expect(rendering.text).not.toMatch(/secret(?!s)(?!-)/)
    await writeRendering(folder, rendering)
    const names = await readdir(join(folder, 'secrets'))
    expect(names.sort()).toEqual([
      'email.smtp_password',
      'pagerduty.routing_key',
      'slack.webhook_url',
      'watchdog.url',
      'webhook.url',
    ])
    for (const name of names) {
      const file = join(folder, 'secrets', name)
      expect((await stat(file)).mode & 0o777).toBe(0o600)
      expect(await readFile(file, 'utf8')).toContain('secret')
    }
    await writeRendering(folder, await shipped({}))
    expect(await readdir(join(folder, 'secrets'))).toEqual([])
  })

  it('leaves what Alertmanager cannot do to the notifier', () => {
    const { text } = rendered(`
channels:
  signed: { type: webhook, url: https://a.example, secret: abc }
  ours: { type: slack, webhook_url: https://a.example, via: probity }
  text: { type: command, command: [echo] }
  plain: { type: webhook, url: https://a.example }
routes: [{ channels: [signed, ours, text, plain] }]
`)
    const { receivers } = parse(text) as { receivers: { name: string }[] }
    expect(receivers.map(({ name }) => name)).toEqual(['notifier', 'watchdog', 'nobody', 'plain'])
  })

  it('refuses to notify others later, but for what the notifier delivers', () => {
    const written = (via: string): string => `
channels:
  chat: { type: slack, webhook_url: https://hooks.example/a }
  boss: { type: slack, webhook_url: https://hooks.example/b${via} }
routes:
  - channels: chat
  - { channels: boss, after: 15m, unless: acknowledged }
`
    expect(() => rendered(written(''))).toThrow(
      'routes[1].after: Alertmanager delivers to boss, and cannot wait 15m for an acknowledgement: write via: probity at that channel, so that the notifier delivers it',
    )
    expect(rendered(written(', via: probity')).text).not.toContain('boss')
  })
})

const routed = `
channels:
  chat: { type: slack, webhook_url: https://hooks.example/a }
  pager: { type: pagerduty, routing_key: abc }
  mail: { type: email, from: a@b.example, to: c@d.example, smtp_host: mail.example }
routes:
  - { match: { team: shop }, channels: [chat, mail], repeat: 2h }
  - { match: { severity: critical }, channels: [chat, pager] }
  - match: ['vendor=~"a.*|b"', 'team!="shop"']
    channels: mail
    quiet_hours: { from: "22:00", to: "07:00", timezone: Europe/Berlin, except: [critical, warning] }
`

/** Labels, and the receivers that are notified, in this order. */
const table: [Labels, string][] = [
  [{ alertname: 'TargetDown', severity: 'warning' }, 'notifier,nobody,nobody,nobody'],
  [{ alertname: 'TargetDown', severity: 'critical' }, 'notifier,chat,pager,nobody'],
  [{ alertname: 'TargetDown', severity: 'warning', team: 'shop' }, 'notifier,chat,nobody,mail'],
  [{ alertname: 'TargetDown', severity: 'critical', team: 'shop' }, 'notifier,chat,pager,mail'],
  [{ alertname: 'TargetDown', severity: 'info', vendor: 'acme' }, 'notifier,nobody,nobody,mail'],
  [{ alertname: 'TargetDown', severity: 'info', vendor: 'acme', team: 'shop' }, 'notifier,chat,nobody,mail'],
  [{ alertname: 'TargetDown', severity: 'critical', notify: 'mail,sms' }, 'notifier,nobody,nobody,mail'],
  [{ alertname: 'TargetDown', severity: 'critical', notify: 'mailer' }, 'notifier,nobody,nobody,nobody'],
  [{ alertname: 'NotificationsFailing', severity: 'warning' }, 'notifier,chat,nobody,nobody'],
  [{ alertname: 'ProberNetworkDown', severity: 'critical', location: 'here' }, 'notifier,chat,pager,mail'],
  [{ alertname: 'Watchdog', severity: 'none' }, 'watchdog'],
]

describeWithTool(['amtool'], 'a rendered alertmanager.yml', () => {
  let folder: string
  beforeEach(async () => {
    folder = await tempFolder()
  })

  async function checked(amtool: string, rendering: Rendering): Promise<string> {
    await writeRendering(folder, rendering)
    await chmod(folder, 0o755)
    const { stdout } = await promisify(execFile)(amtool, ['check-config', join(folder, 'alertmanager.yml')])
    return stdout
  }

  describe.each(amtools)('read by %s', (amtool) => {
    it('is valid with nothing set', async () => {
      expect(await checked(amtool, await shipped({}))).toContain('SUCCESS')
    })

    it('is valid with everything set', async () => {
      const { stdout, stderr } = await promisify(execFile)(amtool, ['--version'])
      const [, minor] = /version 0\.(\d+)/.exec(stdout + stderr) ?? []
      // `url_file` of a webhook came with 0.26; the stack has a newer one.
      const { ALERT_WEBHOOK_URL, ...others } = everything
      const rendering =
        Number(minor) < 26
          ? await shipped(others)
          : await shipped({ ...others, ALERT_WEBHOOK_URL }, 'https://hc.example/a')
      expect(await checked(amtool, rendering)).toContain('SUCCESS')
    })

    it.each(table)('routes %j to %s', async (labels, receivers) => {
      await checked(amtool, rendered(routed))
      const { stdout } = await promisify(execFile)(amtool, [
        'config',
        'routes',
        'test',
        `--config.file=${join(folder, 'alertmanager.yml')}`,
        ...Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`),
      ])
      expect(stdout.trim()).toBe(receivers)
    })
  })
})
