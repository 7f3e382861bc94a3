import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import express from 'express'
import { listenHttp, type Listening } from '../../../src/lib/http/listen.ts'
import type { Assets } from '../../../src/web/pages/assets.ts'
import type { FirstSteps } from '../../../src/web/pages/parts/next-steps.ts'
import { statusPages } from '../../../src/web/pages/routes.ts'
import type { HistoryState, StatusSource } from '../../../src/web/status/status.ts'
import { currentAssets } from '../../support/programs/browser-scripts.ts'
import { demoNow, demoStatus } from '../../support/demo-status.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { parseTarget } from '../../support/parse-config.ts'
import { aTarget } from '../../support/target.ts'
import { aPast, aSource, aStore, failedCheck, now, passed } from '../support.ts'

let assets: Assets
let server: Listening | undefined

interface Visit {
  readonly source: StatusSource
  readonly path?: string
  readonly at?: number
  readonly firstSteps?: () => FirstSteps
}

/** The text of a page, without the frame around it. */
async function pageOf({ source, path = '/', at = now, firstSteps }: Visit): Promise<string> {
  const options = { source, now: () => at, assets: () => assets, ...(firstSteps && { firstSteps }) }
  server = await listenHttp(express().use(statusPages(options)), { host: '127.0.0.1', port: 0 })
  const response = await fetch(server.url + path)
  return (await response.text()).replaceAll(server.url, 'http://here')
}

const bars = (page: string): number => [...page.matchAll(/<path class="(?:up|down|degraded)"/g)].length

beforeAll(async () => {
  assets = currentAssets(await tempFolder())
})

afterEach(async () => {
  await server?.stop()
})

describe('in the first hour, the page', () => {
  const target = aTarget()
  const checks = { shop: [passed(60), failedCheck(30), passed(1, { durationSeconds: 3 })] }

  it.each(['/', '/targets/shop'])('%s shows each check at once, and no empty days', async (path) => {
    const page = await pageOf({ source: aSource({ targets: [target], checks }), path })
    expect(bars(page)).toBe(3)
    expect(page).toContain('21 Nov 11:59:30 UTC: failed')
    expect(page).toContain('The last 3 checks: 1 failed, 1 slower than expected')
    expect(page).not.toContain('id="days"')
  })

  it('draws the latency of these checks, where a day has hardly a point', async () => {
    const page = await pageOf({ source: aSource({ targets: [target], checks }) })
    expect(page).toContain('Latency of the last 3 checks: 125 ms to 3.00 s, expected at most')
    expect(page).not.toContain('Latency over 24 hours')
  })

  it('says that the past is missing even if what was asked later was answered in time', async () => {
    const source = aSource({ targets: [target], checks, past: aStore({ shop: aPast() }) })
    let history: HistoryState = 'ready'
    const late: StatusSource = {
      ...source,
      history: () => history,
      target: async (name) => {
        const found = await source.target(name)
        history = 'unavailable'
        return found && { ...found, days: [] }
      },
      series: (...asked) => {
        history = 'ready'
        return source.series(...asked)
      },
    }
    expect(await pageOf({ source: late, path: '/targets/shop' })).toContain('The history cannot be read')
  })

  it('shows days once there are two to compare', async () => {
    const past = aStore({ shop: aPast() })
    expect(await pageOf({ source: aSource({ targets: [target], checks, past }) })).toContain('90 days:')
  })

  it.each([
    ['30s', '1h'],
    ['20m', '24h'],
    ['1d', '7d'],
  ])('opens the chart of a target that is checked every %s on %s', async (interval, range) => {
    const checked = parseTarget(`targets: [{ name: it, url: "http://127.0.0.1:1", interval: ${interval} }]`)
    const source = aSource({ targets: [checked], past: aStore({ it: aPast() }) })
    const page = await pageOf({ source, path: '/targets/it' })
    expect(page).toContain(`<a href="?range=${range}" aria-current="true"`)
  })

  it('begins the chart with the first check, where most of its range has none', async () => {
    const chartFrom = async (minutesAgo: number): Promise<number> => {
      const at = new Date(now - minutesAgo * 60_000)
      const points = [{ at, checks: 1, failures: 0, p50Seconds: 0.1, maxSeconds: 0.1 }]
      const series = () => Promise.resolve({ resolution: 'checks' as const, stepSeconds: 0, points })
      const source = aSource({ targets: [target], past: aStore({ shop: aPast() }, { series }) })
      const page = await pageOf({ source, path: '/targets/shop?range=1h' })
      await server?.stop()
      const from = /&quot;from&quot;:(\d+)/.exec(page)?.[1]
      return (now / 1000 - Number(from)) / 60
    }
    expect(await chartFrom(12)).toBeCloseTo(12, 0)
    // Nor does a single check become an edge.
    expect(await chartFrom(0)).toBeCloseTo(1, 0)
    expect(await chartFrom(40)).toBeCloseTo(60, 0)
  })

  it('speaks of certificates only where there can be one', async () => {
    const port = parseTarget('targets: [{ name: port, tcp: "127.0.0.1:1" }]')
    const pageAfter = (check: ReturnType<typeof passed>): Promise<string> =>
      pageOf({ source: aSource({ targets: [port], checks: { port: [check] } }), path: '/targets/port' })
    expect(await pageAfter(passed(1))).not.toContain('certificate days')
    await server?.stop()
    expect(await pageAfter(failedCheck(1))).toContain('certificate days')
  })

  it('says what to do next until targets and channels are there', async () => {
    const source = aSource({ targets: [target] })
    const steps = (notified: readonly string[] | undefined) => ({
      configFile: 'config/targets.yml',
      notified,
    })
    const none = await pageOf({ source, firstSteps: () => steps([]) })
    expect(none).toMatch(/config\/targets\.yml.*appears here without a restart/)
    expect(none).toMatch(/SLACK_WEBHOOK_URL.*probity notify test/)
    await server?.stop()
    const others = await pageOf({
      source: demoStatus(),
      at: demoNow.getTime(),
      firstSteps: () => steps(['ops']),
    })
    expect(others).not.toContain('What to do next')
    await server?.stop()
    // Elsewhere, another program notifies.
    expect(await pageOf({ source, firstSteps: () => steps(undefined) })).not.toContain('SLACK_WEBHOOK_URL')
  })

  it('marks moments, so that a script can show them in the zone of the reader', async () => {
    const page = await pageOf({ source: demoStatus(), at: demoNow.getTime(), path: '/incidents' })
    expect(page).toMatch(/<time data-moment="day" datetime="[^"]+" title="[^"]+ UTC">\d+ Nov \d\d:\d\d:\d\d</)
  })
})

