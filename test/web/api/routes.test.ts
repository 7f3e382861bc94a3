import { afterEach, describe, expect, it } from 'vitest'
import express from 'express'
import { request } from 'undici'
import { listenHttp, type Listening } from '../../../src/lib/http/listen.ts'
import type { IncidentQuery, SeriesRange } from '../../../src/web/status/status.ts'
import { statusApi } from '../../../src/web/api/routes.ts'
import {
  errorAnswer,
  incidentsAnswer,
  publicTargetsAnswer,
  seriesAnswer,
  targetAnswer,
  targetsAnswer,
} from '../../../src/web/api/shapes.ts'
import { aTarget } from '../../support/target.ts'
import { ago, aPast, aSource, aStore, failedCheck, now, passed, type SourceParts } from '../support.ts'
import { answerOf, checked } from './conformance.ts'

let server: Listening | undefined

/** The URL of an API of this. */
async function api(parts: SourceParts): Promise<string> {
  const source = aSource(parts)
  server = await listenHttp(express().use(statusApi({ source, now: () => now })), {
    host: '127.0.0.1',
    port: 0,
  })
  return server.url
}

afterEach(async () => {
  await server?.stop()
})

const url = 'https://a.example.com/x'
const targets = [aTarget({ labels: { vendor: 'v' } }), aTarget({ name: url }), aTarget({ name: 'new' })]
const checks = { shop: [passed(35), failedCheck(5)], [url]: [passed(5)] }

