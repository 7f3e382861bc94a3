import { execFile } from 'node:child_process'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, it } from 'vitest'
import { pino } from 'pino'
import { makeReport } from '../../../src/app/report/make.ts'
import { startSolo, type Solo } from '../../../src/app/solo/solo.ts'
import type { Timers } from '../../../src/lib/time/timers.ts'
import { loadConfig } from '../../../src/config/load/load.ts'
import { foreignFormats } from '../../../src/foreign/index.ts'
import { writeReport } from '../../../src/history/report/formats.ts'
import { systemClock, type Clock } from '../../../src/lib/time/clock.ts'
import { atEnd } from '../../support/at-end.ts'
import { withDatabase } from '../../support/embedded.ts'
import { describeWithTool } from '../../support/programs/tools.ts'
import { startHttpPeer } from '../../support/servers/http-peer.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { quickEvaluations } from '../../support/time/quick-evaluations.ts'
import { testTime } from '../../support/time/timers.ts'
import { waitFor } from '../../support/time/wait-for.ts'
import { readRecipe } from './page.ts'

interface PublicAnswer {
  readonly targets: readonly { readonly name: string; readonly state: string }[]
}

const env = { HEARTBEAT_TOKEN: 'sesame' }
const silent = pino({ level: 'silent' })

/** Runs solo with the files of recipes, as they are or with other words. */
async function solo(
  files: Readonly<Record<string, string>>,
  dependencies: { readonly timers: Timers; readonly clock?: Clock },
): Promise<Solo & { readonly folder: string; readonly alertsLog: () => Promise<string> }> {
  const folder = await withDatabase(await tempFolder())
  const configFile = join(folder, 'config')
  await mkdir(configFile)
  for (const [name, text] of Object.entries(files)) await writeFile(join(configFile, `${name}.yml`), text)
  const running = await startSolo(
    { configFile, listenAddress: { host: '127.0.0.1', port: 0 }, storagePath: folder, history: { folder: join(folder, 'history') } },
    {
      log: silent,
      env,
      stdout: { write: () => true },
      ...dependencies,
    },
  )
  atEnd(running.stop)
  return { ...running, folder, alertsLog: () => readFile(join(folder, 'alerts.log'), 'utf8') }
}

const cronJob = readRecipe('cron-job')
const canary = readRecipe('canary')
const report = readRecipe('sla-report')
const publicPage = readRecipe('status-page-for-customers')

let running: Awaited<ReturnType<typeof solo>>
let vendorStatus = 200

beforeAll(async () => {
  const peer = await startHttpPeer(({ path }) => ({ status: path === '/health' ? vendorStatus : 200 }))
  const here = (text: string): string => text.replaceAll(/https:\/\/[\w.]+(?=\/)/g, peer.url)
  const files = {
    cron: cronJob.targets,
    // More often than the pages say, so that a test sees an outage and its end; seldom enough for no check to time out.
    report: here(report.targets).replace('interval: 15s', 'interval: 1s'),
    public: `defaults: { interval: 250ms }\n${here(publicPage.targets)}`,
  }
  running = await solo(files, { timers: quickEvaluations })
})

describeWithTool(['curl'], 'docs/recipes/cron-job.md', () => {
  it('reports the job that fails', async () => {
    const bin = await tempFolder()
    const backup = join(bin, 'backup')
    await writeFile(backup, '#!/bin/sh\necho disk full\nexit 3\n')
    await chmod(backup, 0o755)
    const line = (cronJob.blocks('sh')[0] ?? '')
      .replace(/^(\S+ ){5}/, '')
      .replace('/usr/local/bin/backup', backup)
      .replace('http://127.0.0.1:9740', running.url)
    await promisify(execFile)('sh', ['-c', line], { env: { PATH: process.env.PATH, ...env } })
    const log = await waitFor('the alert', async () => {
      const text = await running.alertsLog()
      return text.includes('TargetDown') && text
    })
    const [shown = ''] = cronJob.blocks('')
    expect(log).toContain(shown.trim())
    expect(log).toContain('disk full')
  })
})

it('docs/recipes/status-page-for-customers.md shows what is listed, and nothing else', async () => {
  const page = await (await fetch(`${running.url}/public/`)).text()
  expect(page).toContain('Shop')
  expect(page).not.toContain('Warehouse')
  const [shown = ''] = publicPage.blocks('')
  const { targets: described } = JSON.parse(shown) as PublicAnswer
  const targets = await waitFor('the checks', async () => {
    const answer = (await (await fetch(`${running.url}/public/api/v1/targets`)).json()) as PublicAnswer
    return answer.targets.every(({ state }) => state === 'up') && answer.targets
  })
  expect(targets.map(({ name }) => name)).toEqual(described.map(({ name }) => name))
  for (const target of targets) expect(Object.keys(described[0] ?? {})).toEqual(Object.keys(target))
})

it('docs/recipes/sla-report.md shows the outage of the vendor', async () => {
  const isNow = (state: string) => async (): Promise<boolean> =>
    (await (await fetch(`${running.url}/api/v1/targets/acme-api`)).text()).includes(`"state":"${state}"`)
  vendorStatus = 503
  await waitFor('an outage', isNow('down'))
  vendorStatus = 200
  await waitFor('its end', isNow('up'))
  await running.stop()
  const { folder } = running
  const config = await loadConfig(join(folder, 'config'), { env, foreign: foreignFormats })
  const place = { folder: join(folder, 'history') }
  const made = await makeReport({ place, config, vendor: 'acme' }, { clock: systemClock, log: silent })
  const printed = writeReport.text(made)
  // A busy machine takes seconds where another takes milliseconds.
  const words = (line: string): string =>
    line
      .replaceAll(/[\d.:-]+/g, 'N')
      .replaceAll(/\bN (?:ms|s|min|h)\b/g, 'N s')
      .replaceAll(/ +/g, ' ')
      // Some of its checks may time out.
      .replace(/^(.*failures by reason ).*status N.*$/, '$1status N')
  const lines = printed.split('\n').map(words)
  for (const line of report.blocks('')[0]?.trim().split('\n') ?? []) expect(lines).toContain(words(line))
})

it('docs/recipes/canary.md names the version that is worse', async () => {
  const { clock, timers, pass } = testTime()
  const { url, alertsLog } = await solo({ targets: canary.targets }, { timers, clock })
  const call = (ms: number, version: string): string =>
    `2\t\t\t${ms}\t200\tstripe.Charge.create\tshop\t${version}\n`
  const alert = await waitFor('the alert', async () => {
    const body = call(120, '1.4.2').repeat(30) + call(900, '1.5.0').repeat(5)
    await fetch(`${url}/api/v1/calls`, { method: 'POST', body })
    await pass(15)
    return (await alertsLog()).split('\n').find((line) => line.includes('CanaryWorse'))
  })
  const [shown = ''] = canary.blocks('')
  const { summary } = JSON.parse(alert) as { readonly summary: string }
  expect(`${summary}\n`).toBe(shown)
})
