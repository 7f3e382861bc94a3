import express from 'express'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Gauge, Registry } from 'prom-client'
import { listenHttp, type Listening } from '../../src/lib/http/listen.ts'
import { metricsRoute } from '../../src/metrics/route.ts'
import { longestTurn } from '../support/time/longest-turn.ts'
import { waitFor } from '../support/time/wait-for.ts'

describe('/metrics', () => {
  let server: Listening
  let collected: number
  let asked: number
  let go: () => void
  let more: readonly string[]
  let time: number

  beforeEach(async () => {
    collected = asked = time = 0
    more = ['more 1\n']
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
    app.use(
      metricsRoute({
        registry,
        moreMetrics: ({ scrape }) => (scrape ? ['scraped 1\n'] : more),
        clock: { monotonic: () => ++time },
      }),
    )
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

  it('is made for Prometheus, which says how long it waits, and for people', async () => {
    const scrape = async (): Promise<string> =>
      (
        await fetch(`${server.url}/metrics`, { headers: { 'X-Prometheus-Scrape-Timeout-Seconds': '10' } })
      ).text()
    const answers = Promise.all([get(), scrape(), get(), scrape()])
    await waitFor('four requests', () => asked === 4)
    go()
    const [first, scraped, ...others] = await answers
    expect([first, scraped]).toEqual([
      expect.stringMatching(/\nmore 1\n$/),
      expect.stringMatching(/\nscraped 1\n$/),
    ])
    expect(others).toEqual([first, scraped])
    expect(collected).toBe(2)
  })

  it('is made in slices of ten milliseconds, however long it is', async () => {
    go()
    more = Array.from({ length: 1000 }, (_, index) => `more{index="${index}"} 1\n`)
    // Every piece takes a millisecond.
    const longest = longestTurn(() => time)
    expect(await get()).toMatch(/\nmore\{index="0"\} 1\n[^]*\nmore\{index="999"\} 1\n$/)
    expect(time).toBeGreaterThan(1000)
    expect(longest()).toBeLessThanOrEqual(12)
  })
})
