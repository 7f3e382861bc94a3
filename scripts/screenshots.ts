import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import helmet from 'helmet'
import type { BrowserContextOptions } from 'playwright-core'
import { listenHttp } from '../src/lib/http/listen.ts'
import { statusPages } from '../src/web/pages/routes.ts'
import { currentAssets } from '../test/support/programs/browser-scripts.ts'
import { launchChromium } from '../test/support/programs/chromium.ts'
import { demoNow, demoStatus } from '../test/support/demo-status.ts'

/** A picture of the documentation, in docs/images. A new one is a row in `pictures`. */
interface Picture {
  readonly name: string
  readonly path: string
  readonly context: BrowserContextOptions
  /** What the pointer is on. */
  readonly pointAt?: string
}

const desktop = { viewport: { width: 1200, height: 820 } }
const phone = { viewport: { width: 360, height: 720 }, deviceScaleFactor: 2 }

const pictures: readonly Picture[] = [
  { name: 'status-overview', path: '/', context: desktop },
  { name: 'status-dark', path: '/', context: { ...desktop, colorScheme: 'dark' } },
  {
    name: 'status-target',
    path: '/targets/search-api',
    context: { viewport: { width: 1200, height: 1500 } },
    pointAt: '.u-over',
  },
  { name: 'status-phone', path: '/', context: phone },
]

const folder = await mkdtemp(join(tmpdir(), 'probity-screenshots-'))
const assets = currentAssets(folder)
const app = express()
  .use(helmet({ strictTransportSecurity: false }))
  .use(statusPages({ source: demoStatus(), now: () => demoNow.getTime(), assets: () => assets }))
const server = await listenHttp(app, { host: '127.0.0.1', port: 0 })
const browser = await launchChromium()
try {
  for (const { name, path, context, pointAt } of pictures) {
    const page = await (await browser.newContext(context)).newPage()
    await page.clock.setFixedTime(demoNow)
    await page.goto(server.url + path)
    if (pointAt !== undefined) await page.hover(pointAt)
    await page.screenshot({ path: join(import.meta.dirname, `../docs/images/${name}.png`) })
    console.log(`wrote docs/images/${name}.png`)
  }
} finally {
  await browser.close()
  await server.stop()
  await rm(folder, { recursive: true })
}
