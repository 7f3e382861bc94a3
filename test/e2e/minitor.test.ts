import { afterEach, beforeEach, expect, it } from 'vitest'
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { startProgram, type Program } from '../../scripts/stack/process.ts'
import { withDatabase } from '../support/embedded.ts'
import { alertsOf, blogExample, doubling } from '../support/minitor.ts'
import { startHttpPeer, type HttpPeer } from '../support/servers/http-peer.ts'
import { probity } from '../support/programs/probity.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { describeWithTool } from '../support/programs/tools.ts'
import { waitFor } from '../support/time/wait-for.ts'

const patience = 120_000

let folder: string
let program: Program | undefined

beforeEach(async () => {
  folder = await tempFolder()
})

afterEach(async () => {
  await program?.stop('SIGKILL')
  program = undefined
})

const path = (name: string): string => join(folder, name)

const lines = async (name: string): Promise<string[]> =>
  (await readFile(path(name), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '')

/** Runs a file of Minitor. @returns Where it listens. */
async function run(text: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  await writeFile(path('minitor.yml'), text)
  await withDatabase(path('data'))
  return start(env)
}

async function start(env: NodeJS.ProcessEnv = {}): Promise<string> {
  const flags = ['--config.file', path('minitor.yml'), '--storage.path', path('data')]
  const started = startProgram(
    'solo',
    process.execPath,
    [...probity, 'solo', ...flags, '--web.listen-address', '127.0.0.1:0'],
    { env: { PATH: process.env.PATH, OUT: folder, ...env }, cwd: folder },
  )
  program = started
  return waitFor(
    'the line that says where it listens',
    () => /"url":"([^"]+)"/.exec(started.output())?.[1],
    patience,
  )
}

/** The samples of Minitor's metrics, by their text. */
async function minitorMetrics(url: string): Promise<Map<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const samples = text.split('\n').filter((line) => line.startsWith('minitor_'))
  return new Map(
    samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  )
}

/** A list of monitors that are checked each second, and alert at the first failure. */
const everySecond = (monitors: string, alerts: string): string =>
  `check_interval: 1s\ndefault_alert_after: 1\nmonitors:\n${monitors}\nalerts:\n${alerts}\n`

describeWithTool(['curl'], 'the example of the post that introduced Minitor', () => {
  let website: Server
  let mailgun: HttpPeer

  const address = (): string => `http://127.0.0.1:${(website.address() as AddressInfo).port}/`

  beforeEach(async () => {
    website = createServer((_request, response) => response.end()).listen(0, '127.0.0.1')
    await once(website, 'listening')
    mailgun = await startHttpPeer(() => ({ status: 200 }))
  })

  afterEach(() => {
    website.close()
  })

  it(
    'runs as it is: mail at the failures 3, 4 and 6 of a site, one line in the log, and its metrics',
    async () => {
      const port = (website.address() as AddressInfo).port
      const scaled = blogExample
        .replaceAll('check_interval: 30', 'check_interval: 1')
        .replace('https://minitor.mon', address())
        .replace('https://api.mailgun.net', mailgun.url)
      const url = await run(scaled, { MAILGUN_API_KEY: 'key-1' })
      const up = 'minitor_monitor_up_count{monitor="My Website"}'
      await waitFor('a check of the site', async () => (await minitorMetrics(url)).get(up) === 1, patience)
      website.close()
      website.closeAllConnections()
      const failed = (isAlert: boolean): string =>
        `minitor_check_total{monitor="My Website",status="failure",is_alert="${isAlert}"}`
      await waitFor('three mails', () => mailgun.received.length >= 3, patience)
      const mails = 'minitor_alert_total{alert="mailgun",monitor="My Website"}'
      await waitFor('their ends', async () => (await minitorMetrics(url)).get(mails)! >= 3)
      const metrics = await minitorMetrics(url)
      const failures = (of: Map<string, number>): number => of.get(failed(true))! + of.get(failed(false))!
      expect(metrics.get(failed(false))).toBeGreaterThanOrEqual(3)
      expect(metrics.get(failed(true))).toBe(alertsOf(failures(metrics)))
      expect(metrics.get('minitor_alert_total{alert="log",monitor="My Website"}')).toBeGreaterThanOrEqual(3)
      expect(metrics.get(up)).toBe(0)
      expect(metrics.has('minitor_check_milliseconds{monitor="My Website",status="failure"}')).toBe(true)
      const [mail] = mailgun.received
      expect(mail?.path).toBe('/v3/minitor.mon/messages')
      expect(mail?.headers['authorization']).toBe(`Basic ${Buffer.from('api:key-1').toString('base64')}`)
      expect(mail?.body).toContain('Alert! My Website failed')

      website.listen(port, '127.0.0.1')
      await waitFor('the site is up again', async () => (await minitorMetrics(url)).get(up) === 1, patience)
      const told = await waitFor('its end in the log', async () => {
        const found = await lines('data/alerts.log')
        return found.length === 2 && found.map((line) => (JSON.parse(line) as { status: string }).status)
      })
      expect(told).toEqual(['firing', 'resolved'])
      // It has no alert_up: nobody is sent a mail about the end.
      // The site may be up again before the mail of its last failure is sent.
      expect(mailgun.received.length).toBeLessThanOrEqual(alertsOf(failures(await minitorMetrics(url))))
    },
    4 * patience,
  )
})

