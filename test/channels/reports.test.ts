import { describe, expect, it } from 'vitest'
import type { ReportMessage } from '../../src/channels/channel.ts'
import { createEmailChannel, emailSettings } from '../../src/channels/email/email.ts'
import { channelTypes } from '../../src/channels/index.ts'
import { createSlackChannel } from '../../src/channels/slack/slack.ts'
import { createWebhookChannel, webhookSettings } from '../../src/channels/webhook/webhook.ts'
import { channelDependencies, failureOf } from '../support/alerts/channels.ts'
import { startHttpPeer } from '../support/servers/http-peer.ts'
import { slackPath, startSlackPeer } from '../support/servers/slack-peer.ts'
import { smtpPassword, smtpUser, startSmtpPeer } from '../support/servers/smtp-peer.ts'

const { signal } = new AbortController()
const png = Buffer.from('not really a picture')

const report: ReportMessage = {
  id: 'weekly 2026-W44',
  subject: 'weekly: 2026-W44: 2 vendors <1 below its promise>',
  text: `Vendors in 2026-W44\n\n${'pay ``` <!channel> & more\n'.repeat(20)}`,
  html: '<!doctype html><body><img src="cid:chart-0@probity"></body>',
  pictures: [{ cid: 'chart-0@probity', base64: png.toString('base64') }],
  report: { period: '2026-W44', vendors: [] },
  url: 'https://probity.example/api/v1/report?period=2026-W44&format=html',
}

describe('a report', () => {
  it('is a mail in text and HTML, with its pictures within', async () => {
    const peer = await startSmtpPeer()
    const settings = emailSettings.parse({
      type: 'email',
      from: 'Probity <probity@example.org>',
      to: 'ops@example.com, boss@example.com',
      smtp_host: '127.0.0.1',
      smtp_port: peer.port,
      smtp_user: smtpUser,
      smtp_password: smtpPassword,
      tls: 'none',
    })
    const channel = createEmailChannel(settings, channelDependencies())
    await channel.sendReport!(report, signal, 'boss@example.com')
    await channel.sendReport!(report, signal, 'boss@example.com')
    const [mail, again] = peer.mails
    expect(mail!.to).toEqual(['boss@example.com'])
    expect(mail!.headers.get('subject')).toEqual([report.subject])
    expect(mail!.headers.get('auto-submitted')).toEqual(['auto-generated'])
    expect(mail!.parts.get('text/plain')).toContain(`The whole report: ${report.url}`)
    expect(mail!.parts.get('text/html')).toContain('cid:chart-0@probity')
    expect(mail!.parts.get('image/png')).toBe(png.toString())
    expect(mail!.raw).toMatch(/multipart\/related/)
    expect(mail!.raw).toMatch(/Content-Id: <chart-0@probity>/i)
    expect(mail!.raw).toMatch(/Content-Disposition: inline/i)
    // So that a mail server can drop the copy.
    expect(again!.headers.get('message-id')).toEqual(mail!.headers.get('message-id'))
  })

  it('is a text in Slack, with a link', async () => {
    const peer = await startSlackPeer()
    const channel = createSlackChannel(
      { type: 'slack', webhook_url: `${peer.url}${slackPath}` },
      channelDependencies(),
    )
    await channel.sendReport!(report, signal)
    const body = peer.received[0]!.body
    expect(body).toContain('weekly: 2026-W44: 2 vendors &lt;1 below its promise&gt;')
    expect(body).toContain('|Report>')
    expect(body).not.toContain('more lines')
  })

  it('is cut at a line where Slack would not take it', async () => {
    const peer = await startSlackPeer()
    const channel = createSlackChannel(
      { type: 'slack', webhook_url: `${peer.url}${slackPath}` },
      channelDependencies(),
    )
    await channel.sendReport!({ ...report, text: 'x < y & z > v\n'.repeat(5000) }, signal)
    const { attachments } = JSON.parse(peer.received[0]!.body) as {
      attachments: { blocks: { text: { text: string } }[] }[]
    }
    const texts = attachments[0]!.blocks.map(({ text }) => text.text)
    expect(texts).toHaveLength(5)
    const shown = texts.join('').match(/x &lt; y &amp; z &gt; v\n/g)!.length
    expect(texts[4]).toContain(`${5000 - shown} more lines`)
  })

  it('is JSON for a webhook, also where alerts have a body that somebody wrote', async () => {
    const peer = await startHttpPeer(() => ({ status: 200 }))
    const settings = webhookSettings.parse({
      type: 'webhook',
      url: `${peer.url}/hook`,
      body: 'text',
      secret: 'k3y',
      headers: { 'X-Team': 'shop' },
    })
    await createWebhookChannel(settings, channelDependencies()).sendReport!(report, signal)
    const [{ headers, body }] = peer.received as [(typeof peer.received)[number]]
    expect(JSON.parse(body)).toEqual(report.report)
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-team': 'shop' })
    expect(headers['x-probity-signature']).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/)
  })

  it('that is refused can be sent again later', async () => {
    const peer = await startHttpPeer(() => ({ status: 503 }))
    const settings = webhookSettings.parse({ type: 'webhook', url: `${peer.url}/hook` })
    const channel = createWebhookChannel(settings, channelDependencies())
    expect(await failureOf(channel.sendReport!(report, signal))).toMatchObject({ retry: true })
  })

  it('can be sent by the kinds that say so', () => {
    const able = Object.entries(channelTypes).filter(([, type]) => 'reports' in type && type.reports)
    expect(able.map(([name]) => name)).toEqual(['email', 'slack', 'webhook'])
  })
})
