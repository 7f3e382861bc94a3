import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import axe, { type AxeResults } from 'axe-core'
import express from 'express'
import helmet from 'helmet'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { startStatus } from '../../src/app/status/status.ts'
import { openEmbedded } from '../../src/history/embedded/embedded.ts'
import { insertResults } from '../../src/history/write/insert.ts'
import { migrate } from '../../src/history/migrate.ts'
import type { Sql } from '../../src/history/sql.ts'
import { rollUp } from '../../src/history/roll-up.ts'
import { systemClock } from '../../src/lib/time/clock.ts'
import { listenHttp, type Listening } from '../../src/lib/http/listen.ts'
import { createLogger } from '../../src/lib/logger.ts'
import type { Assets } from '../../src/web/pages/assets.ts'
import { statusPages } from '../../src/web/pages/routes.ts'
import type { StatusSource } from '../../src/web/status/status.ts'
import { failed, row } from '../history/support/rows.ts'
import { describeInBrowser } from '../support/programs/browser.ts'
import { currentAssets } from '../support/programs/browser-scripts.ts'
import { demoNow, demoStatus } from '../support/demo-status.ts'
import { embeddedFiles } from '../support/embedded.ts'
import { someOf } from '../support/proof.ts'
import { aConfig, aResult, aTarget } from '../support/target.ts'
import { tempFolder } from '../support/temp-folder.ts'

const dark: BrowserContextOptions = { colorScheme: 'dark' }
const phone: BrowserContextOptions = { viewport: { width: 360, height: 740 } }
const noScript: BrowserContextOptions = { javaScriptEnabled: false }

let assets: Assets
let demo: Listening
const running: Listening[] = []

async function serve(source: StatusSource, now: () => number): Promise<Listening> {
  const app = express()
    .use(helmet({ strictTransportSecurity: false }))
    .use(statusPages({ source, now, assets: () => assets }))
  const server = await listenHttp(app, { host: '127.0.0.1', port: 0 })
  running.push(server)
  return server
}

beforeAll(async () => {
  assets = currentAssets(await tempFolder())
  const publicTargets = ['checkout', 'search-api']
  demo = await serve(demoStatus({ publicTargets }), () => demoNow.getTime())
})

afterAll(async () => {
  for (const server of running) await server.stop()
})

const shownNames = (page: Page): Promise<string[]> => page.locator('.target:visible .who a').allTextContents()

