import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import express from 'express'
import helmet from 'helmet'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { startDemo } from '../src/app/demo/demo.ts'
import { createLogger } from '../src/lib/logger.ts'
import { systemClock } from '../src/lib/time/clock.ts'
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

const widths = [1280, 390]
const colourSchemes = ['light', 'dark'] as const

/** What the demo shows: what is down, what is slow, a job, and what has happened. */
const demoPages = {
  overview: '/',
  down: '/targets/mail',
  slow: '/targets/search',
  job: '/targets/nightly-backup',
  incidents: '/incidents',
}

/** How long the services of the demo misbehave before a picture is taken. */
const demoMs = 90_000

const browser = await launchChromium()
try {
  await (process.argv.includes('--demo') ? ofDemo(browser) : ofDocumentation(browser))
} finally {
  await browser.close()
}

async function ofDocumentation(browser: Browser): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'probity-screenshots-'))
  const assets = currentAssets(folder)
  const app = express()
    .use(helmet({ strictTransportSecurity: false }))
    .use(statusPages({ source: demoStatus(), now: () => demoNow.getTime(), assets: () => assets }))
  const server = await listenHttp(app, { host: '127.0.0.1', port: 0 })
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
    await server.stop()
    await rm(folder, { recursive: true })
  }
}

/** Also says which page is wider than its window, and what the browser complains about. */
async function ofDemo(browser: Browser): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'probity-demo-pictures-'))
  const silent = { write: () => undefined }
  const demo = await startDemo(
    { listenAddress: { host: '127.0.0.1', port: 0 } },
    { log: createLogger({ destination: silent }), clock: systemClock, stdout: silent },
  )
  try {
    await setTimeout(demoMs)
    for (const width of widths)
      for (const colorScheme of colourSchemes)
        for (const [name, path] of Object.entries(demoPages)) {
          const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme })
          const page = await context.newPage()
          page.on('pageerror', (error) => {
            console.log(`${name}: ${error.message}`)
          })
          await page.goto(demo.url + path)
          const wide = await page.evaluate('document.documentElement.scrollWidth')
          if (Number(wide) > width) console.log(`${name}: ${String(wide)} px wide in a window of ${width} px`)
          await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`), fullPage: true })
          await context.close()
        }
    console.log(`wrote the pictures into ${folder}`)
  } finally {
    await demo.stop()
  }
}
