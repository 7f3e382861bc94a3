import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { startExporter } from '../../../src/app/exporter/exporter.ts'
import { startNotifier, type Notifier } from '../../../src/app/notifier/notifier.ts'
import { reportRuns } from '../../../src/app/notifier/report-runs.ts'
import type { Exporter } from '../../../src/app/exporter/running.ts'
import type { Alert } from '../../../src/alerts/alert.ts'
import { commandRun } from '../../../src/lib/command-run/run.ts'
import { targetAnswer } from '../../../src/web/api/shapes.ts'
import { addToken } from '../../../src/tokens/edit.ts'
import { anAlert, resolved, webhookMessage } from '../../support/alerts/alerts.ts'
import { atEnd } from '../../support/at-end.ts'
import { aRun } from '../../support/command-runs.ts'
import { withDatabase } from '../../support/embedded.ts'
import { deadUrl, startHttpPeer } from '../../support/servers/http-peer.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const log = pino({ level: 'silent' })
const listenAddress = { host: '127.0.0.1', port: 0 }
const bearer = 'of-the-notifier-1234567'

/** A notifier with one command that repairs. */
async function startWith(
  folder: string,
  exporterUrl: string,
  command: string,
  tokenFile?: string,
): Promise<Notifier> {
  await writeFile(join(folder, 'token'), bearer)
  await writeFile(
    join(folder, 'notify.yml'),
    `channels:\n  restart-shop: { type: command, command: '${command}', max_runs: 1 }\nroutes: [{ channels: restart-shop }]\n`,
  )
  const notifier = await startNotifier(
    {
      listenAddress,
      bearerTokenFile: join(folder, 'token'),
      logFile: join(folder, 'alerts.log'),
      notify: { file: join(folder, 'notify.yml'), optional: false },
      exporterUrl: new URL(exporterUrl),
      ...(tokenFile !== undefined && { exporterTokenFile: tokenFile }),
    },
    { log, env: { PATH: process.env.PATH }, stdout: { write: () => true } },
  )
  atEnd(notifier.stop)
  return notifier
}

async function send(notifier: Notifier, alert: Alert): Promise<void> {
  const answer = await fetch(`${notifier.url}/api/v1/alerts`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${bearer}` },
    body: JSON.stringify(webhookMessage([alert])),
  })
  expect(answer.ok).toBe(true)
}

async function lines(folder: string): Promise<Record<string, string>[]> {
  const text = await readFile(join(folder, 'alerts.log'), 'utf8').catch(() => '')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, string>)
}

const down = (): Alert =>
  anAlert({
    labels: { alertname: 'TargetDown', target: 'shop', location: 'default', severity: 'critical' },
    annotations: { summary: 'shop is down', reason: 'status' },
    startsAt: new Date(Date.now() - 1000),
  })

it('a notifier reports to the exporter what its command did, and says at the end whether it helped', async () => {
  const folder = await withDatabase(await tempFolder())
  const fixed = join(folder, 'fixed')
  const api = await startHttpPeer(() => ({ status: existsSync(fixed) ? 200 : 503 }))
  await writeFile(
    join(folder, 'targets.yml'),
    `targets:\n  - { name: shop, url: "${api.url}/", interval: 2s, timeout: 1900ms }\n`,
  )
  const tokensFile = join(folder, 'tokens.jsonl')
  const tokenFile = join(folder, 'exporter-token')
  const token = await addToken(tokensFile, {
    name: 'notifier',
    scopes: ['read', 'commands'],
    now: Date.now(),
  })
  await writeFile(tokenFile, token)
  const exporter: Exporter = await startExporter(
    {
      configFile: join(folder, 'targets.yml'),
      listenAddress,
      history: { folder: join(folder, 'history') },
      tokens: { file: tokensFile, optional: false },
    },
    { log, env: {} },
  )
  atEnd(exporter.stop)
  const probe = async (): Promise<void> => {
    const [target] = exporter.config().targets
    if (target) await exporter.probe(target)
  }
  const headers = { authorization: `Bearer ${token}` }
  const ran = async () => {
    const answer = await fetch(`${exporter.url}/api/v1/targets/shop`, { headers })
    const { target } = targetAnswer.parse(await answer.json())
    return ('commands' in target && target.commands?.[0]) || undefined
  }
  await probe()
  const notifier = await startWith(folder, exporter.url, `touch ${fixed}`, tokenFile)
  const alert = down()
  await send(notifier, alert)
  await waitFor('the run is reported', async () => (await ran())?.verdict === 'unknown')
  await waitFor('two checks have passed', async () => {
    await probe()
    return (await ran())?.verdict === 'helped'
  })
  await send(notifier, resolved(alert, new Date()))
  const end = await waitFor('the end', async () =>
    (await lines(folder)).find(({ status }) => status === 'resolved'),
  )
  expect(end['repair']).toMatch(/^restart-shop ran at \d\d:\d\d UTC \(exit 0\); the next 2 checks passed$/)
})

it('an exporter that is away delays no notification', async () => {
  const folder = await tempFolder()
  const notifier = await startWith(folder, deadUrl, 'true')
  await send(notifier, down())
  await waitFor('the command has run', async () => {
    const audit = await readFile(join(folder, 'command-audit.log'), 'utf8').catch(() => '')
    return audit.includes('"action":"run"')
  })
  expect(await lines(folder)).toMatchObject([{ status: 'firing' }])
})

it('a run is reported again until it is taken, and given up after 20 attempts or where it is refused', async () => {
  const exporter = await startHttpPeer(({ body }) => ({ status: body.includes('"bad"') ? 400 : 202 }))
  const pauses: number[] = []
  let wake = (): void => undefined
  const timers = {
    after(milliseconds: number, run: () => void) {
      pauses.push(milliseconds)
      wake = run
      return () => undefined
    },
  }
  const reports = reportRuns({ url: new URL(exporter.url), timers, log })
  const channels = (): string[] =>
    exporter.received.map(({ path, body }) => {
      expect(path).toBe('/api/v1/command-runs')
      return commandRun.parse(JSON.parse(body)).channel
    })
  exporter.next.push({ status: 503 }, 'reset')
  reports.add(aRun({ channel: 'one' }))
  await waitFor('the first pause', () => pauses.length === 1)
  reports.add(aRun({ channel: 'bad' }))
  reports.add(aRun({ channel: 'two' }))
  expect(channels()).toEqual(['one'])
  wake()
  await waitFor('the second pause', () => pauses.length === 2)
  wake()
  await waitFor('the rest', () => channels().length === 5)
  expect(channels()).toEqual(['one', 'one', 'one', 'bad', 'two'])
  expect(pauses).toEqual([1000, 2000])

  exporter.next.push(...Array.from({ length: 20 }, () => ({ status: 503 })))
  reports.add(aRun({ channel: 'lost' }))
  reports.add(aRun({ channel: 'three' }))
  for (let attempt = 1; attempt < 20; attempt++) {
    await waitFor(`pause ${attempt}`, () => pauses.length === 2 + attempt)
    wake()
  }
  await waitFor('the one behind it', () => channels().at(-1) === 'three')
  expect(channels().filter((name) => name === 'lost')).toHaveLength(20)
  expect(Math.max(...pauses)).toBe(300_000)
  reports.add(aRun({ channel: 'four' }))
  await reports.stop()
  expect(channels().at(-1)).toBe('four')
})
