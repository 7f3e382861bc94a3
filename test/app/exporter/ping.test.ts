import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { beforeEach, describe, expect, it } from 'vitest'
import { startExporter } from '../../../src/app/exporter/exporter.ts'
import type { Exporter } from '../../../src/app/exporter/running.ts'
import { atEnd } from '../../support/at-end.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { testClock, type TestClock } from '../../support/time/clock.ts'

const uuid = '5f1c9f0a-3c58-4d6b-9d1d-1d1f6a1f3a11'
const config = `
targets:
  - { name: backup, heartbeat: 1d, token: ${uuid} }
  - { name: import, heartbeat: 1h, token: key-of-all-the-jobs }
  - { name: start, heartbeat: 1h, token: key-of-all-the-jobs }
  - { name: open, heartbeat: 1h }
  - { name: short, heartbeat: 1h, token: fifteen-letters }
`

let exporter: Exporter
let clock: TestClock

beforeEach(async () => {
  const folder = await tempFolder()
  const configFile = join(folder, 'targets.yml')
  await writeFile(configFile, config)
  clock = testClock()
  const listenAddress = { host: '127.0.0.1', port: 0 }
  exporter = await startExporter(
    { configFile, listenAddress },
    { log: pino({ level: 'silent' }), clock, env: {} },
  )
  atEnd(() => exporter.stop())
})

async function ping(path: string, init: RequestInit = {}): Promise<[number, string]> {
  const answer = await fetch(`${exporter.url}/ping/${path}`, init)
  return [answer.status, (await answer.text()).trim()]
}

describe('the addresses of healthchecks.io', () => {
  it.each([
    ['', 'success'],
    ['/start', 'start'],
    ['/fail', 'fail'],
    ['/log', 'log'],
    ['/0', 'success'],
    ['/3', 'fail'],
  ])('/ping/UUID%s', async (event, type) => {
    expect(await ping(`${uuid}${event}`)).toEqual([200, `${type} of "backup" recorded`])
    expect(await ping(`${uuid}${event}?rid=1b2c`, { method: 'POST', body: 'a log' })).toEqual([
      200,
      `${type} of "backup" recorded`,
    ])
    expect((await ping(`${uuid}${event}`, { method: 'HEAD' }))[0]).toBe(200)
  })

  it.each([
    ['/import', 'success of "import" recorded'],
    ['/import/fail', 'fail of "import" recorded'],
    ['/start/start', 'start of "start" recorded'],
  ])('/ping/KEY%s', async (rest, answer) => {
    expect(await ping(`key-of-all-the-jobs${rest}`)).toEqual([200, answer])
  })

  it('need a name where several jobs have the same token', async () => {
    const answer = [409, 'several heartbeats have this token: call /ping/TOKEN/NAME, such as "import"']
    expect(await ping('key-of-all-the-jobs')).toEqual(answer)
    // This is the event, because every address of one job has it.
    expect(await ping('key-of-all-the-jobs/start')).toEqual(answer)
  })

  it.each(['wrong', 'open', `${uuid}/import`, 'undefined', `${uuid}x`, 'wrong/open', 'fifteen-letters'])(
    '/ping/%s is unknown',
    async (path) => {
      expect(await ping(path)).toEqual([404, 'there is no heartbeat with this token and name'])
    },
  )

  it('refuse other methods, and say which are allowed', async () => {
    expect(await ping(uuid, { method: 'DELETE' })).toEqual([405, 'only GET, HEAD and POST are allowed here'])
  })

  it('count with the calls of the other address', async () => {
    for (let call = 0; call < 60; call++) await ping(uuid)
    const other = await fetch(`${exporter.url}/api/v1/heartbeat/backup?token=${uuid}`)
    expect(other.status).toBe(429)
  })
})

describe('what a job sends along', () => {
  it('is kept, whatever it reports, and does not change the verdict if it is only a log', async () => {
    await ping(uuid, { method: 'POST', body: '12 files' })
    await ping(`${uuid}/log`, { method: 'POST', body: 'all is\nwell' })

    clock.advance(30)
    const checked = await (await fetch(`${exporter.url}/probe?target=backup`)).text()
    const page = await (await fetch(`${exporter.url}/targets/backup`)).text()

    expect(checked).toMatch(/^probe_success\S* 1$/m)
    expect(page).toMatch(/last message<[^]{0,80}all is well/)
  })
})