describeWithTool(['sh'], 'the cadence of Minitor', () => {
  it(
    'alerts at the failures 3, 4, 6 and 10, at every second one, and once; the end has the values of the failure',
    async () => {
      const monitor = (name: string, after: number, every: number): string => `
  - { name: ${name}, command: "test -e $OUT/up || { echo broken; false; }", alerts: [down], alert_up: [up], alert_after: ${after}, alert_every: ${every} }`
      const monitors = monitor('doubling', 3, -1) + monitor('second', 1, 2) + monitor('once', 2, 0)
      const values = '{monitor_name} {failure_count} {alert_count} {last_output} {alert_message}'
      const alerts = `
  down: { command: "echo ${values} >> $OUT/down" }
  up: { command: "echo ${values} >> $OUT/ends" }`
      // Nine tenths of it are the timeout of a check: on a busy machine a shell takes a second to start.
      await run(`check_interval: 2500ms\nmonitors:${monitors}\nalerts:${alerts}\n`)
      const of = async (name: string, file: string): Promise<string[]> =>
        (await lines(file)).filter((line) => line.startsWith(name)).map((line) => line.slice(name.length + 1))
      /**
       * A busy machine may tell a failure when there is one more already, or be a whole turn late and tell both as one: never
       * early, and never twice in a turn. The exact cadence is held in test/alerts/delivery/cadence.test.ts.
       */
      const expectAlerts = async (name: string, due: readonly number[]): Promise<void> => {
        const told = await of(name, 'down')
        const failures = told.map((line) => Number(line.split(' ')[0]))
        expect(told).toEqual(
          failures.map((failed, i) => `${failed} ${i + 1} broken ${name} check has failed ${failed} times`),
        )
        const turns = failures.map((failed) => due.findLast((at) => at <= failed))
        expect(turns).toEqual([...new Set(turns)].filter((turn) => turn !== undefined).sort((a, b) => a - b))
        expect(failures.every((failed, i) => failed >= due[i]!)).toBe(true)
        expect(turns[0]).toBe(due[0])
      }
      await waitFor('10 failures', async () => (await of('doubling', 'down')).length >= 4, patience)
      await writeFile(path('up'), '')
      await waitFor('three ends', async () => (await lines('ends')).length === 3, patience)
      await expectAlerts('doubling', doubling)
      expect((await of('second', 'down')).length).toBeGreaterThanOrEqual(5)
      await expectAlerts(
        'second',
        [...Array(60).keys()].filter((failures) => failures % 2 === 1),
      )
      expect(await of('once', 'down')).toHaveLength(1)
      await expectAlerts('once', [2])
      const told = (await of('doubling', 'down')).length
      expect(await of('doubling', 'ends')).toEqual([
        expect.stringMatching(new RegExp(`^\\d+ ${told} broken doubling check has failed`)),
      ])
      expect(await of('once', 'ends')).toEqual([expect.stringMatching(/^\d+ 1 broken once check has failed/)])
    },
    4 * patience,
  )
})

