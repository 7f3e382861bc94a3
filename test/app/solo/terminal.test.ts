import { describe, expect, it } from 'vitest'
import type { HeartbeatResult } from '../../../src/checks/heartbeat/result.ts'
import type { Solo } from '../../../src/app/solo/solo.ts'
import type { Health } from '../../../src/alerts/evaluator/watched-target.ts'
import { printedAlerts, printedChanges } from '../../../src/app/solo/terminal.ts'
import { tableOf, watchTable } from '../../../src/app/solo/watch.ts'
import { callsStatus, noCalls } from '../../../src/web/status/calls.ts'
import { aCallTarget } from '../../calls/support/calls.ts'
import { aResult, aTarget } from '../../support/target.ts'

const now = new Date(2026, 10, 20, 9, 5, 7).getTime()
const failed = aResult({
  success: false,
  failure: { reason: 'status', message: 'expected 200-299, got 503 for key-12345\u001b[31m' },
})

function terminal() {
  const lines: string[] = []
  return { lines, options: { write: (text: string) => void lines.push(text), now: () => now } }
}

describe('the terminal of probity solo', () => {
  it('has one line per change of state, without secrets and without colours of others', () => {
    const { lines, options } = terminal()
    const { checked } = printedChanges(options)
    const shop = aTarget({ secrets: ['key-12345'] })
    const story: [result: typeof failed, health: Health][] = [
      [aResult(), 'up'],
      [aResult({ durationSeconds: 3 }), 'degraded'],
      [failed, 'degraded'],
      [failed, 'degraded'],
      [failed, 'down'],
      [failed, 'down'],
      [aResult(), 'up'],
    ]
    for (const [result, health] of story) checked(shop, result, health)
    expect(lines).toEqual([
      '09:05:07  ✓ up       shop  125 ms\n',
      '09:05:07  ! failing  shop  status: expected 200-299, got 503 for <secret>\n',
      '09:05:07  ✗ down     shop  status: expected 200-299, got 503 for <secret>\n',
      '09:05:07  ✓ up       shop  125 ms\n',
    ])
  })

  it('says of a job when it called, not how long it took to judge', () => {
    const { lines, options } = terminal()
    const { checked } = printedChanges(options)
    const waiting = { waitingSince: 1000, period: 60, grace: 0, needsToken: false }
    const job = (heartbeat: HeartbeatResult) =>
      aResult({ startedAt: new Date(1_030_000), durationSeconds: 0, heartbeat })
    const backup = aTarget({ name: 'backup' })
    checked(backup, job(waiting), 'up')
    checked(backup, job({ ...waiting, lastSuccess: 1010 }), 'up')
    expect(lines).toEqual([
      '09:05:07  · pending  backup  waiting for the first call\n',
      '09:05:07  ✓ up       backup  last call 20s ago\n',
    ])
  })

  it('says of a target that is judged on calls alone that it waits, and when the first one arrives', () => {
    const { lines, options } = terminal()
    const { awaited, called } = printedChanges(options)
    awaited(['charges', 'refunds'])
    called('charges', { durationSeconds: 0.12 })
    called('charges', { durationSeconds: 5, error: 'timeout' })
    // Another configuration.
    awaited(['charges', 'refunds', 'payouts'])
    called('payouts', { durationSeconds: 5, error: 'ETIMEDOUT\u001b[31m' })
    expect(lines).toEqual([
      '09:05:07  · pending  charges  waiting for the first call\n',
      '09:05:07  · pending  refunds  waiting for the first call\n',
      '09:05:07  ✓ called   charges  first call: 120 ms\n',
      '09:05:07  · pending  payouts  waiting for the first call\n',
      '09:05:07  ✓ called   payouts  first call: failed after 5000 ms, ETIMEDOUT\n',
    ])
  })

  it('says of an alert what it is about, and that it is over', () => {
    const { lines, options } = terminal()
    const log = printedAlerts(options)
    const alert = { alertname: 'TargetDown', target: 'shop', summary: 'shop has failed' }
    log.write(`${JSON.stringify({ ...alert, status: 'firing' })}\n`)
    log.write(`${JSON.stringify({ ...alert, status: 'resolved' })}\n`)
    expect(lines).toEqual([
      '09:05:07  ALERT TargetDown: shop has failed\n',
      '09:05:07  resolved: TargetDown of shop is over\n',
    ])
  })
})

const fine = aTarget({ name: 'fine' })
const down = aTarget({ name: 'down' })
const fresh = aTarget({ name: 'fresh' })

const ofCalls = callsStatus(
  aCallTarget('any', { host: 'pay' }),
  noCalls.of(aCallTarget('any', { host: 'pay' })),
)

const solo: Solo = {
  url: 'http://127.0.0.1:9740',
  watched: () => [],
  targets: () => [fine, fresh, down],
  last: (target) =>
    target === fresh
      ? undefined
      : {
          target,
          result: { ...(target === down ? failed : aResult()), startedAt: new Date(now - 12_000) },
          timeoutSeconds: 10,
          log: { lines: [] },
        },
  health: (target) => (target === down ? 'down' : 'up'),
  calls: () => [
    { ...ofCalls, name: 'unseen', state: 'unseen' },
    {
      ...ofCalls,
      name: 'called',
      state: 'failing',
      lastCallAt: new Date(now - 3000),
      recent: { calls: 40, errors: 2, unknown: 0, overLimit: 0, p95Seconds: 0.2 },
    },
  ],
  notified: () => [],
  reload: () => Promise.resolve(),
  stop: () => Promise.resolve(),
}

describe('probity solo --watch', () => {
  it('shows every target, those first that need somebody', () => {
    expect(tableOf(solo, now)).toEqual([
      'Probity: 5 targets, http://127.0.0.1:9740/',
      'down    down      12 s ago  status: expected 200-299, got 503 for key-12345',
      'called  failing    3 s ago  40 calls in 10 min, 2 errors, p95 200 ms',
      'fresh   not yet             ',
      'unseen  unseen              waiting for the first call',
      'fine    up        12 s ago  125 ms',
    ])
  })

  it('fits the screen, and keeps the latest notes below', () => {
    let drawn = ''
    const table = watchTable(
      { write: (text) => (drawn = text), rows: 5, columns: 20 },
      { now: () => now, monotonic: () => 0 },
    )
    table.note('an alert\n')
    table.start(solo)
    table.stop()
    const lines = drawn.split('\n').slice(0, -1)
    expect(lines).toHaveLength(3)
    expect(lines.at(-1)).toContain('an alert')
    // The sequences that move the cursor take no room.
    expect(lines.every((line) => line.replace(/\u001b\[[A-Z]/g, '').length <= 20)).toBe(true)
  })
})
