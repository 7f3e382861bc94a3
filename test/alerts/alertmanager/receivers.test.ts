import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeRendering } from '../../../src/app/notify/alertmanager.ts'
import { renderAlertmanager } from '../../../src/alerts/alertmanager/render.ts'
import { notifyTypes } from '../../../src/app/channels.ts'
import { parseNotify } from '../../../src/config/notify/load.ts'
import {
  alertmanagers,
  runAlertmanager,
  type Alertmanager,
  type PostedAlert,
} from '../../support/programs/alertmanager.ts'
import { deadUrl, type HttpPeer } from '../../support/servers/http-peer.ts'
import {
  nativePeers,
  type NativePagerdutyEvent,
  type NativeSlackMessage,
  type NativeWebhookMessage,
} from '../../support/servers/native-peers.ts'
import { routingKey } from '../../support/servers/pagerduty-peer.ts'
import { slackPath } from '../../support/servers/slack-peer.ts'
import { smtpPassword, smtpUser, startSmtpPeer, type SmtpPeer } from '../../support/servers/smtp-peer.ts'
import { hostileTexts } from '../../support/alerts/notifications.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { describeWithTool } from '../../support/programs/tools.ts'
import { waitFor } from '../../support/time/wait-for.ts'

describeWithTool(['prometheus-alertmanager'], 'the receivers of a rendered alertmanager.yml', () => {
  describe.each(alertmanagers)('in %s', (binary) => {
    let peers: Record<'slack' | 'pagerduty' | 'webhook', HttpPeer>
    let mail: SmtpPeer
    let alertmanager: Alertmanager

    beforeEach(async () => {
      peers = {
        slack: await nativePeers.slack(),
        pagerduty: await nativePeers.pagerduty(),
        webhook: await nativePeers.webhook(),
      }
      // It offers no login before STARTTLS.
      mail = await startSmtpPeer({ allowInsecureAuth: false, disabledCommands: [] })
      const folder = await tempFolder()
      await writeFile(join(folder, 'token'), 'secret')
      const config = parseNotify(
        { sources: [{ file: 'notify.yml', text: notifyYml() }], directory: folder, files: [] },
        { env: {}, types: notifyTypes },
      )
      expect(config.channels.map(({ native }) => native)).toEqual([true, true, true, true])
      const rendering = renderAlertmanager(config, {
        secretsFolder: join(folder, 'secrets'),
        // They deliver even if Probity is down.
        notifierUrls: [deadUrl],
        tokenFile: join(folder, 'token'),
      })
      await writeRendering(
        folder,
        { ...rendering, text: await inTime(rendering.text) },
        { externalUrl: new URL('https://status.example/'), grafanaUrl: new URL('https://grafana.example') },
      )
      alertmanager = await runAlertmanager(binary, { folder, configFile: join(folder, 'alertmanager.yml') })
    })

    afterEach(() => alertmanager.stop())

    function notifyYml(): string {
      return `
channels:
  chat: { type: slack, webhook_url: "${peers.slack.url}${slackPath}" }
  pager: { type: pagerduty, routing_key: ${routingKey}, url: "${peers.pagerduty.url}/v2/enqueue" }
  mail:
    type: email
    from: probity@example.org
    to: [ops@example.org, more@example.org]
    smtp_host: 127.0.0.1
    smtp_port: ${mail.port}
    smtp_user: ${smtpUser}
    smtp_password: ${smtpPassword}
    tls_verify: false
  hook: { type: webhook, url: "${peers.webhook.url}/hook" }
routes: [{ channels: [chat, pager, mail, hook] }]
`
    }

    /** With timers for a test, and without what this version has not yet: \`url_file\` of a webhook came with 0.26. */
    async function inTime(text: string): Promise<string> {
      const { stdout, stderr } = await promisify(execFile)(binary, ['--version'])
      const minor = Number(/version 0\.(\d+)/.exec(stdout + stderr)?.[1])
      const fast = text
        .replaceAll(/group_wait: \d+s/g, 'group_wait: 50ms')
        .replaceAll(/group_interval: \d+m/g, 'group_interval: 300ms')
      return minor < 26 ? fast.replace(/url_file: .*hook\.url/, `url: ${peers.webhook.url}/hook`) : fast
    }

    const bodies = <T>({ received }: HttpPeer): T[] => received.map(({ body }) => JSON.parse(body) as T)

    async function tellAll(alert: PostedAlert): Promise<void> {
      await alertmanager.post([alert])
      await untilEach(1)
      await alertmanager.post([{ ...alert, endsAt: new Date() }])
      await untilEach(2)
      // A peer refuses what its API would.
      expect(alertmanager.program.output()).not.toContain('unexpected status code')
    }

    async function untilEach(count: number): Promise<void> {
      const seen = (): number[] => [
        ...Object.values(peers).map(({ received }) => received.length),
        mail.mails.length,
      ]
      await waitFor(`${count} on each channel`, () => seen().every((size) => size >= count)).catch(
        (cause: unknown) => {
          throw new Error(`there were ${seen().join()}: ${alertmanager.program.output()}`, { cause })
        },
      )
      expect(seen()).toEqual([count, count, count, count])
    }

    const shop: PostedAlert = {
      labels: { alertname: 'TargetDown', severity: 'critical', target: 'shop', location: 'default' },
      annotations: {
        summary: 'shop has failed every check',
        description: 'The log has more.',
        runbook_url: 'https://wiki.example.org/shop?a=1&b=2',
      },
    }

    it('tell Slack, PagerDuty, a mail server and a webhook of a beginning and of its end', async () => {
      await tellAll(shop)
      const chat = bodies<NativeSlackMessage>(peers.slack).map(({ attachments: [message] }) => message)
      expect(chat).toMatchObject([
        { title: ':red_circle: CRITICAL: TargetDown of shop', color: 'danger' },
        { title: ':white_check_mark: RESOLVED: TargetDown of shop', color: 'good' },
      ])
      expect(chat[0]?.text).toContain('*shop has failed every check*\nThe log has more.\nSince ')
      expect(chat[0]?.text).toContain('<https://wiki.example.org/shop?a=1&amp;b=2|Runbook>')
      const incidents = bodies<NativePagerdutyEvent>(peers.pagerduty)
      expect(incidents).toMatchObject([
        {
          event_action: 'trigger',
          payload: {
            severity: 'critical',
            component: 'shop',
            group: 'default',
            summary: 'CRITICAL: TargetDown of shop',
            custom_details: { firing: expect.stringContaining('shop has failed every check') },
          },
        },
        { event_action: 'resolve', dedup_key: incidents[0]?.dedup_key },
      ])
      expect(
        mail.mails.map(({ headers, to, user, secure }) => [headers.get('subject'), to, user, secure]),
      ).toEqual(
        ['CRITICAL', 'RESOLVED'].map((state) => [
          [`${state}: TargetDown of shop`],
          ['ops@example.org', 'more@example.org'],
          smtpUser,
          true,
        ]),
      )
      expect(mail.mails[0]?.parts.get('text/plain')).toContain('shop has failed every check')
      expect(bodies<NativeWebhookMessage>(peers.webhook)).toMatchObject([
        { status: 'firing', alerts: [{ status: 'firing', labels: shop.labels }] },
        { status: 'resolved', alerts: [{ status: 'resolved', labels: shop.labels }] },
      ])
    })

    it('link to the page, the incident, the runbook that Probity serves and the dashboard', async () => {
      await tellAll({
        labels: { ...shop.labels, target: 'a shop/..' },
        startsAt: new Date('2026-11-28T01:02:03.456Z'),
        annotations: {
          summary: 'it is down',
          reason: 'timeout',
          failing_since: '1',
          runbook_url: 'docs/alerts.md#targetdown',
          dashboard_url: '/d/probity-target?var-target=a',
        },
      })
      const links = [
        ['Page', 'https://status.example/targets/a%20shop%2F..'],
        ['Incident', 'https://status.example/incidents/a%20shop%2F..@2026-11-28T01:02:03Z'],
        ['Runbook', 'https://status.example/docs/alerts#targetdown'],
        ['Dashboard', 'https://grafana.example/d/probity-target?var-target=a'],
      ]
      const [message] = bodies<NativeSlackMessage>(peers.slack)
      expect(message?.attachments[0]?.text).toContain(
        ['Reason: timeout', ...links.map(([name, url]) => `<${url}|${name}>`)].join('\n'),
      )
      const text = ['Reason: timeout', ...links.map(([name, url]) => `${name}: ${url}`)].join('\n')
      expect(mail.mails[0]?.parts.get('text/plain')?.replaceAll('\r', '')).toContain(text)
      expect(bodies<NativePagerdutyEvent>(peers.pagerduty)[0]?.payload.custom_details.firing).toContain(text)
    })

    it.each(Object.entries(hostileTexts))('are not led astray by %s', async (_name, text) => {
      await tellAll({
        labels: {
          alertname: 'TargetDown',
          severity: 'critical',
          target: text.slice(0, 200),
          location: 'default',
        },
        annotations: { summary: text, description: text, runbook_url: `https://wiki.example.org/${text}` },
      })
      for (const { headers, to } of mail.mails) {
        expect(to).toEqual(['ops@example.org', 'more@example.org'])
        expect([...headers.keys()].sort()).toEqual([
          'content-type',
          'date',
          'from',
          'message-id',
          'mime-version',
          'subject',
          'to',
        ])
      }
    })
  })
})
