import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import express from 'express'
import { listenHttp, type Listening } from '../../src/lib/http/listen.ts'
import { statusApi } from '../../src/web/api/routes.ts'
import { incidentsAnswer, seriesAnswer, targetAnswer, targetsAnswer } from '../../src/web/api/shapes.ts'
import type { Assets } from '../../src/web/pages/assets.ts'
import { statusPages } from '../../src/web/pages/routes.ts'
import { currentAssets } from '../support/programs/browser-scripts.ts'
import { aTarget } from '../support/target.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { answerOf } from './api/conformance.ts'
import { aPast, aSource, aStore, now, passed } from './support.ts'

let assets: Assets
let server: Listening | undefined

/** What is served where results from then on are not added up. */
async function serve(since: Date | undefined, past = aPast()): Promise<string> {
  const source = aSource({
    targets: [aTarget()],
    checks: { shop: [passed(5)] },
    past: aStore({ shop: past }, { pendingSince: () => since }),
  })
  const app = express()
    .use(statusPages({ source, now: () => now, assets: () => assets }))
    .use(statusApi({ source, now: () => now }))
  server = await listenHttp(app, { host: '127.0.0.1', port: 0 })
  return server.url
}

const textAt = (url: string): Promise<string> => fetch(url).then((answer) => answer.text())

beforeAll(async () => {
  assets = currentAssets(await tempFolder())
})

afterEach(async () => {
  await server?.stop()
})

const since = new Date('2026-11-21T03:10:20Z')
const range = 'from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z'

describe('where results are stored but not added up', () => {
  it('every answer of /api/v1 with a past in it says since when', async () => {
    const at = `${await serve(since)}/api/v1`
    const pendingSince = since.toISOString()
    expect(await answerOf(`${at}/targets`, targetsAnswer)).toMatchObject({ pendingSince })
    expect(await answerOf(`${at}/targets/shop`, targetAnswer)).toMatchObject({ pendingSince })
    expect(await answerOf(`${at}/targets/shop/series?${range}`, seriesAnswer)).toMatchObject({ pendingSince })
    expect(await answerOf(`${at}/incidents`, incidentsAnswer)).toMatchObject({ pendingSince })
  })

  it.each(['/', '/targets/shop', '/incidents'])(
    '%s says until when the history is complete',
    async (path) => {
      expect(await textAt(`${await serve(since)}${path}`)).toMatch(
        /The history is added up until <time data-moment="day" datetime="2026-11-21T03:10:20.000Z"[^>]*>[^<]+<\/time>/,
      )
    },
  )

  it('badges of the past say until when they speak, and never that nothing was observed', async () => {
    const url = await serve(since)
    expect(await textAt(`${url}/badge/shop.svg?metric=availability`)).toContain('100% until 2026-11-21 03:10')
    expect(await textAt(`${url}/badge/shop.svg`)).not.toContain('until')
    await server?.stop()
    const unseen = aPast({ latency: {} })
    expect(await textAt(`${await serve(since, unseen)}/badge/shop.svg?metric=p95`)).toContain(
      'not added up yet',
    )
  })
})

it('nothing is said of it where everything is added up', async () => {
  const url = await serve(undefined)
  expect(await answerOf(`${url}/api/v1/targets`, targetsAnswer)).not.toHaveProperty('pendingSince')
  expect(await textAt(url)).not.toContain('added up')
  expect(await textAt(`${url}/badge/shop.svg?metric=availability`)).not.toContain('until')
})
