import express from 'express'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Gauge, Registry } from 'prom-client'
import { listenHttp, type Listening } from '../../src/lib/http/listen.ts'
import { metricsRoute } from '../../src/metrics/route.ts'
import { waitFor } from '../support/time/wait-for.ts'

describe('/metrics', () => {
  let server: Listening
  let collected: number
  let asked: number
  let go: () => void

  beforeEach(async () => {
    collected = asked = 0
    const gate = new Promise<void>((resolve) => (go = resolve))
    const registry = new Registry()
    new Gauge({
      name: 'a_gauge',
      help: 'Counts how often it was asked for',
      registers: [registry],
      async collect() {
        this.set(++collected)
        await gate
      },
    })
    const app = express()
    app.use((_request, _response, next) => {
      asked++
      next()
    })
    app.use(metricsRoute({ registry, moreMetrics: () => 'more 1\n' }))
    server = await listenHttp(app, { host: '127.0.0.1', port: 0 })
  })

  afterEach(() => server.stop())

  const get = async (): Promise<string> => (await fetch(`${server.url}/metrics`)).text()

  it('is made once for all who ask meanwhile, and again for the next', async () => {
    const answers = Promise.all([get(), get(), get()])
    await waitFor('three requests', () => asked === 3)
    go()
    for (const text of await answers) expect(text).toMatch(/^a_gauge 1\nmore 1\n$/m)
    expect(collected).toBe(1)
    expect(await get()).toContain('\na_gauge 2\n')
  })
})
