import { describe, expect, it } from 'vitest'
import { summarize } from '../../../src/commands/check/check.ts'
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

  it('counts one as one', () => {
    expect(summarize('a', parse('targets: [https://example.com/]'))).toContain(
      'a: valid, 1 target, 0 modules',
    )
  })
})
