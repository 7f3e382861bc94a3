import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import type { Trace } from '../../src/alerts/evidence/route/trace.ts'
import { startNotifier } from '../../src/app/notifier/notifier.ts'
import { startSolo } from '../../src/app/solo/solo.ts'
import { watchRoutes } from '../../src/app/status/routes.ts'
import type { ProbeResult } from '../../src/checks/result.ts'
import type { FailureReason } from '../../src/net/failure.ts'
import { targetAnswer } from '../../src/web/api/shapes.ts'
import { anAlert, webhookMessage } from '../support/alerts/alerts.ts'
import { atEnd } from '../support/at-end.ts'
import { parse } from '../support/parse-config.ts'
import { freePort } from '../support/programs/free-port.ts'
import { aTarget } from '../support/target.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'

const log = pino({ level: 'silent' })
const at = new Date(0)
const target = aTarget({ name: 'api', traceroute: true })

function result(reason?: FailureReason): ProbeResult {
  return {
    startedAt: at,
    durationSeconds: 1,
    success: reason === undefined,
    ...(reason && { failure: { reason, message: 'no' } }),
    resolve: { durationSeconds: 0, address: '192.0.2.7' },
  }
}

/** Routes of which each trace answers at once. */
function watched() {
  const traced: string[] = []
  const routes = watchRoutes((address): Promise<Trace> => {
    traced.push(address)
    return Promise.resolve({ at, address, words: `trace ${traced.length}`, lines: [] })
  }, log)
  return { routes, traced }
}

it('traces the way once, until the target has worked again', async () => {
  const { routes, traced } = watched()
  routes.observe(target, result())
  expect(traced).toEqual([])
  for (const reason of ['timeout', 'connect', 'timeout'] as const) routes.observe(target, result(reason))
  expect(traced).toEqual(['192.0.2.7'])
  await waitFor('the trace', () => routes.of('api')?.words === 'trace 1')
  routes.observe(target, result())
  expect(routes.of('api')).toBeUndefined()
  routes.observe(target, result('connect'))
  expect(traced).toHaveLength(2)
})

it('traces no way where it would say nothing', () => {
  const { routes, traced } = watched()
  routes.observe(target, result('status'))
  routes.observe(target, { ...result('dns'), resolve: { durationSeconds: 0 } })
  routes.observe({ ...target, name: 'b' }, { ...result('timeout'), resolve: { durationSeconds: 0 } })
  routes.observe(aTarget({ name: 'other' }), result('connect'))
  expect(traced).toEqual([])
  routes.observe(target, result('connect'))
  routes.retain([])
  expect(routes.of('api')).toBeUndefined()
})

it('ends what runs', async () => {
  const routes = watchRoutes(
    (_address, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          resolve(undefined)
        })
      }),
    log,
  )
  routes.observe(target, result('connect'))
  await routes.stop()
  expect(routes.of('api')).toBeUndefined()
})

it('is on the page, in the API and in what the notifier says', async () => {
  const folder = await tempFolder()
  const program = join(folder, 'traceroute')
  writeFileSync(program, "#!/bin/sh\necho ' 1  192.0.2.1  1 ms'\necho ' 2  * <b>'\n")
  chmodSync(program, 0o755)
  writeFileSync(
    join(folder, 'targets.yml'),
    `targets: [{ name: gone, tcp: "127.0.0.1:${await freePort()}", traceroute: true, interval: 1s, timeout: 500ms }]`,
  )
  const listenAddress = { host: '127.0.0.1', port: 0 }
  const solo = await startSolo(
    { configFile: join(folder, 'targets.yml'), listenAddress, storagePath: folder },
    { log, env: { PATH: folder }, stdout: { write: () => true } },
  )
  atEnd(solo.stop)
  const words = 'on the way to 127.0.0.1, the last answer is from 192.0.2.1 (hop 1)'
  const get = async (path: string): Promise<string> => (await fetch(solo.url + path)).text()
  const route = await waitFor('the way is traced', async () => {
    const answer = targetAnswer.parse(JSON.parse(await get('/api/v1/targets/gone'))).target
    return 'route' in answer && answer.route
  })
  expect(route).toMatchObject({ address: '127.0.0.1', words, lines: [' 1  192.0.2.1  1 ms', ' 2  * <b>'] })
  const page = await get('/targets/gone')
  expect(page).toContain(words)
  expect(page).toContain(' 2  * &lt;b&gt;')

  writeFileSync(join(folder, 'token'), 'of-the-notifier-1234567')
  const messages: string[] = []
  const notifier = await startNotifier(
    {
      listenAddress,
      bearerTokenFile: join(folder, 'token'),
      logFile: join(folder, 'notifier.log'),
      exporterUrl: new URL(solo.url),
    },
    { log, env: {}, stdout: { write: (line: string) => messages.push(line) > 0 } },
  )
  atEnd(notifier.stop)
  const labels = { alertname: 'TargetDown', target: 'gone', location: 'default' }
  const alert = anAlert({ labels, annotations: { reason: 'connect', interval: '1' } })
  const answer = await fetch(`${notifier.url}/api/v1/alerts`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: 'Bearer of-the-notifier-1234567' },
    body: JSON.stringify(webhookMessage([alert])),
  })
  expect(answer.ok).toBe(true)
  await waitFor('the message', () => messages.some((line) => line.includes(`"route":"${words}"`)))
})

it('is refused for a target without an address, and inherited in vain', () => {
  expect(() => parse('targets: [{ name: a, command: id, traceroute: true }]')).toThrow(
    'targets[0].traceroute: has no effect with command, which has no address: remove it',
  )
  const { targets } = parse(
    'defaults: { traceroute: true }\ntargets: [{ name: a, command: id }, { name: b, tcp: "h:1" }]',
  )
  expect(targets.map(({ traceroute }) => traceroute)).toEqual([undefined, true])
})
