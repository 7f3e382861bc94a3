import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import express from 'express'
import { listenHttp, type Listening } from '../../src/lib/http/listen.ts'
import { statusApi } from '../../src/web/api/routes.ts'
import { formerTargetAnswer, incidentsAnswer, targetAnswer } from '../../src/web/api/shapes.ts'
import type { Assets } from '../../src/web/pages/assets.ts'
import { statusPages } from '../../src/web/pages/routes.ts'
import type { PastIncident } from '../../src/web/status/past.ts'
import { currentAssets } from '../support/programs/browser-scripts.ts'
import { aTarget } from '../support/target.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { answerOf } from './api/conformance.ts'
import { ago, aPast, aSource, aStore, now, passed } from './support.ts'

let assets: Assets
let server: Listening | undefined

const failure = (seconds: number) => ({
  at: ago(seconds),
  reason: 'status',
  message: 'expected 2xx, got 503',
})

function incident(target: string, endedSecondsAgo?: number): PastIncident {
  return {
    target,
    startedAt: ago(7200),
    ...(endedSecondsAgo !== undefined && { endedAt: ago(endedSecondsAgo) }),
    firstFailure: failure(7200),
    lastFailure: failure(3600),
  }
}

/** `shop` is watched and was called `market`; `gone` failed when it was removed, an hour ago. */
async function serve(): Promise<string> {
  const stored = [incident('gone'), incident('market', 5000), incident('shop', 10)]
  const last = { at: ago(3600), success: false, reason: 'status', message: 'm' }
  const known = new Map([
    ['gone', aPast({ last, change: { ...last, at: ago(7200) } })],
    ['shop', aPast()],
  ])
  const source = aSource({
    targets: [aTarget({ was: ['market'] })],
    checks: { shop: [passed(5)] },
    past: aStore(
      {},
      {
        overview: (names) => Promise.resolve(new Map([...known].filter(([name]) => names.includes(name)))),
        incidents: (names) =>
          Promise.resolve(stored.filter(({ target }) => names === undefined || names.includes(target))),
      },
    ),
  })
  const app = express()
    .use(statusApi({ source, now: () => now }))
    .use(statusPages({ source, now: () => now, assets: () => assets }))
  server = await listenHttp(app, { host: '127.0.0.1', port: 0 })
  return server.url
}

beforeAll(async () => {
  assets = currentAssets(await tempFolder())
})

afterEach(async () => {
  await server?.stop()
})

describe('a target that was removed while it failed', () => {
  it('has its past in the API, with an incident that ended at its last check', async () => {
    const url = await serve()
    const { formerTarget, error } = await answerOf(`${url}/api/v1/targets/gone`, formerTargetAnswer, 410)
    expect(error).toBe('target "gone" is no longer watched')
    const own = { endedAt: ago(3600).toISOString(), durationSeconds: 3600, noLongerWatched: true }
    expect(formerTarget).toMatchObject({
      name: 'gone',
      noLongerWatchedSince: ago(3600).toISOString(),
      lastSucceeded: false,
      incidents: [own],
    })
    const { incidents } = await answerOf(`${url}/api/v1/incidents`, incidentsAnswer)
    expect(incidents.find(({ target }) => target === 'gone')).toMatchObject(own)
    expect(incidents.filter(({ noLongerWatched }) => noLongerWatched)).toHaveLength(1)
    const later = `${url}/api/v1/incidents?from=${ago(1800).toISOString()}`
    expect((await answerOf(later, incidentsAnswer)).incidents.map(({ target }) => target)).toEqual(['shop'])
  })

  it('has a page, the page of its incident and a badge, which say so', async () => {
    const url = await serve()
    const page = await fetch(`${url}/targets/gone`)
    expect(page.status).toBe(200)
    expect(await page.text()).toMatch(
      /No longer watched since [^:]*<time[^]*: that check failed[^]*expected 2xx, got 503/,
    )
    const of = `${url}/incidents/gone@${ago(7000).toISOString().slice(0, 19)}Z`
    expect(await (await fetch(of)).text()).toContain('no longer watched')
    expect(await (await fetch(`${url}/incidents`)).text()).not.toContain('ongoing')
    const badge = await fetch(`${url}/badge/gone.svg`)
    expect([badge.status, await badge.text()]).toEqual([
      200,
      expect.stringContaining('gone: no longer watched'),
    ])
  })

  it('is unknown where it was never watched', async () => {
    const url = await serve()
    for (const path of ['/targets/never', '/badge/never.svg', '/api/v1/targets/never'])
      expect((await fetch(url + path)).status).toBe(404)
  })
})

describe('a target that had another name', () => {
  it('is found under both, with the incidents of both', async () => {
    const url = await serve()
    for (const name of ['shop', 'market']) {
      const { target } = await answerOf(`${url}/api/v1/targets/${name}`, targetAnswer)
      expect(target.name).toBe('shop')
      expect((await fetch(`${url}/targets/${name}`)).status).toBe(200)
      expect(await (await fetch(`${url}/badge/${name}.svg`)).text()).toContain(`${name}: up`)
    }
    const { incidents } = await answerOf(`${url}/api/v1/incidents?target=shop`, incidentsAnswer)
    expect(incidents.map(({ target }) => target)).toEqual(['shop'])
    expect(incidents[0]).not.toHaveProperty('noLongerWatched')
  })
})
