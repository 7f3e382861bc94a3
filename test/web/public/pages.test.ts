import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import express from 'express'
import type { PublicPage } from '../../../src/config/public-page.ts'
import type { Post } from '../../../src/config/posts/post.ts'
import { listenHttp, type Listening } from '../../../src/lib/http/listen.ts'
import { statusApi } from '../../../src/web/api/routes.ts'
import type { Assets } from '../../../src/web/pages/assets.ts'
import { statusPages } from '../../../src/web/pages/routes.ts'
import { currentAssets } from '../../support/programs/browser-scripts.ts'
import { demoNow, demoStatus } from '../../support/demo-status.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { aPost } from '../../support/post.ts'
import { aPage } from '../../support/public-page.ts'

let assets: Assets
let server: Listening | undefined

async function serve(publicPages: readonly PublicPage[], posts: readonly Post[] = []): Promise<string> {
  const source = demoStatus({ publicPages })
  const now = (): number => demoNow.getTime()
  const app = express()
    .use(statusApi({ source, now }))
    .use(statusPages({ source, now, posts: () => posts, assets: () => assets }))
  server = await listenHttp(app, { host: '127.0.0.1', port: 0 })
  return server.url
}

const textOf = (url: string): Promise<string> => fetch(url).then((answer) => answer.text())

beforeAll(async () => {
  assets = currentAssets(await tempFolder())
})

afterEach(async () => {
  await server?.stop()
})

