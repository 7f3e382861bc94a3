import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startExporter } from '../../src/app/exporter/exporter.ts'
import type { Exporter } from '../../src/app/exporter/running.ts'
import { callsAnswer } from '../../src/app/openapi.ts'
import { historyPlace } from '../../src/app/recording/recording.ts'
import { createLogger } from '../../src/lib/logger.ts'
import {
  incidentsAnswer,
  publicTargetsAnswer,
  seriesAnswer,
  targetAnswer,
  targetsAnswer,
} from '../../src/web/api/shapes.ts'
import { withDatabase } from '../support/embedded.ts'
import { describeWithPostgres, startPostgres, type TestPostgres } from '../support/programs/postgres.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'
import { answerOf, checked } from '../web/api/conformance.ts'

const log = createLogger({ destination: { write: () => undefined } })
const key = 'key-98765'

/** A shop that answers as it is told to, and an exporter that has looked at it when it was well and when it was not. */
async function startPlace(databaseUrl: string | undefined, stored: boolean) {
  let status = 200
  const peer = createServer((_, response) => response.writeHead(status).end(key))
  peer.listen(0, '127.0.0.1')
  await once(peer, 'listening')
  const { port } = peer.address() as AddressInfo
  const folder = await withDatabase(await tempFolder())
  const configFile = join(folder, 'targets.yml')
  await writeFile(
    configFile,
    `web: { public: [shop] }
defaults: { interval: 1s, timeout: 900ms }
targets:
  - { name: shop, url: "http://127.0.0.1:${port}/\${KEY}?key=\${KEY}", labels: { vendor: v }, runbook: "https://wiki.example.com/" }
  - { name: idle, url: "http://127.0.0.1:${port}/" }
`,
  )
  const place = {
    ...historyPlace(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }, folder),
    // Of openHistory: a test need not wait ten seconds for rollups.
    upkeepMs: 200,
  }
  const exporter = await startExporter(
    { configFile, listenAddress: { host: '127.0.0.1', port: 0 }, ...(stored && { history: place }) },
    { log, env: { KEY: key } },
  )
  return {
    exporter,
    async probe(answer: number) {
      status = answer
      await fetch(`${exporter.url}/probe?target=shop`)
    },
    async stop() {
      await exporter.stop()
      peer.close()
    },
  }
}

type Place = Awaited<ReturnType<typeof startPlace>>

function suite(open: () => Promise<Place>, stored: boolean): void {
  let place: Place
  let url: string
  beforeAll(async () => {
    place = await open()
    url = place.exporter.url
  })
  afterAll(() => place.stop())

  it('answers as it is documented, from the first moment', async () => {
    const { history, targets } = await answerOf(`${url}/api/v1/targets`, targetsAnswer)
    expect(stored ? ['starting', 'ready'] : ['none']).toContain(history)
    expect(targets.map(({ state }) => state)).toEqual(['pending', 'pending'])
    await answerOf(`${url}/api/v1/targets/shop`, targetAnswer)
    await answerOf(`${url}/api/v1/targets/shop/series`, seriesAnswer)
    await answerOf(`${url}/api/v1/incidents`, incidentsAnswer)
    const calls = await fetch(`${url}/api/v1/calls`, { method: 'POST', body: 'no call\n' })
    expect(callsAnswer.parse(await calls.json())).toMatchObject({ accepted: 0 })
  })

  it('shows an outage with its evidence and without secrets', async () => {
    await place.probe(200)
    await waitFor('the next check is due', async () => {
      await place.probe(503)
      const { target } = await answerOf(`${url}/api/v1/targets/shop`, targetAnswer)
      return 'since' in target && target.state === 'down' && target.since !== undefined
    })
    const { target } = await answerOf(`${url}/api/v1/targets/shop`, targetAnswer)
    expect(target).toMatchObject({ state: 'down', kind: 'http', runbook: 'https://wiki.example.com/' })
    const { incidents } = await answerOf(`${url}/api/v1/incidents?target=shop`, incidentsAnswer)
    expect(incidents).toMatchObject([
      {
        target: 'shop',
        firstFailure: { reason: 'status', statusCode: 503, message: expect.stringContaining('503') },
      },
    ])
    const pages = ['targets', 'targets/shop', 'targets/shop/series', 'incidents']
    for (const page of pages) expect(await (await fetch(`${url}/api/v1/${page}`)).text()).not.toContain(key)
  })

  it('says to anybody only what is public', async () => {
    const { targets } = await answerOf(`${url}/public/api/v1/targets`, publicTargetsAnswer)
    expect(targets.map(({ name, state }) => [name, state])).toEqual([['shop', 'down']])
    expect((await fetch(`${url}/public/badge/shop.svg`)).status).toBe(200)
    expect((await fetch(`${url}/public/badge/idle.svg`)).status).toBe(404)
  })

  if (!stored) return

  it('has the days, the hours and the checks that are stored', async () => {
    const history = async (exporter: Exporter): Promise<boolean> => {
      const answer = await answerOf(`${exporter.url}/api/v1/targets/shop`, targetAnswer)
      const { days, availability } = checked(answer.target)
      return days.at(-1)?.unobserved === false && availability.last24h !== null
    }
    await waitFor('the rollups are there', () => history(place.exporter))
    const { target: answer, history: state } = await answerOf(`${url}/api/v1/targets/shop`, targetAnswer)
    const target = checked(answer)
    expect(state).toBe('ready')
    expect(target.days).toHaveLength(90)
    expect(target.sparkline.filter((p50) => p50 !== null)).toHaveLength(1)
    expect(target.availability.last30d).toBeGreaterThan(0)
    expect(target.availability.last30d).toBeLessThan(1)
    const { points } = await answerOf(`${url}/api/v1/targets/shop/series`, seriesAnswer)
    expect(points[0]).toMatchObject({ checks: 1, failures: 0 })
    expect(points.filter(({ failures }) => failures === 1).length).toBeGreaterThan(0)
  })
}

describe('the status of an exporter that stores nothing', () => {
  suite(() => startPlace(undefined, false), false)
})

describe('the status of one that stores in the built-in database', () => {
  suite(() => startPlace(undefined, true), true)
})

describeWithPostgres('the status of one that stores in a PostgreSQL server', () => {
  let server: TestPostgres
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())
  suite(() => startPlace(server.url, true), true)

  it('is shown without its past while the server is away', async () => {
    const place = await startPlace(server.url, true)
    try {
      await waitFor('the store is open', async () => {
        const { history } = await answerOf(`${place.exporter.url}/api/v1/targets`, targetsAnswer)
        return history === 'ready'
      })
      await server.kill()
      await waitFor('the store is missed', async () => {
        await place.probe(200)
        const answer = await answerOf(`${place.exporter.url}/api/v1/targets`, targetsAnswer)
        expect(answer.targets[0]?.state).toBe('up')
        return answer.history === 'unavailable'
      })
      await server.start()
      await waitFor('it is back', async () => {
        const { history } = await answerOf(`${place.exporter.url}/api/v1/targets`, targetsAnswer)
        return history === 'ready'
      })
    } finally {
      await place.stop()
    }
  })
})
