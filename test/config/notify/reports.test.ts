import { describe, expect, it } from 'vitest'
import { notifyTypes } from '../../../src/app/channels.ts'
import { parseNotify } from '../../../src/config/notify/load.ts'
import type { ReportDefinition } from '../../../src/config/notify/notify.ts'

const channels = `channels:
  mail: { type: email, from: a@b.example, to: c@d.example, smtp_host: mail.example }
  hook: { type: webhook, url: "https://hook.example" }
  chat: { type: slack, webhook_url: "\${SLACK}" }
  page: { type: ntfy, topic: t }
`

function reportsOf(text: string): readonly ReportDefinition[] | undefined {
  const sources = {
    sources: [{ file: 'notify.yml', text: channels + text }],
    directory: '/etc/probity',
    files: [],
  }
  return parseNotify(sources, { env: {}, types: notifyTypes }).reports
}

function mistakes(text: string): string[] {
  try {
    reportsOf(text)
  } catch (error) {
    return (error as Error).message.split('\n').map((line) => line.replace(/^notify.yml:\d+:\d+ /, ''))
  }
  return []
}

describe('reports: of notify.yml', () => {
  it('say when, about what, and to whom', () => {
    const [weekly, daily, left] = reportsOf(`reports:
  weekly: { every: weekly, timezone: Europe/Berlin, match: { vendor: "~stripe|twilio" }, channels: [mail, hook] }
  daily: { schedule: "0 8 * * 1-5", channels: mail, folder: reports }
  left_out: { every: monthly, channels: chat, folder: /srv/reports }
`)!
    expect(weekly).toMatchObject({
      name: 'weekly',
      when: 'weekly',
      timezone: 'Europe/Berlin',
      channels: ['mail', 'hook'],
    })
    expect(weekly!.matchers[0]!.matches({ vendor: 'twilio' })).toBe(true)
    expect(daily).toEqual({
      name: 'daily',
      when: { cron: '0 8 * * 1-5', timezone: 'UTC' },
      timezone: 'UTC',
      matchers: [],
      channels: ['mail'],
      folder: '/etc/probity/reports',
    })
    expect(left).toMatchObject({ channels: ['chat'], folder: '/srv/reports' })
  })

  it.each(['', 'reports:', 'reports: {}'])('are not needed: %j', (text) => {
    expect(reportsOf(text)).toBeUndefined()
  })

  it.each([
    ['reports: [weekly]', 'reports: expected a mapping of report names, got a list'],
    ['reports: { a b: { every: weekly, folder: x } }', 'reports["a b"]: is not a valid report name'],
    ['reports: { w: { channels: mail } }', 'reports.w: needs every: weekly or monthly, or a schedule'],
    ['reports: { w: { every: weekly } }', 'reports.w: is sent nowhere: write channels: or folder:'],
    [
      'reports: { w: { every: weekly, schedule: "0 1 * * *", folder: x } }',
      'reports.w.schedule: cannot be used with every: keep one of them',
    ],
    [
      'reports: { w: { every: daily, folder: x } }',
      'reports.w.every: expected weekly or monthly, got "daily"',
    ],
    [
      'reports: { w: { schedule: "61 * * * *", folder: x } }',
      'reports.w.schedule: "61 * * * *" is not a valid',
    ],
    [
      'reports: { w: { every: weekly, channels: [mial] } }',
      'there is no channel "mial" (did you mean mail?)',
    ],
    [
      'reports: { w: { every: weekly, channels: [mail, page] } }',
      'reports.w.channels[1]: the channel "page" has the type ntfy, which cannot send reports: expected one of type email, slack, webhook',
    ],
    ['reports: { w: { every: weekly, folder: x, target: a } }', 'reports.w.target: unknown key'],
  ])('have mistakes that are reported with their place: %s', (text, message) => {
    expect(mistakes(text).join('\n')).toContain(message)
  })
})
