import { describe, expect, it } from 'vitest'
import { printProbe, printProbeJson } from '../../../src/commands/probe/print.ts'
import { checkOf } from '../../support/checks.ts'
import { aResult, aTarget } from '../../support/target.ts'

const day = 86_400
const leaf = {
  subject: 'CN=shop.example',
  issuer: 'CN=Some CA',
  subjectAlternative: 'shop.example',
  serialNumber: '0a',
  fingerprintSha256: 'ff',
  notBefore: 0,
  notAfter: 0,
}

describe('the report of a probe', () => {
  it('says what was seen and draws where the time went', () => {
    const result = aResult({ phases: { resolve: 0.025, connect: 0.025, processing: 0.025, transfer: 0.025 } })
    expect(printProbe({ target: aTarget(), result, lines: [] })).toBe(`\
shop  ✓ as expected  125 ms
  http://127.0.0.1:1/

  response     HTTP/1.1 200 from 127.0.0.1, 512 bytes
  latency      125 ms, within the expected 1000 ms
  resolve          25 ms  ██████████
  connect          25 ms            ██████████
  processing       25 ms                      ██████████
  transfer         25 ms                                ██████████
`)
  })

  it('leads with what was expected when it was not met, and leaves out what was not reached', () => {
    const failure = { reason: 'dns', message: 'shop.example has no address (ENOTFOUND)' } as const
    const { startedAt } = aResult()
    const result = { startedAt, durationSeconds: 0.004, success: false, failure, phases: { resolve: 0.004 } }
    expect(printProbe({ target: aTarget(), result, lines: [] })).toBe(`\
shop  ✗ not as expected  4.0 ms
  http://127.0.0.1:1/
  dns: shop.example has no address (ENOTFOUND)

  resolve         4.0 ms  ████████████████████████████████████████
`)
  })

  it.each([
    { days: 30.5, verified: true, words: 'CN=shop.example, 30 days left' },
    { days: 3.5, verified: true, words: 'CN=shop.example, 3 days left, expected at least 14' },
    {
      days: -2,
      verified: false,
      words: 'CN=shop.example, expired 2 days ago, expected at least 14, NOT verified',
    },
  ])('reports a certificate with $days days left', ({ days, verified, words }) => {
    const earliestExpiry = aResult().startedAt.getTime() / 1000 + days * day
    const tls = { version: 'TLS 1.3', cipher: 'X', chain: [leaf], verified, earliestExpiry }
    const text = printProbe({ target: aTarget(), result: aResult({ tls }), lines: [] })
    expect(text).toContain(`  certificate  ${words}\n`)
    expect(text).toContain('  tls          TLS 1.3, X, issued by CN=Some CA\n')
  })

  it('keeps phases of no time within the picture', () => {
    const result = aResult({ phases: { resolve: 0, connect: 0, processing: 0, transfer: 0 } })
    const bars = printProbe({ target: aTarget(), result, lines: [] }).match(/█/g)
    expect(bars).toHaveLength(4)
  })

  it('shows no secret, in words or as JSON', () => {
    const failure = { reason: 'body', message: 'saw token-12345' } as const
    const report = {
      target: aTarget({ secrets: ['token-12345'] }),
      result: aResult({ success: false, failure }),
      lines: [],
    }
    expect(printProbe(report)).not.toContain('token-12345')
    const json = printProbeJson(report)
    expect(json).not.toContain('token-12345')
    expect(JSON.parse(json)).toMatchObject({
      target: 'shop',
      startedAt: '2026-11-20T12:00:00.250Z',
      success: false,
      failure: { reason: 'body', message: 'saw <secret>' },
    })
  })
})

describe('the report of a transaction', () => {
  it('says what became of each step', () => {
    const failure = { reason: 'status', message: 'step order: expected 201, got 500 (not run: pay)' } as const
    const steps = [
      { name: 'login', outcome: 'succeeded', durationSeconds: 0.05, statusCode: 200 },
      { name: 'order', outcome: 'failed', durationSeconds: 0.075, statusCode: 500, failure },
      { name: 'pay', outcome: 'blocked' },
      { name: 'cancel-the-order', outcome: 'skipped', missing: ['id'] },
    ] as const
    const result = aResult({ success: false, failure, steps })
    const check = checkOf('transaction', { steps: [{ name: 'login', url: 'http://127.0.0.1:1/' }] })
    expect(printProbe({ target: aTarget({ check }), result, lines: [] })).toContain(`\
  status: step order: expected 201, got 500 (not run: pay)

  login            ✓ 50 ms 200
  order            ✗ 75 ms status
  pay              not run
  cancel-the-order not run, id never captured
  response         HTTP/1.1 200 from 127.0.0.1, 512 bytes
`)
  })
})