describeWithTool(['sh'], 'what Minitor could not', () => {
  // One program for all that is read from one start: to start one is most of what each of these costs.
  it(
    'a missing program, a failing alert, a hung command and hostile words end nothing; an edit is followed',
    async () => {
      const hostile = `$(touch ${path('pwned')}) \`touch ${path('pwned')}\`; touch ${path('pwned')}; '"`
      await writeFile(path('hostile'), hostile)
      const heartbeat = await startHttpPeer(() => ({ status: 200 }))
      const monitors = `
  - { name: missing, command: [no-such-program], alert_down: [broken, missing, works] }
  - { name: hung, command: [sleep, "60"], alert_down: [works] }
  - { name: stuck, command: [sh, -c, "trap '' TERM; sleep 60"], alert_down: [works] }
  - { name: fine, command: "echo fine >> $OUT/fine", alert_down: [works], alert_after: 100 }
  - { name: m, command: [sh, -c, "cat hostile; exit 1"], alert_down: [json, shell], alert_after: 1, alert_every: 0 }`
      const alerts = `
  broken: { command: [sh, -c, "exit 7"] }
  missing: { command: [no-such-alert] }
  works: { command: "echo {{.MonitorName}} >> $OUT/told" }
  first: { command: "echo {monitor_name} {alert_count} {failure_count} >> $OUT/first" }
  json: { command: [sh, -c, 'printf "%s\\n" "$1" >> $OUT/json', sh, '{"text": {"of": "{monitor_name}"}}'] }
  shell: { command: 'printf "%s\\n" {last_output} "{last_output}" >> $OUT/output' }`
      const startup = 'startup_alerts: [first, missing]\n'
      const url = await run(startup + everySecond(monitors, alerts), {
        HEARTBEAT_URL: `${heartbeat.url}/ping`,
      })

      // Somebody else hears when the whole machine is gone, and the alerts are tried at the start.
      await waitFor('a ping', () => heartbeat.received.some((request) => request.path === '/ping'), patience)
      await waitFor('the first run', async () => (await lines('first')).length === 1, patience)
      expect(await lines('first')).toEqual(['First Run Alert Test: first 0 0'])
      await waitFor(
        'what does not work is said',
        () => program?.output().includes('startup alert: failed'),
        patience,
      )

      const told = async (): Promise<string[]> => [...new Set(await lines('told'))].sort()
      await waitFor('each is told', async () => (await told()).length >= 3, patience)
      expect(await told()).toEqual(['hung', 'missing', 'stuck'])
      const before = (await lines('fine')).length
      await waitFor('checks go on', async () => (await lines('fine')).length > before + 2, patience)
      const works = 'minitor_alert_total{alert="works",monitor="missing"}'
      expect((await minitorMetrics(url)).get(works)).toBeGreaterThanOrEqual(1)
      expect((await minitorMetrics(url)).has('minitor_alert_total{alert="broken",monitor="missing"}')).toBe(
        false,
      )

      // Braces mean nothing, and what a failing check prints is not code.
      await waitFor(
        'both alerts',
        async () => (await lines('json')).length + (await lines('output')).length === 3,
        patience,
      )
      expect(await lines('json')).toEqual(['{"text": {"of": "m"}}'])
      expect(await lines('output')).toEqual([hostile, hostile])
      await expect(readFile(path('pwned'))).rejects.toMatchObject({ code: 'ENOENT' })

      // An edit is followed without a restart, and a bad one changes nothing.
      await appendFile(path('minitor.yml'), '  b: { comand: x }\n')
      const complaint = 'alerts.b.comand: unknown key (did you mean command?)'
      await waitFor('what is wrong is said', () => program?.output().includes(complaint), patience)
      const edited = everySecond(
        '\n  - { name: two, command: "false", alert_down: [a] }',
        '\n  a: { command: "echo {{.MonitorName}} >> $OUT/told" }',
      )
      await writeFile(path('minitor.yml'), edited)
      await waitFor(
        'an alert of the new monitor',
        async () => (await lines('told')).includes('two'),
        patience,
      )
    },
    4 * patience,
  )

  it(
    'a kill forgets nothing: who was told is not told anew, and hears of the end',
    async () => {
      const monitors = `
  - { name: m, command: "test -e $OUT/up", alert_down: [a], alert_up: [a], alert_after: 2, alert_every: 0 }`
      const alerts = `
  a: { command: "echo {{.MonitorName}} {{.FailureCount}} {{if .IsUp}}up{{else}}down{{end}} >> $OUT/told" }`
      const failures = async (url: string): Promise<number> =>
        (await minitorMetrics(url)).get(
          'minitor_check_total{monitor="m",status="failure",is_alert="false"}',
        ) ?? 0
      const first = await run(everySecond(monitors, alerts))
      const sent = 'minitor_alert_total{alert="a",monitor="m"}'
      await waitFor('the alert', async () => (await minitorMetrics(first)).has(sent), patience)
      // What is under way when a process is killed is done again: two checks later it has ended.
      const then = await failures(first)
      await waitFor('further checks', async () => (await failures(first)) > then + 1, patience)
      const told = await lines('told')
      expect(told).toEqual([expect.stringMatching(/^m [0-9]+ down$/)])
      await program?.stop('SIGKILL')
      const second = await start()
      await waitFor('more failures', async () => (await failures(second)) > 0, patience)
      expect(await lines('told')).toEqual(told)
      await program?.stop('SIGKILL')
      await writeFile(path('up'), '')
      await start()
      await waitFor('it is up', async () => (await lines('told')).length === 2, patience)
      expect((await lines('told'))[1]).toMatch(/^m [0-9]+ up$/)
    },
    4 * patience,
  )
})