describe('public pages', () => {
  it('have their own title, groups and words, and each only its own targets', async () => {
    const url = await serve([
      aPage({
        title: 'Shop & Co',
        groups: [{ targets: ['identity'] }, { name: 'Selling', targets: ['checkout', 'search-api'] }],
        words: { down: 'Outage', up: 'Fine', some_down: 'We have a problem' },
      }),
      aPage({ path: '/status/mail', groups: [{ targets: ['sms-gateway'] }] }),
    ])
    const shop = await textOf(`${url}/status/shop/`)
    expect(shop).toContain('<title>We have a problem · Shop &amp; Co</title>')
    expect(shop).toMatch(
      /identity<\/h2>[^]*Fine[^]*<h2>Selling<\/h2>[^]*search-api<\/h3>[^]*Outage[^]*checkout<\/h3>/,
    )
    expect(shop).not.toMatch(/sms-gateway|search\.internal|expected 2xx|href="\.\.|<nav aria/)
    const mail = await textOf(`${url}/status/mail/`)
    expect(mail).toContain('sms-gateway')
    expect(mail).not.toMatch(/checkout|identity|Selling|Shop/)
    expect((await fetch(`${url}/status/none/`)).status).toBe(404)
    expect((await fetch(`${url}/public/`)).status).toBe(404)
    const answer = await fetch(`${url}/status/shop`, { redirect: 'manual' })
    expect(answer.headers.get('location')).toBe('shop/')
  })

  it('have their own JSON and badges', async () => {
    const url = await serve([
      aPage({ groups: [{ targets: ['search-api'] }], words: { down: 'Outage' } }),
      aPage({ path: '/status/mail', groups: [{ targets: ['sms-gateway'] }] }),
    ])
    expect(await (await fetch(`${url}/status/shop/api/v1/targets`)).json()).toEqual({
      targets: [{ name: 'search-api', state: 'down', days: expect.any(Array) }],
    })
    expect(await textOf(`${url}/status/shop/badge/search-api.svg`)).toContain('search-api: Outage')
    expect((await fetch(`${url}/status/shop/badge/sms-gateway.svg`)).status).toBe(404)
    expect((await fetch(`${url}/status/none/api/v1/targets`)).status).toBe(404)
  })

  it('serve a logo so that no script of it runs, and colours as a sheet', async () => {
    const content = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    const logo = { name: 'logo-000000000000.svg', type: 'image/svg+xml', content } as const
    const url = await serve([aPage({ logo, accent: '#7a1fa2' }), aPage({ path: '/status/mail' })])
    const page = await textOf(`${url}/status/shop/`)
    expect(page).toContain('<img src="logo-000000000000.svg" alt="">')
    const picture = await fetch(`${url}/status/shop/${logo.name}`)
    expect(picture.headers.get('content-type')).toBe('image/svg+xml')
    expect(picture.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    )
    const sheet = /href="(colours-\w+\.css)"/.exec(page)?.[1] ?? ''
    expect(await textOf(`${url}/status/shop/${sheet}`)).toBe(':root{--accent:light-dark(#7a1fa2,#82b6ff)}\n')
    for (const name of [logo.name, sheet])
      expect((await fetch(`${url}/status/mail/${name}`)).status).toBe(404)
  })

  it('speak Arabic from right to left', async () => {
    const url = await serve([aPage({ language: 'ar', groups: [{ targets: ['search-api', 'checkout'] }] })])
    const page = await textOf(`${url}/status/shop/`)
    expect(page).toContain('<html lang="ar" data-locale="ar-u-nu-arab" dir="rtl"')
    expect(page).toContain('<h1>خدمات متعطّلة: ١ من ٢</h1>')
    // Only names, which are those of the configuration, are in other letters.
    const words = page.replace(/<(head|footer)>[^]*?<\/\1>/g, '').replace(/<[^>]+>/g, ' ')
    expect(new Set(words.match(/[A-Za-z][\w-]+/g))).toEqual(new Set(['search-api', 'checkout']))
  })

  it('show posts and outages, and have feeds of them, at the address where they are', async () => {
    const posts = [
      aPost({ title: 'For the shop', targets: ['checkout'] }),
      aPost({ id: 'b', title: 'For others', targets: ['identity'] }),
    ]
    const page = aPage({ groups: [{ targets: ['search-api', 'checkout'] }], incidents: true })
    const url = await serve([page, aPage({ path: '/status/host', host: 'status.example.com' })], posts)
    const shown = await textOf(`${url}/status/shop/`)
    expect(shown).toMatch(/For the shop[^]*checkout<\/h2>[^]*Outages of the last 30 days<\/h2>[^]*search-api/)
    expect(shown).not.toMatch(/For others|expected 2xx/)
    for (const [file, type] of [
      ['feed.atom', 'application/atom+xml'],
      ['feed.rss', 'application/rss+xml'],
      ['feed.json', 'application/feed+json'],
    ] as const) {
      const answer = await fetch(`${url}/status/shop/${file}`)
      expect(answer.headers.get('content-type')).toBe(`${type}; charset=utf-8`)
      const feed = await answer.text()
      expect(feed).toMatch(/For the shop[^]*search-api was down/)
      expect(feed).toContain(`${url}/status/shop/#post-news`)
      expect(feed).not.toMatch(/For others|expected 2xx|identity/)
      expect(await textOf(`${url}/status/host/${file}`)).toContain('http://status.example.com/#post-news')
    }
  })

  it('take less than 60 KiB, with all that they load', async () => {
    const url = await serve([aPage({ groups: [{ targets: demoNames }], accent: '#7a1fa2' })])
    const base = `${url}/status/shop/`
    const page = await textOf(base)
    const loaded = [...page.matchAll(/(?:src|href)="([^"#]+)"/g)]
      .map(([, path]) => path!)
      .filter((path) => !path.startsWith('feed.'))
    const scripts = [...assets.files.keys()].filter((name) =>
      /^browser\/(public|intl-times|theme|refresh|morph)\.js$/.test(name),
    )
    expect(scripts).toHaveLength(5)
    const all = new Set([...loaded, ...scripts.map((name) => `assets/${assets.folder}/${name}`)])
    let bytes = Buffer.byteLength(page)
    for (const path of all) {
      expect(new URL(path, base).href).toContain(base)
      const answer = await fetch(new URL(path, base))
      expect([path, answer.status]).toEqual([path, 200])
      bytes += (await answer.arrayBuffer()).byteLength
    }
    expect(bytes).toBeLessThan(60 * 1024)
  })
})

const demoNames = [
  'search-api',
  'sms-gateway',
  'nightly-backup',
  'checkout',
  'payments-db',
  'stripe-charges',
  'identity',
]
