import { posix } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import express from 'express'
import { listenHttp, type Listening } from '../../../src/lib/http/listen.ts'
import type { Assets } from '../../../src/web/pages/assets.ts'
import { statusPages } from '../../../src/web/pages/routes.ts'
import type { StatusSource } from '../../../src/web/status/status.ts'
import { currentAssets } from '../../support/programs/browser-scripts.ts'
import { demoNow, demoStatus } from '../../support/demo-status.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { aTarget } from '../../support/target.ts'
import { aSource, failedCheck, now, passed } from '../support.ts'

let assets: Assets
let server: Listening | undefined

async function serve(source: StatusSource, at = demoNow.getTime()): Promise<string> {
  const app = express().use(statusPages({ source, now: () => at, assets: () => assets }))
  server = await listenHttp(app, { host: '127.0.0.1', port: 0 })
  return server.url
}

const textOf = (url: string, init?: RequestInit): Promise<string> =>
  fetch(url, init).then((answer) => answer.text())

beforeAll(async () => {
  assets = currentAssets(await tempFolder())
})

afterEach(async () => {
  await server?.stop()
})

describe('the pages', () => {
  it('allow nothing inline and nothing from elsewhere', async () => {
    const url = await serve(demoStatus({ publicTargets: ['checkout'] }))
    for (const path of ['/', '/targets/checkout', '/targets/none', '/incidents', '/public/']) {
      const response = await fetch(url + path)
      const page = await response.text()
      expect(response.headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      )
      expect(page).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=/)
      expect(page).not.toMatch(/(?:src|<link[^>]* href)="(?:https?:)?\/\//)
    }
  })

  it('let neither a name nor a message become markup or an address', async () => {
    const name = '"><script>alert(1)</script>'
    const target = aTarget({ name, runbook: 'javascript:alert(1)', labels: { team: '<b>' } })
    const url = await serve(
      aSource({ targets: [target], checks: { [name]: [failedCheck(5, '<img src=x onerror=alert(1)>')] } }),
      now,
    )
    for (const path of [
      '/',
      `/targets/${encodeURIComponent(name)}`,
      '/incidents',
      `/?q=${encodeURIComponent(name)}`,
    ]) {
      const page = await textOf(url + path)
      expect(page).toContain('&lt;script&gt;')
      expect(page).not.toMatch(/<script>|<img|<b>&lt;b|href="javascript/)
    }
  })

  it('work for every name that a target may have', async () => {
    const names = ['https://example.org/a?b', 'a b/c', '100%', 'ünï']
    const url = await serve(aSource({ targets: names.map((name) => aTarget({ name })) }), now)
    const overview = await textOf(url)
    const links = [...overview.matchAll(/href="(targets\/[^"]+)"/g)].map(([, link]) => link!)
    expect(links).toHaveLength(names.length)
    for (const link of links) expect((await fetch(new URL(link, `${url}/`))).status).toBe(200)
  })

  it('say that a target is not there, with 404', async () => {
    const response = await fetch(`${await serve(demoStatus())}/targets/none`)
    expect(response.status).toBe(404)
    expect(await response.text()).toContain('no target named <b>none</b>')
  })

  it('say pending before the first check, and why there is no past', async () => {
    const url = await serve(
      aSource({ targets: [aTarget(), aTarget({ name: 'b' })], checks: { b: [passed(3)] } }),
      now,
    )
    const page = await textOf(url)
    expect(page).toContain('1 up, 1 pending')
    expect(page).toContain('not checked yet')
    expect(page).toContain('Results are not stored here')
    expect(page).not.toContain('class="spark"')
    expect(await textOf(`${url}/targets/shop`)).toContain('the first check is made within 30 s')
  })

  it('mark maintenance and what began in one, next to the state and in words', async () => {
    const url = await serve(demoStatus({ publicTargets: ['sms-gateway'] }))
    const mark = /<svg class="icon tone-maintenance"[^>]*><use href="#icon-maintenance"/g
    const marked = async (path: string): Promise<[string, number]> => {
      const page = await textOf(url + path)
      return [page.replace(/<[^>]+>/g, ''), [...page.matchAll(mark)].length]
    }
    const [overview, marks] = await marked('/')
    expect(overview).toMatch(/sms-gateway[^]*degraded[^]*maintenance until 11:12/)
    expect(marks).toBe(1)
    const [target, ofTarget] = await marked('/targets/sms-gateway')
    expect(target).toMatch(/sms-gatewaydegradedmaintenance until 11:12[^]*began in maintenance/)
    expect(ofTarget).toBe(5)
    expect((await marked('/targets/checkout'))[1]).toBe(0)
    expect((await marked('/incidents'))[1]).toBeGreaterThan(0)
    expect((await marked('/public/'))[0]).not.toContain('maintenance')
  })

  it('say what the last check has seen, where it has seen something', async () => {
    const url = await serve(demoStatus())
    expect(await textOf(`${url}/targets/sms-gateway`)).toContain(
      '<dt>response</dt><dd>HTTP/2 200 from 192.0.2.7, 512 bytes</dd>',
    )
    expect(await textOf(`${url}/targets/nightly-backup`)).not.toContain('<dt>response</dt>')
  })

  it.each([
    ['starting', 'The history is being opened'],
    ['unavailable', 'The history cannot be read at the moment'],
  ] as const)('say that the history is %s', async (history, words) => {
    const url = await serve(demoStatus({ history }))
    for (const path of ['/', '/targets/checkout', '/incidents'])
      expect(await textOf(url + path)).toContain(words)
  })

  it('are in the colours that were chosen, and in no other words', async () => {
    const url = await serve(demoStatus())
    const themed = (cookie: string): Promise<string> => textOf(url, { headers: { cookie } })
    expect(await themed('a=b; probity-theme=dark')).toContain('data-theme="dark"')
    expect(await themed('probity-theme="><script>')).toContain('data-theme="system"')
  })

  it('hide what the filter leaves out, so that a script can bring it back', async () => {
    const page = await textOf(`${await serve(demoStatus())}/?q=checkout&state=up&label=team%3Dcheckout`)
    const rows = [...page.matchAll(/<li class="target" data-key="([^"]+)"[^>]*?( hidden)?>/g)]
    expect(rows).toHaveLength(10)
    expect(rows.filter(([, , hidden]) => hidden === undefined).map(([, name]) => name)).toEqual([
      'checkout',
      'payments-db',
      'stripe-charges',
    ])
  })
})

describe('the public page', () => {
  it('is not there where no target is public', async () => {
    const url = await serve(demoStatus())
    expect((await fetch(`${url}/public/`)).status).toBe(404)
    expect((await fetch(`${url}/public`)).status).toBe(404)
  })

  it('has names, states and days, and leads nowhere else', async () => {
    const page = await textOf(
      `${await serve(demoStatus({ publicTargets: ['search-api', 'checkout'] }))}/public/`,
    )
    expect(page).toMatch(/search-api<\/h2>[^]*down[^]*checkout<\/h2>[^]*up/)
    expect(page).not.toMatch(
      /identity|search\.internal|expected 2xx|discovery|checks failed| ms\b|href="\.\.|<nav aria/,
    )
  })
})

describe('what pages load', () => {
  it('is named by its content and may be kept forever', async () => {
    const url = await serve(demoStatus({ publicTargets: ['checkout'] }))
    for (const base of [`${url}/`, `${url}/public/`]) {
      const page = await textOf(base)
      const paths = [...page.matchAll(/(?:src|href)="(assets\/[^"]+)"/g)].map(([, path]) => path!)
      expect(paths.length).toBeGreaterThanOrEqual(3)
      for (const path of paths) {
        const response = await fetch(new URL(path, base))
        expect(response.status).toBe(200)
        expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
      }
    }
    expect((await fetch(`${url}/assets/000000000000/browser/page.js`)).status).toBe(404)
    expect((await fetch(`${url}/assets/${assets.folder}/..%2F..%2Fpackage.json`)).status).toBe(404)
  })

  it('has every script that another one imports', () => {
    const scripts = [...assets.files].filter(([name]) => name.endsWith('.js') && name !== 'uplot.js')
    const imported = scripts.flatMap(([name, content]) =>
      [...content.toString().matchAll(/from ["'](\.[^"']+)/g)].map(([, path]) =>
        posix.join(posix.dirname(name), path!),
      ),
    )
    expect(imported).toEqual(expect.arrayContaining(['browser/morph.js', 'shared/as-text.js']))
    for (const name of imported) expect(assets.files.has(name)).toBe(true)
  })
})

describe('500 targets', () => {
  it('fit in less than 1 MB', async () => {
    const page = await textOf(await serve(demoStatus({ more: 490 })))
    expect(page).toContain('1 of 500 is down')
    expect(page.length).toBeLessThan(1_000_000)
  })
})
