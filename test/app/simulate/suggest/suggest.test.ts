import { execFile } from 'node:child_process'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import type { PastCheck } from '../../../../src/alerts/replay/past-check.ts'
import { simulate } from '../../../../src/app/simulate/simulate.ts'
import { makePatch } from '../../../../src/app/simulate/suggest/patch.ts'
import { asJson, asText } from '../../../../src/app/simulate/suggest/formats.ts'
import { suggest } from '../../../../src/app/simulate/suggest/suggest.ts'
import { loadConfig, parseConfig } from '../../../../src/config/load/load.ts'
import { readTargetSources } from '../../../../src/settings/sources.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

const run = promisify(execFile)
/** Unix seconds. */
const end = Date.parse('2026-11-29T12:00:00Z') / 1000
const days = 30

const targetsFile = `# What we watch.
defaults:
  interval: 2m

targets:
  # Fails twice in a row now and then, which nobody can do anything about; the outages are longer.
  - name: shop
    url: http://127.0.0.1:1/shop   # the API
    alert_after: 2
    expect: { status: 200 }

  # Slow on weekdays; the limit is below that.
  - name: search
    url: http://127.0.0.1:1/search
    expect:
      # somebody guessed
      max_latency: 500ms

  - { name: lax, url: http://127.0.0.1:1/lax, expect: { max_latency: 8s } }
  - name: flaky
    url: http://127.0.0.1:1/flaky
    alert_after: 5
    expect:
      max_error_rate: 2%
  - http://127.0.0.1:1/fine
  - http://127.0.0.1:1/new
`

interface Moment {
  readonly seconds?: number
  readonly fails?: boolean
}

/** What the check of a target comes to that begins so many minutes into the month. */
const stories: Readonly<Record<string, (minute: number) => Moment>> = {
  // An outage of 40 minutes a week, and every other day two checks fail in a row.
  shop: (minute) => {
    const isOut = minute % 10_080 >= 5000 && minute % 10_080 < 5040
    const blips = minute % 2880 >= 1000 && minute % 2880 < 1004
    return { fails: isOut || blips }
  },
  search: (minute) => ({ seconds: minute % 1440 < 480 ? 0.56 + 0.04 * Math.sin(minute) : 0.2 }),
  // Three slow hours that a limit of eight seconds does not notice.
  lax: (minute) => ({ seconds: minute % 10_080 >= 3000 && minute % 10_080 < 3060 ? 2.5 : 0.3 }),
  flaky: (minute) => ({ fails: (minute * 7919) % 1000 < 90 }),
  'http://127.0.0.1:1/fine': () => ({}),
  'http://127.0.0.1:1/new': () => ({}),
}

/** The checks of all targets, in the order in which they ended. */
async function* month(): AsyncGenerator<readonly PastCheck[]> {
  for (let minute = 0; minute < days * 1440; minute += 2) {
    const at = end - (days * 1440 - minute) * 60
    const checks = Object.entries(stories).map(([target, story]): PastCheck => {
      const { seconds = 0.2, fails = false } = story(minute)
      const failure = { reason: 'status', message: 'expected 2xx, got 503' }
      return { target, location: 'here', at, durationSeconds: seconds, ...(fails && { failure }) }
    })
    const made = checks.filter(({ target }) => !target.endsWith('new') || minute >= 27 * 1440)
    made.sort((a, b) => a.durationSeconds - b.durationSeconds)
    yield await Promise.resolve(made)
  }
}

it('what is suggested has the false alarms and delays that a simulation of the patched file measures', async () => {
  const folder = await tempFolder()
  const path = join(folder, 'targets.yml')
  await writeFile(path, targetsFile)
  const env = {}
  const sources = await readTargetSources(path)
  const config = parseConfig(sources, { env, origins: true })
  const range = { from: end - days * 86_400, to: end }

  const result = await suggest({ config, past: { ...range, checks: month }, short: 300 })
  expect(result.suggestions.map(({ target, proposal }) => [target, proposal])).toEqual([
    ['shop', { alertAfter: 3 }],
    ['search', { maxLatency: 1.5 }],
    ['lax', { maxLatency: 0.6 }],
    ['flaky', { maxErrorRatio: 0.3 }],
  ])
  expect(result.asGood).toEqual(['http://127.0.0.1:1/fine'])
  expect(result.tooThin).toEqual([
    { target: 'http://127.0.0.1:1/new', days: expect.closeTo(3, 1) as number, checks: 2160 },
  ])

  const { text, left } = makePatch({
    config,
    sources: sources.sources,
    suggestions: result.suggestions,
    read: (edited) => parseConfig({ ...sources, sources: edited }, { env }),
    folder,
  })
  expect(left).toEqual([])
  await writeFile(join(folder, 'suggested.patch'), text)
  await copyFile(path, join(folder, 'current.yml'))
  await run('patch', ['-p0', '--fuzz=0', '-i', 'suggested.patch'], { cwd: folder })
  const patched = await readFile(path, 'utf8')
  const withoutValues = (file: string): string[] =>
    file.split('\n').filter((line) => !/alert_after|max_latency|max_error_rate/.test(line))
  expect(withoutValues(patched).join('\n')).toBe(withoutValues(targetsFile).join('\n'))

  const simulated = await simulate({
    candidates: [
      { name: 'current.yml', config: await loadConfig(join(folder, 'current.yml'), { env }) },
      { name: 'targets.yml', config: await loadConfig(path, { env }) },
    ],
    ...range,
    short: 300,
    checks: month(),
  })
  const [before, after] = simulated.played.map(
    ({ verdicts }) => new Map(verdicts.map((verdict) => [verdict.target, verdict])),
  )
  for (const { target, today, suggested } of result.suggestions) {
    expect(today).toEqual(before!.get(target))
    expect(suggested).toEqual(after!.get(target))
  }

  const shown = { result, config, left }
  expect(asText(shown)).toMatchInlineSnapshot(`
    "From 2026-10-30 12:00:00 UTC to 2026-11-29 12:00:00 UTC: 110,160 checks.

    Suggestions
      target  key                    today  suggested
      shop    alert_after            2      3
      search  expect.max_latency     500ms  1500ms
      lax     expect.max_latency     8s     600ms
      flaky   expect.max_error_rate  2%     30%

    What they change
      target  false alarms a month  missed            median until notified
      shop    15 -> 0               0 of 4            2m -> 4m
      search  30 -> 0               0 of 0            -
      lax     0                     4 of 4 -> 0 of 4  -
      flaky   346 -> 0              0 of 0            -

    Today's values are as good as any that were tried: http://127.0.0.1:1/fine

    Too little past: at least 7 days and 1,000 checks are needed
      target                  days  checks
      http://127.0.0.1:1/new  3.0   2,160

    --patch prints these values as a change of your files: probity suggest --patch | patch -p0

    Judged: TargetDown, TargetErrorRateHigh, TargetSlow, TargetTailSlow, TargetLatencySpike, TargetFlapping, TargetBudgetBurnFast, TargetBudgetBurnSlow, ProberNetworkDown, as \`probity simulate\` plays them. docs/suggest.md says what counts as a false alarm.
    "
  `)
  const json = JSON.parse(asJson(shown)) as { suggestions: { values: unknown; inPatch: boolean }[] }
  expect(json.suggestions.map(({ values, inPatch }) => [values, inPatch])).toEqual([
    [{ alert_after: '3' }, true],
    [{ expect: { max_latency: '1500ms' } }, true],
    [{ expect: { max_latency: '600ms' } }, true],
    [{ expect: { max_error_rate: '30%' } }, true],
  ])
})
