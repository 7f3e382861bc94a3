import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { startReporter, type Reporter } from '../../../src/history/relay/reporter.ts'
import { unwatched } from '../../../src/lib/io/keeping.ts'
import { row } from '../support/rows.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { testTime } from '../../support/time/timers.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const start = '2026-11-20T12:00:00Z'

let server: Server | undefined
let reporter: Reporter | undefined

afterEach(async () => {
  await reporter?.stop()
  server?.closeAllConnections()
  server?.close()
})

/** A receiver that answers with the next of these statuses, then always with 200. */
async function setUp(statuses: number[], refused = 0) {
  const requests: { token: string | undefined; targets: string[]; at: number }[] = []
  const time = testTime(start)
  server = createServer((request, response) => {
    let body = ''
    request
      .on('data', (chunk: Buffer) => (body += chunk.toString()))
      .on('end', () => {
        const { checks } = JSON.parse(body) as { checks: { target: string }[] }
        const targets = checks.map(({ target }) => target)
        requests.push({ token: request.headers.authorization, targets, at: time.clock.monotonic() / 1000 })
        const status = statuses.shift() ?? 200
        const answer = {
          location: 'berlin',
          accepted: targets.length - refused,
          refused,
          why: refused ? ['at: is late'] : [],
        }
        response.writeHead(status).end(JSON.stringify(status === 200 ? answer : { error: 'not now' }))
      })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const registry = new Registry()
  let token = 'first'
  let logged = ''
  reporter = await startReporter(
    {
      url: new URL(`http://127.0.0.1:${port}/base/`),
      token: () => Promise.resolve(token),
      folder: await tempFolder(),
    },
    {
      ...time,
      registry,
      report: unwatched,
      log: pino({ level: 'info' }, { write: (text: string) => (logged += text) }),
    },
  )
  /** Lets time pass until something has arrived, or the log says so. */
  const until = (what: string, condition: () => boolean): Promise<boolean> =>
    waitFor(what, async () => {
      await time.pass(0.5)
      return condition()
    })
  return {
    requests,
    until,
    logged: () => logged,
    setToken: (next: string) => (token = next),
    metrics: () => registry.metrics(),
    add: (target: string) => reporter?.add(row(start, { target })),
  }
}

it('sends what was checked, and says as which location', async () => {
  const { requests, until, logged, add, metrics } = await setUp([])
  add('a')
  add('b')
  await until('both have arrived', () => requests.flatMap(({ targets }) => targets).length === 2)
  await until('it is said', () => logged().includes('as the location berlin'))
  expect(requests[0]?.token).toBe('Bearer first')
  expect(await metrics()).toContain('probity_report_to_checks_total{result="accepted"} 2')
  expect(await metrics()).toContain('probity_report_to_waiting 0')
})

it('tries again ever less often, with the token that is there then, and sends nothing twice that was taken', async () => {
  const { requests, until, logged, add, setToken, metrics } = await setUp([503, 401, 500, 403])
  add('a')
  await until('the first attempt', () => requests.length === 1)
  setToken('second')
  add('b')
  await until('it is accepted', () => logged().includes('again'))
  expect(requests.map(({ token }) => token)).toEqual([
    'Bearer first',
    ...Array<string>(requests.length - 1).fill('Bearer second'),
  ])
  expect(requests.slice(0, 5).map(({ targets }) => targets[0])).toEqual(Array(5).fill('a'))
  const pauses = requests.slice(1, 5).map(({ at }, index) => at - (requests[index]?.at ?? 0))
  for (const [index, least] of [1, 2, 4, 8].entries()) expect(pauses[index]).toBeGreaterThanOrEqual(least)
  await until('the other one arrives', () => requests.some(({ targets }) => targets.includes('b')))
  expect(requests.slice(5).flatMap(({ targets }) => targets)).not.toContain('a')
  expect(logged().match(/cannot be reported/g)).toHaveLength(1)
  expect(logged()).toContain('it answers 503: not now')
  expect(await metrics()).toContain('probity_report_to_checks_total{result="dropped"} 0')
})

it('does not send again what is refused, and says why', async () => {
  const { requests, until, logged, add, metrics } = await setUp([], 1)
  add('a')
  await until('the reason is said', () => logged().includes('refuses 1 check: at: is late'))
  expect(await metrics()).toContain('probity_report_to_checks_total{result="refused"} 1')
  add('b')
  await until('the next one', () => requests.length === 2)
  expect(requests[1]?.targets).toEqual(['b'])
})
