import express from 'express'
import { afterEach, describe, expect, it } from 'vitest'
import { listenHttp, type Listening } from '../../src/lib/http/listen.ts'
import { statusApi } from '../../src/web/api/routes.ts'
import { targetAnswer, targetsAnswer } from '../../src/web/api/shapes.ts'
import { statusPages } from '../../src/web/pages/routes.ts'
import type { ElsewherePast, LocationPast } from '../../src/web/status/location.ts'
import { aTarget } from '../support/target.ts'
import { ago, aPast, aSource, aStore, now, passed } from './support.ts'

const from = (location: string, seconds: number, overrides: Partial<LocationPast> = {}): LocationPast => ({
  location,
  at: ago(seconds),
  success: true,
  durationSeconds: 0.1,
  last24h: 1,
  p50Seconds: 0.1,
  ...overrides,
})
const down = { success: false, reason: 'timeout', message: 'no \u001b[31m<b>answer</b>' }

const elsewhere: readonly ElsewherePast[] = [
  {
    name: '<i>disk</i>',
    labels: { team: '<u>ops' },
    intervalSeconds: 30,
    locations: [from('berlin', 5, down)],
  },
  { name: 'gone', labels: {}, intervalSeconds: 30, locations: [from('berlin', 101), from('paris', 500)] },
  { name: 'printer', labels: {}, intervalSeconds: 30, locations: [from('berlin', 99), from('paris', 500)] },
]

let asked: readonly string[] | undefined
const past = aStore(
  { shop: aPast() },
  {
    locations: () => Promise.resolve(new Map([['shop', [from('fra', 5, down), from('here', 5)]]])),
    elsewhere(known) {
      asked = known
      return Promise.resolve(elsewhere)
    },
    overview: (names, location) =>
      Promise.resolve(
        new Map(
          names.map((name) => [
            name,
            location === 'fra'
              ? aPast({
                  availability: { last24h: 0.9, last30d: 0.5, last90d: 0.4 },
                  latency: { p95Seconds: 2 },
                })
              : aPast(),
          ]),
        ),
      ),
  },
)

let server: Listening | undefined

afterEach(async () => {
  await server?.stop()
})

async function get(path: string): Promise<{ status: number; text: string }> {
  const source = aSource({
    ...{ targets: [aTarget()], checks: { shop: [passed(5)] }, past, location: 'here' },
    publicTargets: ['shop'],
  })
  const app = express().use(statusApi({ source, now: () => now }), statusPages({ source, now: () => now }))
  server = await listenHttp(app, { host: '127.0.0.1', port: 0 })
  const response = await fetch(server.url + path)
  return { status: response.status, text: await response.text() }
}

describe('a target that only other locations watch', () => {
  it('is down from one of them, up, or pending', async () => {
    const source = aSource({ targets: [aTarget()], past, location: 'here' })
    const states = (await source.elsewhere()).map(({ name, state, locations }) => [
      name,
      state,
      locations.map((each) => each.state),
    ])
    expect(states).toEqual([
      ['<i>disk</i>', 'down', ['down']],
      ['gone', 'pending', ['silent', 'silent']],
      ['printer', 'up', ['up', 'silent']],
    ])
    expect(asked).toEqual(['shop'])
  })

  it('is on the page, in the sentence at its top, and lets nothing become markup', async () => {
    const { text } = await get('/')
    expect(text).toContain('<h1>1 of 4 is down</h1>')
    expect(text).toContain('&lt;i&gt;disk&lt;/i&gt;')
    expect(text).toContain('down from berlin')
    expect(text).toContain('not checked any more from both locations')
    expect(text).not.toMatch(/<i>disk|<u>ops|<b>answer|\u001b/)
  })

  it('has a page', async () => {
    const { status, text } = await get(`/targets/${encodeURIComponent('<i>disk</i>')}`)
    expect(status).toBe(200)
    expect(text).toContain('Watched elsewhere, every 30 s')
    expect(text).not.toMatch(/<i>disk|<u>ops|<b>answer|\u001b/)
  })

  it('is in the API', async () => {
    const { targets } = targetsAnswer.parse(JSON.parse((await get('/api/v1/targets')).text))
    expect(targets.map(({ name, kind }) => [name, kind])).toEqual([
      ['shop', 'http'],
      ['<i>disk</i>', 'elsewhere'],
      ['gone', 'elsewhere'],
      ['printer', 'elsewhere'],
    ])
    await server?.stop()
    const { target } = targetAnswer.parse(JSON.parse((await get('/api/v1/targets/printer')).text))
    expect(target).toMatchObject({ kind: 'elsewhere', state: 'up' })
  })
})

describe('a badge', () => {
  const title = async (path: string): Promise<string> =>
    /<title>(.*?)<\/title>/.exec((await get(path)).text)?.[1] ?? ''

  it.each([
    ['shop.svg', 'shop: up'],
    ['shop.svg?location=fra', 'shop from fra: down'],
    ['shop.svg?location=here', 'shop from here: up'],
    ['shop.svg?location=fra&metric=availability', 'shop from fra availability 30d: 50.00%'],
    ['shop.svg?location=here&metric=availability', 'shop from here availability 30d: 100%'],
    ['shop.svg?location=fra&metric=p95', 'shop from fra p95 24h: 2.00 s'],
    ['printer.svg', 'printer: up'],
    ['printer.svg?metric=p50', 'printer p50 24h: unobserved'],
    ['printer.svg?location=paris', 'printer from paris: silent'],
  ])('%s', async (path, words) => {
    expect(await title(`/badge/${path}`)).toBe(words)
  })

  it.each([
    [
      'shop.svg?location=%3Cb%3E',
      '"<b>" has not checked this target within a day: expected one of its locations (fra, here)',
    ],
    ['none.svg?location=fra', 'there is no target "none"'],
  ])('of a location that is not known says so: %s', async (path, error) => {
    const { status, text } = await get(`/badge/${path}`)
    expect(status).toBe(404)
    expect(JSON.parse(text)).toEqual({ error })
  })

  it('that is public has no locations', async () => {
    expect((await get('/public/badge/shop.svg?location=fra')).status).toBe(400)
  })
})
