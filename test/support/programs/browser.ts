import { afterAll, afterEach, beforeAll } from 'vitest'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { launchChromium } from './chromium.ts'
import { describeWithTool } from './tools.ts'

/** What somebody saw who opened a page. */
export interface Visit {
  readonly page: Page
  /** What the browser complained about: errors of scripts, refused styles, requests that failed. */
  readonly complaints: string[]
}

/** A suite in the system's Chromium, one process for all its tests; skipped by name where there is none. */
export function describeInBrowser(
  name: string,
  suite: (visit: (url: string, options?: BrowserContextOptions) => Promise<Visit>) => void,
): void {
  describeWithTool(['chromium'], name, () => {
    let browser: Browser

    beforeAll(async () => {
      browser = await launchChromium()
    })
    afterEach(async () => {
      for (const context of browser.contexts()) await context.close()
    })
    afterAll(async () => {
      await browser.close()
    })

    suite(async (url, options = {}) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(error.message))
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
      })
      page.on('request', (request) => {
        if (new URL(request.url()).origin !== new URL(url).origin) complaints.push(`asked ${request.url()}`)
      })
      await page.goto(url)
      return { page, complaints }
    })
  })
}
