import { describe, expect, it } from 'vitest'
import { Evaluator } from '../../src/alerts/evaluator/evaluator.ts'
import type { Alert } from '../../src/alerts/alert.ts'
import type { PastCheck } from '../../src/alerts/replay/past-check.ts'
import { explainTarget } from '../../src/app/explain/explain.ts'
import { asText } from '../../src/app/explain/formats.ts'
import { simulate } from '../../src/app/simulate/simulate.ts'
import { asText as suggestionsAsText } from '../../src/app/simulate/suggest/formats.ts'
import type { Verdict } from '../../src/alerts/replay/verdicts.ts'
import { writeSimulation } from '../../src/app/simulate/formats.ts'
import { printedAlerts, printedChanges } from '../../src/app/solo/terminal.ts'
import { welcome } from '../../src/app/solo/welcome.ts'
import { decodeDatagram } from 'probity-client/wire'
import { foreignFormats } from '../../src/foreign/index.ts'
import { parseConfig } from '../../src/config/load/load.ts'
import { messageOf } from '../../src/lib/errors.ts'
import { aConfig, aResult, aTarget } from '../support/target.ts'
import { blocksIn } from './support/blocks.ts'
import { recipeNames } from './recipes/page.ts'

/** The blocks of what a program prints, by their pages. Those of recipes are tested there, and `*.mm` in code-blocks.test.ts. */
const printed = blocksIn('').filter(
  ({ page, text }) =>
    !text.startsWith('method ') && !recipeNames.some((name) => page === `docs/recipes/${name}.md`),
)
const shownIn = (page: string): string => printed.find((block) => block.page === page)?.text ?? ''

it('every block of what is printed has a test', () => {
  expect(printed.map(({ page }) => page).sort()).toEqual([
    'README.md',
    // The formats of lines, and test/commands/calls-tail.test.ts.
    ...['docs/calls.md', 'docs/calls.md'],
    'docs/explain.md',
    'docs/simulate.md',
    'docs/solo.md',
    'docs/suggest.md',
    'docs/targets.md',
  ])
})

/** What is told of a target that fails from its `from`th check on, until the alert. */
function firstAlert(from: number, message: string, reason: 'connect' | 'status', name = 'shop'): Alert {
  const target = aTarget({ name, interval: 30, alertAfter: 75 })
  const evaluator = new Evaluator({ location: 'default' })
  evaluator.setTargets({ targets: [target] }, 0)
  for (let check = 0; check < from + 4; check++) {
    const at = 1000 + check * 30
    const result = check < from ? {} : { success: false, failure: { reason, message } }
    const [alert] = evaluator.observe(target, aResult(result), at, at)
    if (alert) return alert
  }
  throw new Error('no alert')
}

it('README.md shows the alert of a target that never worked', () => {
  const { annotations } = firstAlert(0, 'connection refused', 'connect', 'http://localhost:9/')
  expect(shownIn('README.md')).toContain(`"summary":"${annotations.summary ?? ''}"`)
})

it('docs/targets.md shows the mistakes of a file', () => {
  const text = `# Three targets, two mistakes.
targets:
  - https://example.com
  - name: shop
    url: https://shop.example.com/
    tmieout: 5s
  - name: blog
    url: https://blog.example.com/
    expect: { max_latency: 300 }
`
  const read = { sources: [{ file: 'targets.yml', text }], directory: '/', files: [] }
  let mistakes = ''
  try {
    parseConfig(read, { env: {}, foreign: foreignFormats, readSecret: () => '' })
  } catch (error) {
    mistakes = messageOf(error)
  }
  expect(mistakes).toContain(shownIn('docs/targets.md').trim())
})

it('docs/solo.md shows what a terminal shows', () => {
  let screen = ''
  let now = new Date(2026, 10, 20, 12, 0, 3).getTime()
  const options = { write: (text: string) => void (screen += text), now: () => now }
  const shop = aTarget({ name: 'shop' })
  const failure = { reason: 'status' as const, message: 'expected 200-299, got 503' }
  const failed = aResult({ success: false, failure })
  const { checked, awaited, called } = printedChanges(options)
  screen += welcome({ watched: () => ['shop', 'charges'], url: 'http://127.0.0.1:9740', notified: () => [] })
  awaited(['charges'])
  checked(shop, aResult({ durationSeconds: 0.048 }), 'up')
  now += 4000
  called('charges', { durationSeconds: 0.131 })
  now += 326_000
  checked(shop, failed, 'degraded')
  now += 60_000
  checked(shop, failed, 'down')
  const { labels, annotations } = firstAlert(2, failure.message, failure.reason)
  const summary = `${annotations.summary ?? ''} (${failure.message})`
  printedAlerts(options).write(JSON.stringify({ status: 'firing', ...labels, summary }))
  expect(screen).toBe(shownIn('docs/solo.md'))
})

const minute = 60

