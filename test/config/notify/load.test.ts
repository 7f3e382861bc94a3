import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseNotify } from '../../../src/config/notify/load.ts'
import type { ChannelTypes, NotifyConfig } from '../../../src/config/notify/notify.ts'
import { plansFor } from '../../../src/config/notify/routing.ts'
import { link } from '../../../src/settings/values/scalars.ts'
import { keys } from '../../../src/settings/values/value.ts'

const types: ChannelTypes = {
  slack: { schema: keys({ type: z.literal('slack'), webhook_url: link }), native: () => true },
  sms: {
    schema: keys({ type: z.literal('sms'), to: z.string(), from: z.string().optional() }),
    native: () => false,
  },
  command: { schema: keys({ type: z.literal('command'), command: z.string() }), native: () => false },
}

function load(text: string, env: Record<string, string> = {}): NotifyConfig {
  const sources = {
    sources: [{ file: 'notify.yml', text }],
    directory: '/nowhere',
    files: ['/nowhere/notify.yml'],
  }
  return parseNotify(sources, { env, types })
}

function mistakes(text: string): string[] {
  try {
    load(text)
  } catch (error) {
    return (error as Error).message.split('\n')
  }
  return []
}

const all = `
channels:
  chat: { type: slack, webhook_url: "\${SLACK_WEBHOOK_URL}" }
  phone: { type: sms, to: "+1", from: "\${SMS_FROM:-}", delivery: { per_minute: 5, give_up_after: 10m } }
  page: { type: slack, webhook_url: https://pager.example, via: probity }
  fix: { type: command, command: 'restart "\${NAME}"' }
routes:
  - { channels: [chat, fix] }
  - match: { severity: critical, team: "~shop|pay" }
    channels: [phone, chat]
    repeat: exponential
    quiet_hours: { from: "22:00", to: "07:00", timezone: Europe/Berlin, except: critical }
  - match: ['severity!="critical"', vendor=~"a.*"]
    channels: log
    repeat: 1h
`

describe('notify.yml', () => {
  it('gives channels, what is left out, and routes', () => {
    const { channels, leftOut, routes } = load(all)
    expect(channels.map(({ name, native }) => `${name} ${native}`)).toEqual([
      'phone false',
      'page false',
      'fix false',
    ])
    expect(leftOut).toEqual([{ name: 'chat', type: 'slack', reason: 'SLACK_WEBHOOK_URL is not set' }])
    expect(channels[0]).toMatchObject({
      settings: { type: 'sms', to: '+1' },
      delivery: { concurrency: 4, perMinute: 5, giveUpAfter: 600, maxAttempts: 100 },
    })
    expect(routes[1]).toMatchObject({
      repeat: { kind: 'exponential' },
      quietHours: { from: 1320, to: 420, timezone: 'Europe/Berlin', except: ['critical'] },
    })
  })

  it('needs no more than the variable for a channel to be there', () => {
    const { channels, leftOut } = load(all, { SLACK_WEBHOOK_URL: 'https://hooks.example/abc' })
    expect(leftOut).toEqual([])
    expect(channels[0]).toMatchObject({
      name: 'chat',
      native: true,
      settings: { type: 'slack', webhook_url: 'https://hooks.example/abc' },
      secrets: ['https://hooks.example/abc'],
    })
  })

  it('takes an empty variable and a missing secret file for not set', () => {
    expect(load(all, { SLACK_WEBHOOK_URL: '' }).leftOut).toHaveLength(1)
    const { leftOut } = load('channels: { chat: { type: slack, webhook_url: "${file:gone}" } }')
    expect(leftOut[0]?.reason).toBe('the secret file gone cannot be read: no such file')
  })

  it('leaves alone what a shell runs', () => {
    expect(load(all).channels[2]?.settings).toEqual({ type: 'command', command: 'restart "${NAME}"' })
  })

  it('reads after, and unless with it', () => {
    const text = (keys: string): string => `routes: [{ channels: log, ${keys} }]`
    expect(load(text('after: 15m')).routes).toMatchObject([{ after: 900 }])
    expect(load(text('after: 15m, unless: acknowledged')).routes).toMatchObject([{ after: 900 }])
    const problemsOf = (keys: string) => () => load(text(keys))
    expect(problemsOf('unless: acknowledged')).toThrow('routes[0].unless: needs after')
    expect(problemsOf('after: 15m, unless: silenced')).toThrow('routes[0].unless: ')
    expect(problemsOf('after: 8d')).toThrow('routes[0].after: ')
    expect(problemsOf('after: soon')).toThrow('routes[0].after: "soon" is not a valid duration')
  })

  it.each(['', '# nothing yet\n', 'channels:\nroutes:\n', 'channels: { log: { type: log } }'])(
    'may be %p',
    (text) => {
      expect(load(text)).toMatchObject({ channels: [], leftOut: [], routes: [] })
    },
  )

  it('sends the reader to the file where targets belong', () => {
    expect(mistakes('targets: [https://example.com]')).toEqual([
      'notify.yml:1:1 targets: belongs in targets.yml, which --config.file names',
    ])
  })

  it('reports everything that is wrong at once, with its place', () => {
    expect(
      mistakes(`chanels: {}
channels:
  chat: { type: slak, webhook_url: https://x.example }
  two: { type: slack, webhok_url: "\${NOT_SET}" }
  three: { type: sms, to: "+1", delivery: { concurrency: 0 } }
  log: { type: slack }
  four: { type: slack, webhook_url: "\${" }
routes:
  - { match: { severity: "~(" }, channels: [caht], repeat: sometimes }
  - { channels: two, quiet_hours: { from: "25:00", to: "07:00", timezone: Berlin } }
`),
    ).toEqual([
      'notify.yml:1:1 chanels: unknown key (did you mean channels?)',
      'notify.yml:3:17 channels.chat.type: there is no type "slak": expected one of slack, sms, command (did you mean slack?)',
      'notify.yml:4:8 channels.two.webhook_url: is missing',
      'notify.yml:4:23 channels.two.webhok_url: unknown key (did you mean webhook_url?)',
      'notify.yml:5:58 channels.three.delivery.concurrency: 0 is not a whole number from 1 to 100',
      'notify.yml:6:3 channels.log: the alerts log is always there: write { type: log }, or leave it out',
      expect.stringContaining('channels.four.webhook_url: a "${" starts ${NAME}'),
      'notify.yml:9:14 routes[0].match: the value of severity is not a valid RE2 regex: missing closing )',
      expect.stringContaining('routes[0].channels[0]: there is no channel "caht" (did you mean chat?)'),
      expect.stringContaining('routes[0].repeat: "sometimes" is not a valid repeat'),
      expect.stringContaining('routes[1].quiet_hours.from: "25:00" is not a valid time of day'),
      expect.stringContaining('routes[1].quiet_hours.timezone: "Berlin" is not a valid time zone'),
    ])
  })
})

