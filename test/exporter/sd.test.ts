import express from 'express'
import { gunzipSync } from 'node:zlib'
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Config } from '../../src/config/config.ts'
import { sdRoute } from '../../src/exporter/sd.ts'
import { listenHttp, type Listening } from '../../src/lib/http/listen.ts'
import { aConfig, aTarget } from '../support/target.ts'
import { longestTurn } from '../support/time/longest-turn.ts'

describe('/sd with many targets', () => {
  let server: Listening
  let config: Config
  /** Moves by a millisecond with every target that is written. */
  let time: number

  beforeEach(async () => {
    time = 0
    config = manyTargets('a')
    const clock = { now: () => 0, monotonic: () => ++time }
    const app = express()
    app.use(sdRoute({ config: () => config, routePrefix: '', location: 'here', clock }))
    server = await listenHttp(app, { host: '127.0.0.1', port: 0 })
  })

  afterEach(() => server.stop())

  async function get(
    accepted = 'identity',
    host = 'probity:9740',
  ): Promise<{ encoding: string | undefined; text: string }> {
    const sent = request(`${server.url}/sd`, { headers: { host, 'accept-encoding': accepted } }).end()
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    const body = Buffer.concat((await response.toArray()) as Buffer[])
    const encoding = response.headers['content-encoding']
    return { encoding, text: (encoding === 'gzip' ? gunzipSync(body) : body).toString() }
  }

  const namesIn = (text: string): string[] =>
    (JSON.parse(text) as { labels: { target: string } }[]).map(({ labels }) => labels.target)

  it('is written in slices of ten milliseconds', async () => {
    const longest = longestTurn(() => time)
    const { text } = await get()
    expect(namesIn(text)).toEqual(config.targets.map(({ name }) => name))
    expect(time).toBeGreaterThan(1000)
    expect(longest()).toBeLessThanOrEqual(12)
  })

  it('is written once for a configuration and a host, and compressed for those who ask for it', async () => {
    const [plain, other] = await Promise.all([get(), get('identity', 'other:9740')])
    const written = time
    expect(await get('gzip;q=0')).toEqual({ encoding: undefined, text: plain.text })
    expect(await get('gzip')).toEqual({ encoding: 'gzip', text: plain.text })
    expect(await get('identity', 'other:9740')).toEqual(other)
    expect(time).toBe(written)
    expect(other.text).toBe(plain.text.replaceAll('"probity:9740"', '"other:9740"'))
  })

  it('is written again for another configuration', async () => {
    await get('gzip')
    config = manyTargets('b')
    expect(namesIn((await get('gzip')).text)[0]).toBe('b0')
  })

  it('is an empty list without targets', async () => {
    config = aConfig([])
    expect((await get()).text).toBe('[]')
  })
})

function manyTargets(prefix: string): Config {
  return aConfig(Array.from({ length: 1000 }, (_, index) => aTarget({ name: `${prefix}${index}` })))
}
