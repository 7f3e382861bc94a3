import { afterEach, describe, expect, it } from 'vitest'
import express from 'express'
import { listenHttp, type Listening } from '../../../src/lib/http/listen.ts'
import { statusApi } from '../../../src/web/api/routes.ts'
import { incidentsAnswer, seriesAnswer, targetAnswer, targetsAnswer } from '../../../src/web/api/shapes.ts'
import { statusPages } from '../../../src/web/pages/routes.ts'
import { noCalls, type SeenOfCalls } from '../../../src/web/status/calls.ts'
import type { Incident } from '../../../src/web/status/status.ts'
import { aCallTarget } from '../../calls/support/calls.ts'
import { aTarget } from '../../support/target.ts'
import { answerOf } from '../api/conformance.ts'
import { ago, aSource, now, passed, type SourceParts } from '../support.ts'

const pay = aCallTarget('pay', { host: '^pay$' }, { labels: { team: 'checkout' }, was: ['old-pay'] })
const nothing = { calls: 0, errors: 0, unknown: 0, overLimit: 0 }
const some = { calls: 200, errors: 3, unknown: 50, overLimit: 1, p95Seconds: 0.08 }
const fails: Incident = {
  target: 'pay',
  startedAt: ago(90),
  durationSeconds: 90,
  firstFailure: { at: ago(90), reason: 'CallsErrorRateHigh', message: '30% of the calls to pay fail' },
  lastFailure: { at: ago(90), reason: 'CallsErrorRateHigh', message: '30% of the calls to pay fail' },
}

let server: Listening | undefined

afterEach(async () => {
  await server?.stop()
})

/** The URL of a page and an API that show this. */
async function serve(
  seen: SeenOfCalls,
  parts: Partial<SourceParts> = {},
  incidents: readonly Incident[] = [],
) {
  const calls = { ...noCalls, of: () => seen, incidents: () => incidents }
  const source = aSource({ targets: [], callTargets: [pay], calls, ...parts })
  const options = { source, now: () => now, assets: () => ({ version: '1', files: new Map() }) as never }
  server = await listenHttp(express().use(statusApi(options)).use(statusPages(options)), {
    host: '127.0.0.1',
    port: 0,
  })
  return server.url
}

const textOf = async (url: string): Promise<string> => (await fetch(url)).text()

const states: readonly (readonly [string, SeenOfCalls, string, string])[] = [
  ['unseen', { recent: nothing }, 'Waiting for calls', 'no calls yet'],
  ['quiet', { recent: nothing, lastCallAt: ago(700) }, 'Waiting for calls', 'no recent calls'],
  ['up', { recent: some, lastCallAt: ago(5) }, 'The one target is up', 'up'],
  [
    'slow',
    { recent: some, lastCallAt: ago(5), alert: { state: 'slow', since: ago(60) } },
    '1 of 1 is slower than expected',
    'slow',
  ],
  [
    'silent',
    { recent: nothing, lastCallAt: ago(2000), alert: { state: 'silent', since: ago(60) } },
    '1 of 1 is not called any more',
    'no calls any more',
  ],
  [
    'failing',
    { recent: some, lastCallAt: ago(5), alert: { state: 'failing', since: ago(60) } },
    '1 of 1 is failing',
    'failing',
  ],
]