describe('routing', () => {
  const config = load(all, { SLACK_WEBHOOK_URL: 'https://hooks.example/abc' })
  const channels = (labels: Record<string, string>) =>
    plansFor(config, labels).map(({ channel, repeat }) => `${channel} ${JSON.stringify(repeat)}`)

  it.each<[Record<string, string>, string[]]>([
    [
      { severity: 'warning' },
      ['chat {"kind":"every","seconds":14400}', 'fix {"kind":"every","seconds":14400}'],
    ],
    [
      { severity: 'critical', team: 'pay' },
      [
        'chat {"kind":"every","seconds":3600}',
        'fix {"kind":"every","seconds":3600}',
        'phone {"kind":"exponential"}',
      ],
    ],
    [{ notify: 'phone,log,phone', severity: 'info' }, ['phone {"kind":"every","seconds":14400}']],
    [{ notify: 'phone', repeat: '5' }, ['phone {"kind":"checks","checks":5}']],
  ])('of %j', (labels, expected) => {
    expect(channels(labels)).toEqual(expected)
  })

  it('sends ProberNetworkDown wherever an alert that it holds back might have gone, in the manner of that route', () => {
    const guarded = load(`
channels:
  shop: { type: slack, webhook_url: https://shop.example }
  slow: { type: slack, webhook_url: https://slow.example }
  there: { type: slack, webhook_url: https://there.example }
  certificates: { type: slack, webhook_url: https://certificates.example }
  self: { type: slack, webhook_url: https://self.example }
  named: { type: sms, to: "+1" }
routes:
  - { match: { team: shop, severity: info }, channels: shop, repeat: 2h }
  - { match: { alertname: TargetSlow, severity: warning }, channels: slow }
  - { match: { vendor: acme, location: there }, channels: there }
  - { match: { alertname: CertificateExpiring }, channels: certificates }
  - { match: { alertname: TargetSlow, severity: critical }, channels: certificates }
  - { match: ['target=""', 'severity="warning"'], channels: self }
`)
    const labels = { alertname: 'ProberNetworkDown', severity: 'critical' }
    const names = (location: string) =>
      plansFor(guarded, { ...labels, location }).map(({ channel }) => channel)
    expect(names('here')).toEqual(['shop', 'slow', 'named'])
    expect(names('there')).toEqual(['shop', 'slow', 'there', 'named'])
    expect(plansFor(guarded, labels)[0]).toEqual({
      channel: 'shop',
      repeat: { kind: 'every', seconds: 7200 },
    })
    expect(plansFor(guarded, { ...labels, alertname: 'ExporterDown' })).toEqual([])
  })

  it('sends to nobody but the log where no route matches', () => {
    expect(plansFor(load('routes: [{ match: { a: b }, channels: log }]'), { a: 'c' })).toEqual([])
  })
})
