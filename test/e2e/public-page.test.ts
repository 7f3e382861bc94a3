import axe, { type AxeResults } from 'axe-core'
import express from 'express'
import helmet from 'helmet'
import type { BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PublicPage } from '../../src/config/public-page.ts'
import { listenHttp, type Listening } from '../../src/lib/http/listen.ts'
import { statusPages } from '../../src/web/pages/routes.ts'
import { demoNow, demoStatus } from '../support/demo-status.ts'
import { aPost } from '../support/post.ts'
import { describeInBrowser } from '../support/programs/browser.ts'
import { currentAssets } from '../support/programs/browser-scripts.ts'
import { aPage } from '../support/public-page.ts'
import { tempFolder } from '../support/temp-folder.ts'

const dark: BrowserContextOptions = { colorScheme: 'dark' }
const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 } }
const logo = {
  name: 'logo-0123456789ab.svg',
  type: 'image/svg+xml',
  content: Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30" width="90" height="30"><rect width="90" height="30" rx="6" fill="#7a1fa2"/><text x="45" y="20" fill="#fff" text-anchor="middle" font-family="sans-serif" font-size="13">example</text></svg>',
  ),
} as const

const groups = [
  { targets: ['identity'] },
  { name: 'Selling', targets: ['checkout', 'search-api', 'stripe-charges'] },
  { name: 'Behind the scenes', targets: ['sms-gateway', 'nightly-backup'] },
]
const pages: readonly PublicPage[] = [
  aPage({
    title: 'Example Shop',
    logo,
    accent: '#7a1fa2',
    accentDark: '#d9a3f5',
    groups,
    incidents: true,
    subscribe: { channel: 'mail' },
  }),
  aPage({
    path: '/status/ar',
    language: 'ar',
    title: 'متجر المثال',
    groups: [{ name: 'المتجر', targets: ['checkout', 'search-api'] }],
    incidents: true,
    subscribe: { channel: 'mail' },
  }),
]

const posts = [
  aPost({
    id: 'disks',
    kind: 'maintenance',
    title: 'New disks for the shop',
    from: new Date('2026-11-25T22:00:00Z'),
    to: new Date('2026-11-26T01:00:00Z'),
    targets: ['checkout'],
    text: 'The shop is **read-only** for some minutes.\n\n- Carts are kept.\n- Orders wait until [we are back](https://www.example.com/).',
  }),
  aPost({
    id: 'search',
    kind: 'incident',
    title: 'Search answers with errors',
    from: new Date('2026-11-21T08:10:00Z'),
    targets: ['search-api'],
    text: 'Many searches fail.',
    updates: [
      { at: new Date('2026-11-21T08:40:00Z'), title: 'Identified', text: 'An index is being built again.' },
    ],
  }),
  aPost({
    id: 'ar-only',
    kind: 'announcement',
    title: 'نقل المتجر إلى خوادم جديدة',
    pages: ['/status/ar'],
    text: 'ننقل **المتجر** إلى خوادم جديدة هذا الشهر.',
  }),
  aPost({
    id: 'old',
    kind: 'incident',
    title: 'Logins were slow',
    from: new Date('2026-11-18T08:10:00Z'),
    to: new Date('2026-11-18T09:00:00Z'),
    targets: ['identity'],
    text: 'A cache was full.',
  }),
]

let server: Listening

beforeAll(async () => {
  const assets = currentAssets(await tempFolder())
  const app = express()
    .use(helmet({ strictTransportSecurity: false }))
    .use(
      statusPages({
        source: demoStatus({ publicPages: pages }),
        posts: () => posts,
        subscribing: {
          isOpen: () => true,
          ask: () => Promise.resolve('asked'),
          look: () => Promise.resolve('confirm'),
          act: () => Promise.resolve('confirm'),
        },
        now: () => demoNow.getTime(),
        assets: () => assets,
      }),
    )
  server = await listenHttp(app, { host: '127.0.0.1', port: 0 })
})

afterAll(async () => {
  await server.stop()
})

describeInBrowser('a public page in Chromium', (visit) => {
  it.each([
    ['shop', {}],
    ['shop', dark],
    ['shop', phone],
    ['ar', phone],
    ['ar', { ...dark }],
    ['ar/subscription?t=x', phone],
    ['shop/subscription?t=x', dark],
    ['shop', { reducedMotion: 'reduce', javaScriptEnabled: true }],
  ] as const)('has no fault that axe finds, and asks nobody else: %s %j', async (name, options) => {
    const { page, complaints } = await visit(
      `${server.url}/status/${name.includes('?') ? name : `${name}/`}`,
      options,
    )
    await page.evaluate(axe.source)
    const { violations } = await page.evaluate<AxeResults>('axe.run()')
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([])
    expect(complaints).toEqual([])
    const [wide, seen] = await page.evaluate<number[]>('[document.body.scrollWidth, window.innerWidth]')
    expect(wide ?? Number.NaN).toBeLessThanOrEqual(seen ?? 0)
  })

  it.each([
    ['shop', { javaScriptEnabled: false }, 'Look at your mails'],
    ['ar', phone, 'راجع بريدك'],
  ] as const)(
    'takes an address and says what is next, with and without scripts: %s',
    async (name, options, words) => {
      const { page, complaints } = await visit(`${server.url}/status/${name}/`, options)
      await page.locator('#address').fill('anna@example.org')
      await page.locator('.subscribe button').click()
      await page.waitForURL('**/subscribe')
      expect(await page.locator('h1').textContent()).toBe(words)
      expect(complaints).toEqual([])
    },
  )

  it('takes less than 60 KiB', async () => {
    const { page } = await visit('about:blank')
    let bytes = 0
    page.on('response', (response) => {
      void response.body().then((body) => (bytes += body.byteLength))
    })
    await page.goto(`${server.url}/status/shop/`, { waitUntil: 'networkidle' })
    expect(bytes).toBeGreaterThan(10 * 1024)
    expect(bytes).toBeLessThan(60 * 1024)
  })

  it('shows times in the words of its language and in the zone of the reader', async () => {
    const { page } = await visit(`${server.url}/status/ar/`, { timezoneId: 'Asia/Riyadh' })
    expect(await page.locator('#post-ar-only time').textContent()).toBe('٢١ نوفمبر ٢٠٢٦، ١١:٠٠ غرينتش+٣')
  })

  it('is printed in dark on white, without what only a screen can do', async () => {
    const { page } = await visit(`${server.url}/status/shop/`, dark)
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    expect(await page.locator('[data-theme-button]').isVisible()).toBe(false)
    expect(await page.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('light')
  })

  it('has feeds that are XML', async () => {
    const { page } = await visit(`${server.url}/status/ar/`)
    for (const [file, root] of [
      ['feed.atom', 'feed'],
      ['feed.rss', 'rss'],
    ] as const) {
      const xml = await (await fetch(`${server.url}/status/ar/${file}`)).text()
      const name = await page.evaluate(
        `new DOMParser().parseFromString(${JSON.stringify(xml)}, 'application/xml').documentElement.nodeName`,
      )
      expect(name).toBe(root)
    }
  })
})
