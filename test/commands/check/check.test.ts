import { describe, expect, it } from 'vitest'
import { summarize } from '../../../src/commands/check/check.ts'
import { summarizeNotify } from '../../../src/commands/check/notify-summary.ts'
import { parse } from '../../support/parse-config.ts'

describe('the summary of probity check', () => {
  it('says of each target what is done, those that are judged on calls only as well', () => {
    const config = parse(`
targets:
  - https://example.com/
  - { name: shop, url: "http://shop.example.com/", interval: 1m, alert_after: off }
  - { name: invoices, calls: { method: POST, operation: ^invoice } }
  - { name: disk, command: df, calls: { host: disk } }
`)
    expect(summarize('targets.yml', config)).toBe(`\
targets.yml: valid, 4 targets, 0 modules, 0 vendors
  https://example.com/  http  every 30s  alert after 1m15s of failing
  shop                  http  http://shop.example.com/  every 1m  never down, regardless of its checks
  disk                  command  every 30s  alert after 1m15s of failing
  invoices              calls  method POST, operation ^invoice
`)
  })

  it('says half a second as people do', () => {
    const config = parse(
      'targets: [{ name: shop, url: "http://a.example/", interval: 5s, timeout: 2s500ms }]',
    )
    expect(summarize('a', config)).toContain('every 5s  alert after 12.5s of failing\n')
  })

  it('says what is paused', () => {
    const config = parse(`
targets:
  - { name: shop, url: "http://shop.example.com/", enabled: false }
  - { name: blog, url: "http://blog.example.com/" }
  - { name: pay, calls: { host: pay }, enabled: false }
`)
    expect(summarize('a', config)).toBe(`\
a: valid, 3 targets, 0 modules, 0 vendors
  shop  http  http://shop.example.com/  every 30s  paused
  blog  http  http://blog.example.com/  every 30s  alert after 1m15s of failing
  pay   calls  host pay  paused
`)
  })

  it('shows what would turn the direction of the text', () => {
    const config = parse('targets: [{ name: "a\\u202eb", url: "http://127.0.0.1/" }]')
    expect(summarize('a', config)).toContain('  a\\u202eb  http')
  })

  it('counts one as one', () => {
    expect(summarize('a', parse('targets: [https://example.com/]'))).toContain(
      'a: valid, 1 target, 0 modules',
    )
  })
})

describe('the summary of notify.yml', () => {
  const channel = (name: string) => ({
    name,
    type: 'webhook',
    settings: {},
    delivery: { concurrency: 4, perMinute: 60, giveUpAfter: 3600, maxAttempts: 100 },
    native: false,
    secrets: [],
  })
  const note = (name: string): string =>
    `  note: ${name} gets no notifications: name it in a route, or in notify: of a target\n`

  it('says which channels nobody is notified through', () => {
    const config = parse(`
targets:
  - { name: a, url: "http://127.0.0.1/", notify: [by-target, log] }
  - { name: b, calls: { host: b.example }, notify: by-calls }
web: { public: [{ path: /status/a, targets: a, subscribe: { channel: by-page } }] }
`)
    const names = ['by-route', 'by-target', 'by-calls', 'by-report', 'by-page', 'forgotten']
    const channels = names.map(channel)
    const routes = [{ matchers: [], channels: ['by-route'] }]
    const report = {
      name: 'r',
      when: 'weekly',
      timezone: 'UTC',
      matchers: [],
      channels: ['by-report'],
    } as const
    const notify = { channels, leftOut: [], routes, reports: [report], files: [] }
    const text = summarizeNotify('notify.yml', notify, config)
    expect(text.match(/.*gets no notifications.*\n/g)).toEqual([note('forgotten')])
  })
})
