import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import express from 'express'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { exportPage } from '../../../src/app/running/export-page.ts'
import { listenHttp, type Listening } from '../../../src/lib/http/listen.ts'
import { statusApi } from '../../../src/web/api/routes.ts'
import { statusPages } from '../../../src/web/pages/routes.ts'
import { currentAssets } from '../../support/programs/browser-scripts.ts'
import { demoNow, demoStatus } from '../../support/demo-status.ts'
import { aPost } from '../../support/post.ts'
import { aPage } from '../../support/public-page.ts'
import { tempFolder } from '../../support/temp-folder.ts'

let server: Listening

beforeEach(async () => {
  const assets = currentAssets(await tempFolder())
  const page = aPage({ groups: [{ targets: ['checkout', 'search-api'] }], accent: '#7a1fa2' })
  const source = demoStatus({ publicPages: [page] })
  const now = (): number => demoNow.getTime()
  const posts = [aPost({ text: '[away](https://www.example.com/x.css) [up](../../metrics)' })]
  const app = express()
    .use(statusApi({ source, now }))
    .use(statusPages({ source, posts: () => posts, now, assets: () => assets }))
  server = await listenHttp(app, { host: '127.0.0.1', port: 0 })
})

afterEach(async () => {
  await server.stop()
})

it('writes a page with all that it loads, and it is complete where only files are served', async () => {
  const folder = join(await tempFolder(), 'site', 'shop')
  const files = await exportPage({ url: server.url, path: '/status/shop', folder })
  const hosting = await listenHttp(express().use(express.static(folder)), { host: '127.0.0.1', port: 0 })
  try {
    const page = await (await fetch(`${hosting.url}/`)).text()
    expect(page).toContain('checkout')
    const links = [...page.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, link]) => link!)
    const scripts = ['theme', 'refresh', 'morph', 'intl-times'].map(
      (name) => `${/assets\/\w+/.exec(page)?.[0]}/browser/${name}.js`,
    )
    const own = [...links.filter((link) => !/^https?:/.test(link)), ...scripts]
    for (const path of [...own, 'api/v1/targets.json', 'badge/checkout.svg', 'feed.json'])
      expect([path, (await fetch(`${hosting.url}/${path}`)).status]).toEqual([path, 200])
  } finally {
    await hosting.stop()
  }
  expect(files).toEqual(
    expect.arrayContaining(['index.html', 'badge/search-api.svg', 'feed.atom', 'feed.rss']),
  )
  expect((await readdir(folder)).toSorted()).toEqual([
    'api',
    'assets',
    'badge',
    expect.stringMatching(/^colours-/),
    'feed.atom',
    'feed.json',
    'feed.rss',
    'index.html',
  ])
  const { targets } = JSON.parse(await readFile(join(folder, 'api/v1/targets.json'), 'utf8')) as {
    targets: { name: string }[]
  }
  expect(targets.map(({ name }) => name)).toEqual(['search-api', 'checkout'])
})

it('says what it cannot do', async () => {
  const folder = await tempFolder()
  await expect(exportPage({ url: server.url, path: '/status/none', folder })).rejects.toThrow(
    /^cannot ask Probity at http:\/\/127\.0\.0\.1:\d+: it answered 404 for \/status\/none\/; start it with/,
  )
  await writeFile(join(folder, 'file'), '')
  await expect(
    exportPage({ url: server.url, path: '/status/shop', folder: join(folder, 'file') }),
  ).rejects.toThrow(/^cannot write the page to .*file: /)
})