describe('a target that is judged on calls alone', () => {
  it.each(states)('is %s on every page, in JSON and on its badge', async (state, seen, headline, word) => {
    const url = await serve(seen)
    const overview = await textOf(`${url}/`)
    expect(overview).not.toContain('Nothing is watched yet')
    expect(overview).toContain(`<h1>${headline}</h1>`)
    expect(overview).toMatch(new RegExp(`<span class="state \\w+">${word}</span>`))
    expect(overview).toContain('<a href="targets/pay">pay</a>')
    expect(await textOf(`${url}/targets/pay`)).toContain(`</svg>${word}</span>`)
    expect(await textOf(`${url}/badge/pay.svg`)).toContain(`aria-label="pay: ${word}"`)
    const { targets } = await answerOf(`${url}/api/v1/targets`, targetsAnswer)
    expect(targets).toMatchObject([{ name: 'pay', kind: 'calls', state, match: { host: '^pay$' } }])
    const { target } = await answerOf(`${url}/api/v1/targets/pay`, targetAnswer)
    expect(target).toMatchObject({ name: 'pay', state, incidents: [] })
  })

  it('has its counts of the last ten minutes, of which errors are a share of those that say how they ended', async () => {
    const url = await serve({ recent: some, lastCallAt: ago(5) })
    expect(await textOf(`${url}/`)).toContain('errors <b class="number tone-down">3</b> (2.0 %)')
    const page = await textOf(`${url}/targets/pay`)
    for (const words of ['<dd>200</dd><dd>50 without an outcome', '>3, expected at most 1 %', '80 ms'])
      expect(page).toContain(words)
  })

  it('shows no figure that nobody has seen', async () => {
    const before = await textOf(`${await serve({ recent: nothing })}/targets/pay`)
    expect(before).toContain('No calls yet: none has been reported since this process started')
    expect(before).toContain(
      'This process receives none over UDP, where clients send them: its log says why.',
    )
    expect(before).not.toMatch(/p95|Errors|0 %/)
    await server?.stop()
    const silent = {
      recent: { calls: 2, errors: 0, unknown: 2, overLimit: 0, p95Seconds: 0.08 },
      lastCallAt: ago(5),
    }
    const page = await textOf(`${await serve(silent)}/targets/pay`)
    expect(page).toContain('2 without an outcome')
    expect(page).not.toContain('Errors, 10 min')
    expect(await textOf(`${server?.url ?? ''}/badge/pay.svg?metric=p95`)).toContain('unobserved')
  })

  it('stands next to those that are checked, those that need somebody first, and is found by search and by state', async () => {
    const alert = { state: 'failing', since: ago(60) } as const
    const url = await serve(
      { recent: some, lastCallAt: ago(5), alert },
      { targets: [aTarget()], checks: { shop: [passed(5)] } },
    )
    const page = await textOf(`${url}/`)
    expect(page).toContain('<title>1 failing · Probity</title>')
    expect(page.indexOf('targets/pay')).toBeLessThan(page.indexOf('targets/shop'))
    for (const query of ['?q=checkout', '?state=failing', '?label=team%3Dcheckout'])
      expect([query, /data-key="(\w+)"[^>]* hidden>/.exec(await textOf(`${url}/${query}`))?.[1]]).toEqual([
        query,
        'shop',
      ])
    const { targets } = await answerOf(`${url}/api/v1/targets`, targetsAnswer)
    expect(targets.map(({ name }) => name)).toEqual(['shop', 'pay'])
  })

  it('has its alerts among the incidents, on its own page and under a former name', async () => {
    const url = await serve({ recent: some, lastCallAt: ago(5) }, {}, [{ ...fails, target: 'old-pay' }])
    for (const path of ['/incidents', '/incidents?target=pay', '/targets/pay', '/targets/old-pay'])
      expect([path, await textOf(url + path)]).toEqual([
        path,
        expect.stringContaining(fails.firstFailure.message),
      ])
    const of = async (query: string) =>
      (await answerOf(`${url}/api/v1/incidents${query}`, incidentsAnswer)).incidents
    expect(await of('')).toMatchObject([{ target: 'pay', firstFailure: { reason: 'CallsErrorRateHigh' } }])
    expect(await of('?target=shop')).toEqual([])
    expect(await of(`?to=${ago(100).toISOString()}`)).toEqual([])
    const at = ago(80).toISOString().slice(0, 19)
    expect(await textOf(`${url}/incidents/pay@${at}Z`)).toContain(fails.firstFailure.message)
  })

  it('lets neither a name nor a regex become markup', async () => {
    const name = '"><script>alert(1)</script>'
    const hostile = aCallTarget(
      name,
      { path: '<img src=x onerror=alert(1)>' },
      { runbook: 'javascript:alert(1)' },
    )
    const url = await serve({ recent: some, lastCallAt: ago(5) }, { callTargets: [hostile] })
    for (const path of ['/', `/targets/${encodeURIComponent(name)}`]) {
      const page = await textOf(url + path)
      expect(page).toContain('&lt;script&gt;')
      expect(page).not.toMatch(/<script>|<img|href="javascript/)
    }
  })

  it('is shown without a limit where none is expected', async () => {
    const free = aCallTarget('free', { host: 'f' }, { expect: { maxLatency: Infinity, maxErrorRatio: 1 } })
    const url = await serve({ recent: some, lastCallAt: ago(5) }, { callTargets: [free], calls: noCalls })
    const { targets } = await answerOf(`${url}/api/v1/targets`, targetsAnswer)
    expect(targets[0]?.expectation).toEqual({ maxErrorRatio: 1 })
    expect(await textOf(`${url}/targets/free`)).toContain('<dd>off</dd>')
  })
})

describe('the series of a target that is judged on calls alone', () => {
  it('is empty, because nothing checks it', async () => {
    const unlimited = { ...pay, expect: { ...pay.expect, maxLatency: Infinity } }
    const url = await serve({ recent: some }, { callTargets: [unlimited] })
    const answer = await answerOf(`${url}/api/v1/targets/pay/series`, seriesAnswer)
    expect(answer).toMatchObject({ target: 'pay', maxLatencySeconds: null, points: [] })
  })
})

describe('calls that belong to no target', () => {
  it('are on the page by the names that programs report, the most frequent first', async () => {
    const unmatched = (): ReadonlyMap<string, number> =>
      new Map([
        ['stripe.Charge.crate', 1],
        ['<script>alert(1)</script>', 12],
      ])
    const url = await serve({ recent: nothing }, { calls: { ...noCalls, unmatched } })
    const overview = await textOf(`${url}/`)
    expect(overview).toContain('<h2 id="unmatched">Calls without a target</h2>')
    expect(overview).toContain(
      '<dl class="names"><dt>&lt;script&gt;alert(1)&lt;/script&gt;</dt><dd>12 calls</dd><dt>stripe.Charge.crate</dt><dd>1 call</dd></dl>',
    )
  })

  it('are there where no target is, too', async () => {
    const unmatched = (): ReadonlyMap<string, number> => new Map([['a', 2]])
    const url = await serve({ recent: nothing }, { callTargets: [], calls: { ...noCalls, unmatched } })
    expect(await textOf(`${url}/`)).toContain('<dt>a</dt><dd>2 calls</dd>')
  })

  it('are not mentioned where there is none', async () => {
    const url = await serve({ recent: nothing })
    expect(await textOf(`${url}/`)).not.toContain('Calls without a target')
  })
})