describeInBrowser('the status page in Chromium', (visit) => {
  describe('the overview', () => {
    it('shows every target, those that need somebody first, and nothing is refused or missing', async () => {
      const { page, complaints } = await visit(demo.url)
      // The page keeps its ages true to the clock of the browser.
      await page.clock.setFixedTime(demoNow)
      await page.reload()
      expect(await page.locator('h1').textContent()).toBe('1 of 10 is down')
      expect((await shownNames(page)).slice(0, 4)).toEqual([
        'search-api',
        'sms-gateway',
        'nightly-backup',
        'checkout',
      ])
      expect(await page.locator('.target').first().innerText()).toMatch(
        /down for 1 h.*status expected 2xx, got 503/s,
      )
      expect(complaints).toEqual([])
    })

    it('filters as somebody types, by state and by label, and the address follows', async () => {
      const { page } = await visit(demo.url)
      await page.keyboard.press('/')
      await page.keyboard.type('DB1 tcp')
      expect(await shownNames(page)).toEqual(['payments-db'])
      expect(page.url()).toMatch(/\?q=DB1\+tcp$/)
      await page.getByRole('searchbox').fill('')
      await page.getByLabel('Label', { exact: true }).selectOption('team=checkout')
      expect(await shownNames(page)).toEqual(['checkout', 'payments-db', 'stripe-charges'])
      await page.getByRole('link', { name: '1 down' }).click()
      expect(await shownNames(page)).toEqual([])
      expect(await page.getByText('No target matches').isVisible()).toBe(true)
      await page.reload()
      expect(await page.getByText('No target matches').isVisible()).toBe(true)
    })

    it('takes in what has changed without losing the focus or what was typed', async () => {
      let down = true
      const [before, after] = [demoStatus(), demoStatus({ more: 1 })]
      const changing: StatusSource = { ...before, overview: () => (down ? before : after).overview() }
      const { url } = await serve(changing, () => demoNow.getTime())
      const { page } = await visit('about:blank')
      await page.clock.install({ time: demoNow })
      await page.goto(url)
      await page.getByRole('searchbox').fill('s')
      down = false
      await page.clock.runFor(31_000)
      await page.getByRole('link', { name: 'service-0' }).waitFor()
      expect(await page.locator('h1').textContent()).toBe('1 of 11 is down')
      expect(await page.locator('input[type=search]:focus').count()).toBe(1)
      expect(await page.getByRole('searchbox').inputValue()).toBe('s')
      expect(await page.getByRole('link', { name: 'payments-db' }).isVisible()).toBe(true)
      expect(await page.getByRole('link', { name: 'identity' }).isVisible()).toBe(true)
    })

    it('says that it is old when the server is gone', async () => {
      const server = await serve(demoStatus(), () => demoNow.getTime())
      const { page } = await visit('about:blank')
      await page.clock.install({ time: demoNow })
      await page.goto(server.url)
      expect(await page.getByText('The server does not answer').isVisible()).toBe(false)
      await server.stop()
      await page.clock.runFor(31_000)
      await page.getByText('The server does not answer').waitFor()
    })
  })

  describe('a target', () => {
    let sql: Sql
    let real: Listening

    /** Six hours of checks every 30 s, 40 minutes of which failed, and half an hour in which nobody looked. */
    beforeAll(async () => {
      const now = Date.now()
      sql = await openEmbedded(await embeddedFiles(await tempFolder()))
      await migrate(sql)
      const rows = Array.from({ length: 720 }, (_, i) => {
        const minutes = i / 2
        const at = now - (360 - minutes) * 60_000
        const duration_seconds = 0.1 + 0.05 * Math.sin(i / 20)
        return minutes >= 200 && minutes < 240 ? failed(at) : row(at, { duration_seconds })
      }).filter((_, i) => i < 500 || i >= 560)
      // With a second day, days are shown and not single checks: also just after midnight.
      const twoDaysAgo = row(now - 48 * 60 * 60_000)
      await insertResults(sql, [twoDaysAgo, ...rows])
      await rollUp(sql)
      const config = aConfig([aTarget({ name: 'a', expect: { ...aTarget().expect, maxLatency: 0.3 } })])
      const source = startStatus({
        config: () => config,
        lastResult: () => aResult({ startedAt: new Date(now) }),
        recording: {
          history: { sql, isOpen: () => true, pending: () => undefined },
          medians: () => undefined,
          commandRan: () => undefined,
        },
        location: 'here',
        clock: systemClock,
        log: createLogger({ destination: { write: () => undefined } }),
      })
      real = await serve(source, () => Date.now())
    })
    afterAll(() => sql.close())

    it('draws what is in the store, and tells what is below the pointer', async () => {
      const { page, complaints } = await visit(`${real.url}/targets/a?range=24h`)
      const chart = page.locator('.uplot .u-over')
      await chart.waitFor()
      const { width, height } = (await chart.boundingBox())!
      const read = async (hoursAgo: number): Promise<string> => {
        await chart.hover({ position: { x: width * (1 - hoursAgo / 24), y: height / 2 } })
        return (await page.locator('.readout').textContent()) ?? ''
      }
      expect(await read(5)).toMatch(/: 1\d\d ms$|: [5-9]\d ms$/)
      expect(await read(2.4)).toMatch(/failed$/)
      expect(await read(1.6)).toMatch(/unobserved$/)
      expect(await painted(page)).toBeGreaterThan(3)
      expect(complaints).toEqual([])
    })

    it('lists the incident with what was seen first and last, and the day as it was', async () => {
      const { page } = await visit(`${real.url}/targets/a`)
      const incident = page.locator('.incidents > li')
      expect(await incident.count()).toBe(1)
      expect(await incident.innerText()).toMatch(/40 min[^]*expected 2xx, got 503/)
      expect(await page.locator('.days title').last().textContent()).toMatch(/of \d+ checks failed$|: 100 %/)
    })

    it('changes the range, and says where nothing was seen', async () => {
      const { page } = await visit(`${real.url}/targets/a`)
      await page.getByRole('link', { name: '30d' }).click()
      await page.locator('.uplot').waitFor()
      expect(await page.getByText('median of each hour').isVisible()).toBe(true)
      await page.getByText('The same as a table').click()
      expect(await page.locator('table tbody tr').first().innerText()).toMatch(/\d+ ms/)
    })
  })

  describe('colours', () => {
    const background = (page: Page): Promise<string> =>
      page.evaluate<string>('getComputedStyle(document.body).backgroundColor')

    it('follow the system, and the button, which is remembered', async () => {
      const light = await background((await visit(demo.url)).page)
      const { page } = await visit(demo.url, dark)
      const night = await background(page)
      expect(night).not.toBe(light)
      const button = page.getByRole('button', { name: /Colours/ })
      await button.click()
      expect(await button.textContent()).toBe('Colours: light')
      expect(await background(page)).toBe(light)
      await page.goto(`${demo.url}/incidents`)
      expect(await background(page)).toBe(light)
      await button.click()
      expect(await background(page)).toBe(night)
    })
  })

  describe('a phone', () => {
    it.each(['/', '/targets/sms-gateway', '/incidents', '/public/'])(
      'shows %s without scrolling sideways',
      async (path) => {
        const { page } = await visit(demo.url + path, phone)
        expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
      },
    )
  })

  describe('without a script', () => {
    it('filters by the form, and hides what could not work', async () => {
      const { page } = await visit(demo.url, noScript)
      await page.getByRole('searchbox').fill('stripe')
      await page.getByRole('button', { name: 'Filter' }).click()
      expect(await shownNames(page)).toEqual(['stripe-charges'])
      expect(await page.getByRole('button', { name: /Colours/ }).count()).toBe(0)
    })

    it('shows latency as a drawing and as a table', async () => {
      const { page } = await visit(`${demo.url}/targets/search-api?range=7d`, noScript)
      expect(await page.locator('.chart > svg path.line').first().getAttribute('d')).toMatch(
        /^M[\d.]+ [\d.]+L/,
      )
      await page.getByText('The same as a table').click()
      expect(await page.locator('table tbody tr').count()).toBeGreaterThan(20)
    })
  })

  it('is reached with the keyboard: the first key leads past the menu', async () => {
    const { page } = await visit(demo.url)
    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').textContent()).toBe('Skip to the content')
    await page.keyboard.press('Enter')
    expect(await page.locator(':focus').getAttribute('id')).toBe('content')
  })

  describe('axe-core finds nothing serious', () => {
    const paths = [
      '/',
      '/targets/search-api',
      '/targets/nightly-backup',
      '/targets/none',
      '/incidents',
      '/public/',
    ]
    it.each(someOf(paths, 3))('in %s, light and dark', async (path) => {
      // axe is put into the page by the test, which the policy of the page would refuse.
      const { page } = await visit(demo.url + path, { bypassCSP: true })
      await page.evaluate(axe.source)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        const { violations } = await page.evaluate<AxeResults>(
          "axe.run(document, { resultTypes: ['violations'] })",
        )
        const findings = violations.map(
          ({ id, impact, nodes }) => `${impact ?? ''} ${id}: ${nodes[0]?.html ?? ''}`,
        )
        expect(findings.filter((finding) => /^(serious|critical)/.test(finding))).toEqual([])
      }
    })
  })
})

/** How many colours the chart has. */
function painted(page: Page): Promise<number> {
  return page.evaluate<number>(`{
    const canvas = document.querySelector('canvas')
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    new Set(new Uint32Array(data.buffer).filter((pixel) => pixel >>> 24 === 255)).size
  }`)
}