function past(name: string, location: string, from: number, outcomes: readonly boolean[]): PastCheck[] {
  return outcomes.map((success, index) => ({
    target: name,
    location,
    at: from + index * minute,
    durationSeconds: 0.2,
    ...(!success && { failure: { reason: 'status', message: 'expected 2xx, got 503' } }),
  }))
}

it('docs/explain.md shows why an alert does not fire', async () => {
  const text = `defaults:
  interval: 1m
targets:
  - https://example.com

  - name: shop
    url: https://shop.example.com/
    alert_after: 5m
`
  const read = { sources: [{ file: 'config/targets.yml', text }], directory: '/', files: [] }
  const config = parseConfig(read, { env: {}, foreign: foreignFormats, readSecret: () => '', origins: true })
  const at = Date.parse('2026-11-20T12:00:00Z') / 1000
  const checks = past('shop', 'home', at - 60 * minute, [...Array<boolean>(57).fill(true), false, false, false])
  const explained = await explainTarget(
    {
      ...{ config, target: config.target('shop')!, at },
      channels: () => [{ name: 'slack' }, { name: 'mail' }],
    },
    { read: (range) => Promise.resolve(checks.filter((check) => check.at >= range.from && check.at < range.to)) },
  )
  expect(asText(explained, undefined)).toContain(shownIn('docs/explain.md').trim())
})

/** Minutes of the outages of the example, one every other day. */
const lengths = [1, 4, 2, 30, 3, 1, 4, 44, 2, 4, 3, 1, 29, 2]

it('docs/simulate.md shows what two configurations would have told', async () => {
  const to = Date.parse('2026-11-29T12:00:00Z') / 1000
  const from = to - 30 * 86_400
  const outcomes = Array<boolean>(30 * 1440).fill(true)
  for (const [index, length] of lengths.entries()) outcomes.fill(false, (index + 1) * 2880, (index + 1) * 2880 + length)
  const expectation = { ...aTarget().expect, slo: 0, maxErrorRatio: 1 }
  const shop = aTarget({ name: 'shop', interval: minute, alertAfter: 2.5 * minute, expect: expectation })
  async function* slices(): AsyncGenerator<readonly PastCheck[]> {
    yield await Promise.resolve(past('shop', 'default', from, outcomes))
  }
  const result = await simulate({
    candidates: [
      { name: 'config/targets.yml', config: aConfig([shop]) },
      { name: 'new.yml', config: aConfig([{ ...shop, alertAfter: 5.5 * minute }]) },
    ],
    ...{ from, to, short: 300, checks: slices() },
  })
  expect(writeSimulation.text(result)).toContain(shownIn('docs/simulate.md').trim())
})

it('docs/suggest.md shows what is suggested, and what it changes', () => {
  const to = Date.parse('2026-11-29T12:00:00Z') / 1000
  const noneBy = { outage: 0, slow: 0, failing: 0 }
  const verdict = (target: string, falseAlarms: number, untilNotified?: number): Verdict => ({
    ...{ target, falseAlarms, falseBy: {}, missed: 0, missedBy: noneBy },
    troubles: untilNotified === undefined ? 0 : 4,
    ...(untilNotified !== undefined && { untilNotified }),
  })
  const expectation = { ...aTarget().expect, maxLatency: 0.5, maxErrorRatio: 0.02 }
  const targets = ['shop', 'search', 'flaky'].map((name) =>
    aTarget({ name, interval: minute, alertAfter: 1.5 * minute, expect: expectation }),
  )
  const text = suggestionsAsText({
    config: aConfig(targets),
    left: [],
    result: {
      ...{ from: to - 30 * 86_400, to, checks: 110_160, asGood: ['mail', 'api'] },
      tooThin: [{ target: 'new', days: 3, checks: 2160 }],
      suggestions: [
        {
          ...{ target: 'shop', proposal: { alertAfter: 3 } },
          ...{ today: verdict('shop', 15, 120), suggested: verdict('shop', 0, 240) },
        },
        {
          ...{ target: 'search', proposal: { maxLatency: 1.5 } },
          ...{ today: verdict('search', 30), suggested: verdict('search', 0) },
        },
        {
          ...{ target: 'flaky', proposal: { maxErrorRatio: 0.3 } },
          ...{ today: verdict('flaky', 346), suggested: verdict('flaky', 0) },
        },
      ],
    },
  })
  expect(text).toContain(shownIn('docs/suggest.md').trim())
})

describe('docs/calls.md', () => {
  const values: Readonly<Record<string, string>> = {
    ...{ method: 'GET', host: 'pay.example', path: '/v1', url: 'https://pay.example/v1', ms: '12.5', status: '200' },
    ...{ operation: '', caller: 'shop', version: '1.4.2', error: '' },
  }
  const formats = shownIn('docs/calls.md').trim().split('\n')

  it.each(formats)('shows lines that are read: %s', (format) => {
    const line = format.split(' ').map((word) => values[word] ?? word)
    const { calls } = decodeDatagram(Buffer.from(line.join('\t')))
    expect(calls).toMatchObject([{ wireVersion: Number(format[0]), host: 'pay.example', path: '/v1' }])
  })
})
