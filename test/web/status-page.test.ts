import { afterEach, describe, expect, it } from '@jest/globals'
import express from 'express'
import type { Target } from '../../src/config/target.ts'
import { listenHttp, type Listening } from '../../src/lib/listen.ts'
import type { ProbeResult } from '../../src/probers/prober.ts'
import { statusPage } from '../../src/web/status-page.ts'
import { aConfig, aResult, aTarget } from '../support/target.ts'

let server: Listening | undefined

async function page(
  targets: readonly Target[],
  results: Readonly<Record<string, ProbeResult>>,
): Promise<Response> {
  const app = express().use(
    statusPage({
      config: () => aConfig(targets),
      lastResult: ({ name }) => results[name],
      now: () => Date.parse('2026-11-20T12:00:30Z'),
    }),
  )
  server = await listenHttp(app, { host: '127.0.0.1', port: 0 })
  return fetch(server.url)
}

afterEach(async () => {
  await server?.stop()
})

describe('the status page', () => {
  it('lists every target with its last result, its age and how long it took', async () => {
    const failure = { reason: 'status', message: 'expected 2xx, got 503' } as const
    const response = await page([aTarget(), aTarget({ name: 'broken' }), aTarget({ name: 'new' })], {
      shop: aResult(),
      broken: aResult({ success: false, failure }),
    })
    const text = await response.text()
    expect(text).toContain('3 targets')
    expect(text).toMatch(/shop<\/a>[^]*✓ up[^]*125 ms[^]*30 s ago[^]*HTTP 200/)
    expect(text).toMatch(/broken<\/a>[^]*✗ failing[^]*status: expected 2xx, got 503/)
    expect(text).toMatch(/new<\/a>[^]*not checked yet/)
  })

  it('lets neither a name nor a message become markup, and shows no secret', async () => {
    const evil = '<script>alert(1)</script>'
    const failure = { reason: 'body', message: `${evil} token-12345` } as const
    const response = await page([aTarget({ name: evil, secrets: ['token-12345'] })], {
      [evil]: aResult({ success: false, failure }),
    })
    const text = await response.text()
    expect(text).not.toContain('<script>')
    expect(text).not.toContain('token-12345')
    expect(text).toContain('&lt;secret&gt;')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  })
})
