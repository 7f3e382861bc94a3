import express from 'express'
import { expect, it } from 'vitest'
import { listenHttp } from '../../../src/lib/http/listen.ts'
import { statusPages } from '../../../src/web/pages/routes.ts'
import type { Explained } from '../../../src/web/status/explained.ts'
import { currentAssets } from '../../support/programs/browser-scripts.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { aTarget } from '../../support/target.ts'
import { aSource, now, passed } from '../support.ts'

const explained: Explained = {
  introduction: 'shop <b>: its newest check failed.',
  rules: [
    {
      headline: 'TargetDown (critical) does not fire.',
      state: 'quiet',
      ways: [
        [{ holds: false, text: 'Its checks have failed for 1m.' }],
        [{ holds: true, text: 'It is up.' }],
      ],
      notes: ['It would notify: slack and the alerts log.'],
    },
  ],
  footnotes: ['No other alert begins within 1h.'],
  data: {},
}

it('the page of a target leads to one that says why it alerts, where that is known', async () => {
  const assets = currentAssets(await tempFolder())
  const source = aSource({ targets: [aTarget({ name: 'shop' })], checks: { shop: [passed(10)] } })
  const pages = (known: boolean) =>
    statusPages({
      source,
      now: () => now,
      assets: () => assets,
      ...(known && {
        explain: (name: string) => Promise.resolve(name === 'shop' ? [explained] : undefined),
      }),
    })
  const app = express().use('/none', pages(false)).use(pages(true))
  const server = await listenHttp(app, { host: '127.0.0.1', port: 0 })
  try {
    const get = (path: string) => fetch(`${server.url}${path}`)
    expect(await get('/targets/shop').then((answer) => answer.text())).toContain('href="shop/explained"')
    const page = await get('/targets/shop/explained').then((answer) => answer.text())
    for (const part of [
      'shop &lt;b&gt;: its newest check',
      'Its checks have failed for 1m.',
      '<p>or</p>',
      'It would notify',
      'No other alert begins within 1h.',
    ])
      expect(page).toContain(part)
    expect((await get('/targets/other/explained')).status).toBe(404)
    expect(await get('/none/targets/shop').then((answer) => answer.text())).not.toContain('explained')
    expect((await get('/none/targets/shop/explained')).status).toBe(404)
  } finally {
    await server.stop()
  }
})