describe('a target without a limit', () => {
  const target = parseTarget('targets: [{ name: job, command: [ "true" ], expect: { max_latency: off } }]')

  it.each(['/', '/targets/job'])('has none on %s, and is drawn', async (path) => {
    const points = [{ at: new Date(now - 60_000), checks: 1, failures: 0, p50Seconds: 0.1, maxSeconds: 0.1 }]
    const series = () => Promise.resolve({ resolution: 'checks' as const, stepSeconds: 0, points })
    const source = aSource({
      targets: [target],
      checks: { job: [passed(1)] },
      past: aStore({ job: aPast() }, { series }),
    })
    const page = await pageOf({ source, path })
    expect(page).not.toMatch(/NaN|Infinity|class="limit"/)
    expect(page).toContain('class="line"')
  })
})

describe('a heartbeat', () => {
  const target = parseTarget('targets: [{ name: nightly backup, heartbeat: 1d, grace: 1h, token: "5ecret" }]')
  const waiting = { waitingSince: (now - 60_000) / 1000, period: 86_400, grace: 3600, needsToken: true }
  const result = (called: object) => ({
    startedAt: new Date(now),
    durationSeconds: 0,
    success: true,
    heartbeat: { ...waiting, ...called },
  })
  const path = '/targets/nightly%20backup'

  it('that never came is pending, with no check drawn as a success, and says what the job calls', async () => {
    const checks = { 'nightly backup': [result({}), result({})] }
    const source = aSource({ targets: [target], checks })
    expect(source.beats('nightly backup')).toEqual([])
    expect(await source.target('nightly backup')).toMatchObject({
      state: 'pending',
      awaited: true,
      availability: { last24h: null },
    })
    const page = await pageOf({ source, path })
    expect(page).toContain(
      '<pre><code>curl -fsS -H "Authorization: Bearer $HEARTBEAT_TOKEN" http://here/api/v1/heartbeat/nightly%20backup</code></pre>',
    )
    const text = page.replace(/<[^>]+>/g, ' ')
    for (const fact of ['last call never', 'expected every 1d', 'grace 1h', 'token required'])
      expect(text.replace(/\s+/g, ' ')).toContain(fact)
    expect(text).not.toContain('5ecret')
    expect(page).toContain('class="state pending"')
    expect(text).toContain('Waiting for the first call of the job.')
    expect(page).not.toContain('Recent checks')
    await server?.stop()
    expect((await pageOf({ source })).replace(/<[^>]+>/g, '')).toMatch(/pending waiting for the first call/)
  })

  it('that never came and is late is down since then', async () => {
    const failure = { reason: 'timeout' as const, message: 'no call yet for 1d2h, expected one every 1d' }
    const at = new Date(now - 1000)
    const late = { ...result({}), startedAt: at, success: false, failure }
    const earlier = { ...result({}), startedAt: new Date(now - 31_000) }
    const source = aSource({ targets: [target], checks: { 'nightly backup': [earlier, late] } })
    expect(await source.target('nightly backup')).toMatchObject({ state: 'down', since: at })
    expect(source.beats('nightly backup')).toEqual([{ at, seconds: null }])
  })

  it('that came is up since then, and took no time', async () => {
    const called = { lastSuccess: (now - 5000) / 1000, lastCall: (now - 5000) / 1000, lastRun: 12.04 }
    const source = aSource({
      targets: [target],
      checks: { 'nightly backup': [result(called)] },
      past: aStore({ 'nightly backup': aPast() }),
    })
    const page = await pageOf({ source, path })
    expect(page).not.toMatch(/[^.]0\.0 ms|Median|id="latency"|NaN|Infinity|>max \d/)
    expect(page.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')).toContain('last run took 12 s')
    await server?.stop()
    expect(await pageOf({ source })).not.toMatch(/ ms<|class="spark"|>max \d/)
  })
})

describe('300 targets', () => {
  it('are folded where they need nobody, unless somebody searches', async () => {
    const source = demoStatus({ more: 290 })
    const page = await pageOf({ source, at: demoNow.getTime() })
    expect(page).toMatch(/<details data-fold><summary><h2>Up · \d+<\/h2><\/summary>/)
    expect(page).not.toMatch(/<details[^>]*><summary><h2>Down/)
    await server?.stop()
    expect(await pageOf({ source, at: demoNow.getTime(), path: '/?q=service-7' })).toContain(
      '<details data-fold open>',
    )
  })
})