describe('/api/v1', () => {
  it('has targets, with and without a history, before and after the first check', async () => {
    const { targets: shown, ...rest } = await answerOf(
      `${await api({ targets, checks })}/api/v1/targets`,
      targetsAnswer,
    )
    expect(rest).toEqual({ generatedAt: '2026-11-21T12:00:00.000Z', history: 'none' })
    expect(shown.map(({ name, state }) => [name, state])).toEqual([
      ['shop', 'down'],
      [url, 'up'],
      ['new', 'pending'],
    ])
    await server?.stop()
    const past = aStore({ shop: aPast(), [url]: aPast() })
    const stored = await answerOf(`${await api({ targets, checks, past })}/api/v1/targets`, targetsAnswer)
    expect(stored.history).toBe('ready')
    expect(stored.targets.map(checked).map(({ days, sparkline }) => [days.length, sparkline.length])).toEqual(
      [
        [90, 24],
        [90, 24],
        [0, 0],
      ],
    )
  })

  it('says until when a target is in maintenance, and which incidents began in one', async () => {
    const maintained = aTarget({ maintenance: [{ endAt: () => now / 1000 + 60 }] })
    const at = `${await api({ targets: [maintained], checks })}/api/v1`
    const { target } = await answerOf(`${at}/targets/shop`, targetAnswer)
    expect(target).toMatchObject({
      state: 'down',
      maintenanceUntil: '2026-11-21T12:01:00.000Z',
      openIncident: { inMaintenance: true },
    })
    expect((await answerOf(`${at}/incidents`, incidentsAnswer)).incidents).toMatchObject([
      { inMaintenance: true },
    ])
  })

  it('has one target by its name, even where that is a URL', async () => {
    const at = `${await api({ targets, checks })}/api/v1/targets`
    expect((await answerOf(`${at}/shop`, targetAnswer)).target).toMatchObject({ incidents: [{}] })
    expect((await answerOf(`${at}/${encodeURIComponent(url)}`, targetAnswer)).target.name).toBe(url)
    expect(await answerOf(`${at}/shpo`, errorAnswer, 404)).toEqual({ error: 'there is no target "shpo"' })
    expect((await answerOf(`${at}/shpo/series`, errorAnswer, 404)).error).toContain('shpo')
  })

  it('asks for latency as it is asked, by default of the last day', async () => {
    const asked: SeriesRange[] = []
    const past = aStore(
      {},
      {
        series: (_name, range) => {
          asked.push(range)
          const point = { at: ago(60), checks: 1, failures: 0, p50Seconds: 0.1, maxSeconds: 0.1 }
          const nothing = { at: ago(30), checks: 0, failures: 0, p50Seconds: null, maxSeconds: null }
          return Promise.resolve({ resolution: 'checks', stepSeconds: 0, points: [point, nothing] })
        },
      },
    )
    const at = `${await api({ targets, past })}/api/v1/targets/shop/series`
    expect(await answerOf(at, seriesAnswer)).toMatchObject({
      target: 'shop',
      history: 'ready',
      maxLatencySeconds: 1,
      points: [{ at: ago(60).toISOString(), p50Seconds: 0.1 }, { checks: 0 }],
    })
    await answerOf(`${at}?from=2026-11-01T00:00:00Z&to=2026-11-02T01:00:00%2B01:00`, seriesAnswer)
    await answerOf(`${at}?from=1763553600&to=1763553660.5`, seriesAnswer)
    expect(asked.map(({ from, to }) => [from.toISOString(), to.toISOString()])).toEqual([
      ['2026-11-20T12:00:00.000Z', '2026-11-21T12:00:00.000Z'],
      ['2026-11-01T00:00:00.000Z', '2026-11-02T00:00:00.000Z'],
      ['2025-11-19T12:00:00.000Z', '2025-11-19T12:01:00.500Z'],
    ])
  })

  it('asks for incidents as it is asked', async () => {
    const asked: unknown[] = []
    const past = aStore(
      {},
      {
        incidents: (names: readonly string[] | undefined, query: Omit<IncidentQuery, 'target'>) => {
          asked.push([names, query])
          const evidence = { at: ago(60), reason: 'status', message: 'm', statusCode: 503 }
          const incident = { target: 'shop', startedAt: ago(60), endedAt: ago(30) }
          return Promise.resolve([{ ...incident, firstFailure: evidence, lastFailure: evidence }])
        },
      },
    )
    const at = `${await api({ targets, past })}/api/v1/incidents`
    expect((await answerOf(at, incidentsAnswer)).incidents).toMatchObject([
      { durationSeconds: 30, endedAt: ago(30).toISOString() },
    ])
    await answerOf(
      `${at}?target=shop&from=2026-11-01T00:00:00Z&to=2026-11-02T00:00:00Z&limit=7`,
      incidentsAnswer,
    )
    expect(asked).toEqual([
      // All of them: those of targets that are gone too.
      [undefined, { limit: 100 }],
      [['shop'], { limit: 7, from: new Date('2026-11-01T00:00:00Z'), to: new Date('2026-11-02T00:00:00Z') }],
    ])
  })

  it.each([
    ['targets?state=up', 'there is no parameter "state": expected none'],
    ['targets/shop?x=1', 'there is no parameter "x": expected none'],
    [
      'targets/shop/series?from=yesterday',
      'from is "yesterday": expected a time such as 2026-11-21T03:00:00Z, or Unix time in seconds',
    ],
    [
      'targets/shop/series?from=2026-13-01T00:00:00Z',
      'from is "2026-13-01T00:00:00Z": expected a time such as 2026-11-21T03:00:00Z, or Unix time in seconds',
    ],
    [
      'targets/shop/series?from=2026-11-21',
      'from is "2026-11-21": expected a time such as 2026-11-21T03:00:00Z, or Unix time in seconds',
    ],
    [
      'targets/shop/series?from=999999999999',
      'from is "999999999999": expected a time such as 2026-11-21T03:00:00Z, or Unix time in seconds',
    ],
    ...['0000-06-01T00:00:00Z', '1969-12-31T23:59:59Z', '9999-12-31T23:59:59-14:00'].map((time) => [
      `incidents?from=${time}`,
      `from is "${time}": expected a time such as 2026-11-21T03:00:00Z, or Unix time in seconds`,
    ]),
    ['targets/shop/series?from=5&from=6', 'from is given more than once'],
    [
      'targets/shop/series?from=9&to=9',
      'from is not before to: 1970-01-01T00:00:09.000Z, 1970-01-01T00:00:09.000Z',
    ],
    [
      'targets/shop/series?from=0',
      'from is more than 400 days before to: 1970-01-01T00:00:00.000Z, 2026-11-21T12:00:00.000Z',
    ],
    ['targets/shop/series?form=0', 'there is no parameter "form": expected from, to'],
    ['incidents?limit=0', 'limit is "0": expected a whole number from 1 to 1000'],
    ['incidents?limit=1001', 'limit is "1001": expected a whole number from 1 to 1000'],
    ['incidents?limit=1e2', 'limit is "1e2": expected a whole number from 1 to 1000'],
    ['incidents?from=9&to=8', 'from is not before to: 1970-01-01T00:00:09.000Z, 1970-01-01T00:00:08.000Z'],
    ['incidents?__proto__=1', 'there is no parameter "__proto__": expected from, to, target, limit'],
  ])('refuses %s', async (path, error) => {
    expect(await answerOf(`${await api({ targets })}/api/v1/${path}`, errorAnswer, 400)).toEqual({ error })
  })
})

