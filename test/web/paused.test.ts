import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import express from 'express'
import { askTargets, describeTargets } from '../../src/app/running/status.ts'
import { listenHttp, type Listening } from '../../src/lib/http/listen.ts'
import { statusApi } from '../../src/web/api/routes.ts'
import {
  incidentsAnswer,
  publicTargetsAnswer,
  targetAnswer,
  targetsAnswer,
} from '../../src/web/api/shapes.ts'
import type { Assets } from '../../src/web/pages/assets.ts'
import { statusPages } from '../../src/web/pages/routes.ts'
import { aCallTarget } from '../calls/support/calls.ts'
import { currentAssets } from '../support/programs/browser-scripts.ts'
import { aTarget } from '../support/target.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { answerOf, checked } from './api/conformance.ts'
import { ago, aPast, aSource, aStore, now, passed, type SourceParts } from './support.ts'

let assets: Assets
let server: Listening | undefined

const shop = aTarget({ paused: true, was: ['market'] })
const blog = aTarget({ name: 'blog' })
const failure = { at: ago(3600), reason: 'status', message: 'expected 2xx, got 503' }
const last = { ...failure, success: false, durationSeconds: 0.2 }

/** `shop` failed for an hour when it was paused, an hour ago; `blog` is up; `pay` is paused, and is called. */
async function serve(parts: Partial<SourceParts> = {}): Promise<string> {
  const incident = { target: 'shop', startedAt: ago(7200), firstFailure: failure, lastFailure: failure }
  const source = aSource({
    targets: [shop, blog],
    callTargets: [aCallTarget('pay', { host: '^pay$' }, { paused: true })],
    checks: { blog: [passed(5)] },
    past: aStore(
      { shop: aPast({ last, change: { ...last, at: ago(7200) } }), blog: aPast() },
      { incidents: () => Promise.resolve([incident]) },
    ),
    publicTargets: ['shop'],
    ...parts,
  })
  const explain = () => Promise.resolve(undefined)
  const app = express()
    .use(statusApi({ source, now: () => now }))
    .use(statusPages({ source, now: () => now, assets: () => assets, explain }))
  server = await listenHttp(app, { host: '127.0.0.1', port: 0 })
  return server.url
}

const textOf = async (url: string): Promise<string> => (await fetch(url)).text()

beforeAll(async () => {
  assets = currentAssets(await tempFolder())
})

afterEach(async () => {
  await server?.stop()
})

describe('a target that is paused', () => {
  it('is in the API, paused, with its past, and with no incident that goes on', async () => {
    const url = await serve()
    const { targets } = await answerOf(`${url}/api/v1/targets`, targetsAnswer)
    expect(targets.map(({ name, state }) => [name, state])).toEqual([
      ['shop', 'paused'],
      ['blog', 'up'],
      ['pay', 'paused'],
    ])
    const shown = describeTargets(await askTargets({ url }), now)
    expect(shown).toMatch(/^up +blog[^]*\npaused +shop[^]*\npaused +pay\n3 targets, none down, 2 paused\n$/)
    for (const name of ['shop', 'market']) {
      const target = checked((await answerOf(`${url}/api/v1/targets/${name}`, targetAnswer)).target)
      expect(target).toMatchObject({ state: 'paused', last: { success: false }, days: expect.any(Array) })
      expect(target.days).toHaveLength(90)
      expect(target).not.toHaveProperty('since')
      expect(target).not.toHaveProperty('openIncident')
    }
    const { incidents } = await answerOf(`${url}/api/v1/incidents`, incidentsAnswer)
    expect(incidents).toMatchObject([
      { target: 'shop', endedAt: ago(3600).toISOString(), durationSeconds: 3600, noLongerWatched: true },
    ])
  })

  it('has a row, a page and a badge, which say so', async () => {
    const url = await serve()
    const overview = await textOf(`${url}/`)
    expect(overview).toContain('<h1>1 up, 2 paused</h1>')
    expect(overview).toMatch(/Paused: not watched for now · 2[^]*last checked/)
    const page = await textOf(`${url}/targets/shop`)
    expect(page).toContain('Paused: the configuration has <code>enabled: false</code> for this target.')
    expect(page).toContain('<title>shop is paused · Probity</title>')
    expect(page).not.toContain('/explained')
    expect(page).not.toContain('class="note bad"')
    expect(await textOf(`${url}/targets/pay`)).toContain(
      'Its calls are counted, and none of its alerts fires.',
    )
    for (const name of ['shop', 'pay'])
      expect(await textOf(`${url}/badge/${name}.svg`)).toContain(`aria-label="${name}: paused"`)
    expect(await textOf(`${url}/badge/shop.svg?metric=availability`)).toContain('100%')
  })

  it('is on the public page, which says no more than that', async () => {
    const url = await serve()
    expect(await textOf(`${url}/public/`)).toContain('All targets are paused')
    const { targets } = await answerOf(`${url}/public/api/v1/targets`, publicTargetsAnswer)
    expect(targets).toMatchObject([{ name: 'shop', state: 'paused' }])
    expect(await textOf(`${url}/public/badge/shop.svg`)).toContain('shop: paused')
  })

  it('shows what this process saw before where results are not stored', async () => {
    const url = await serve({ past: aStore({}, { isOpen: () => false }), checks: { shop: [passed(900)] } })
    const { target } = await answerOf(`${url}/api/v1/targets/shop`, targetAnswer)
    expect(target).toMatchObject({ state: 'paused', last: { at: ago(900).toISOString(), success: true } })
    expect(await textOf(`${url}/targets/shop`)).toContain('Recent checks')
  })

  it('was perhaps never checked at all', async () => {
    const url = await serve({ past: aStore({}), checks: {} })
    expect(await textOf(`${url}/targets/shop`)).not.toContain('the first check is made')
  })
})