describe('badges', () => {
  it('are images that may be shown elsewhere, for a while', async () => {
    const at = await api({ targets, checks, past: aStore({ shop: aPast() }) })
    const response = await fetch(`${at}/badge/shop.svg?metric=availability`)
    const svg = await response.text()
    expect(svg).toContain('>shop availability 30d</text>')
    expect(svg).toContain('>100%</text>')
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/svg+xml; charset=utf-8',
      'cache-control': 'public, max-age=30',
      'cross-origin-resource-policy': 'cross-origin',
    })
    // fetch adds Cache-Control: no-cache.
    const again = await request(response.url, {
      headers: { 'If-None-Match': response.headers.get('etag') ?? '' },
    })
    await again.body.dump()
    expect(again.statusCode).toBe(304)
    expect(await (await fetch(`${at}/badge/shop.svg`)).text()).toContain('aria-label="shop: down"')
    expect(await (await fetch(`${at}/badge/${encodeURIComponent(url)}.svg`)).text()).toContain(': up"')
  })

  it('are there for targets only, and say what they can say', async () => {
    const at = await api({ targets })
    await answerOf(`${at}/badge/shpo.svg`, errorAnswer, 404)
    expect(await answerOf(`${at}/badge/shop.svg?metric=uptime`, errorAnswer, 400)).toEqual({
      error: 'metric is "uptime": expected state, availability, availability24h, availability90d, p50, p95',
    })
  })
})

describe('what is public', () => {
  it('is nothing unless the configuration says so', async () => {
    const at = await api({ targets, checks })
    expect((await fetch(`${at}/public/api/v1/targets`)).status).toBe(404)
    expect((await fetch(`${at}/public/badge/shop.svg`)).status).toBe(404)
  })

  it('is names, states and days of the targets that are named, and nothing else', async () => {
    const secret = 'token-12345'
    const private_ = [
      '127.0.0.1',
      'vendor-label',
      'expected 2xx',
      '503',
      'status',
      'wiki',
      secret,
      'critical',
      '0.125',
    ]
    const hidden = aTarget({ name: 'hidden-target' })
    const shown = aTarget({
      instance: 'http://127.0.0.1:1/',
      labels: { vendor: 'vendor-label' },
      runbook: 'https://wiki.example.com',
      secrets: [secret],
    })
    const failure = {
      at: ago(5),
      success: false,
      reason: 'status',
      message: `expected 2xx ${secret}`,
      statusCode: 503,
    }
    const at = await api({
      targets: [hidden, shown],
      checks: { shop: [failedCheck(5, `expected 2xx, got 503 ${secret}`)], 'hidden-target': [passed(5)] },
      past: aStore({ shop: aPast({ last: { ...failure, durationSeconds: 0.125 }, change: failure }) }),
      publicTargets: ['shop'],
    })
    const answer = await answerOf(`${at}/public/api/v1/targets`, publicTargetsAnswer)
    expect(answer).toEqual({
      targets: [{ name: 'shop', state: 'down', days: expect.any(Array) }],
    })
    expect(answer.targets[0]?.days).toHaveLength(90)
    expect(answer.targets[0]?.days.at(-1)).toEqual({ day: '2026-11-21', availability: 1, unobserved: false })
    const badge = await fetch(`${at}/public/badge/shop.svg`)
    expect(badge.status).toBe(200)
    for (const text of [JSON.stringify(answer), await badge.text()])
      for (const word of [...private_, 'hidden-target']) expect(text).not.toContain(word)
    // Names that are not public are not told from names that do not exist, save by what was asked.
    const [one, other] = await Promise.all(
      ['hidden-target', 'missing-target'].map((name) =>
        answerOf(`${at}/public/badge/${name}.svg`, errorAnswer, 404),
      ),
    )
    expect(one?.error.replace('hidden', 'missing')).toBe(other?.error)
    // What only the private badge says cannot be asked for.
    expect((await fetch(`${at}/public/badge/shop.svg?metric=p95`)).status).toBe(400)
    // The names of shapes are what a reader of the schema sees: nothing but these fields may be there.
    expect(Object.keys(publicTargetsAnswer.shape.targets.element.shape)).toEqual(['name', 'state', 'days'])
  })
})
