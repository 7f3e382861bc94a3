import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { pino } from 'pino'
import { startSolo } from '../../../src/app/solo/solo.ts'
import { withDatabase } from '../../support/embedded.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { quickEvaluations } from '../../support/time/quick-evaluations.ts'
import { waitFor } from '../../support/time/wait-for.ts'

it('one process alerts when a job says that it failed, also after a restart, until it succeeds', async () => {
  const folder = await withDatabase(await tempFolder())
  const configFile = join(folder, 'targets.yml')
  await writeFile(
    configFile,
    'targets: [{ name: backup, heartbeat: 1d, interval: 250ms, timeout: 200ms, alert_after: 1 }]',
  )
  const start = () =>
    startSolo(
      { configFile, listenAddress: { host: '127.0.0.1', port: 0 }, storagePath: folder },
      { log: pino({ level: 'silent' }), timers: quickEvaluations, env: {}, stdout: { write: () => true } },
    )
  const alertsLog = () => readFile(join(folder, 'alerts.log'), 'utf8')
  let solo = await start()
  try {
    const failed = await fetch(`${solo.url}/api/v1/heartbeat/backup/3`, { method: 'POST', body: 'disk full' })
    expect(failed.status).toBe(200)
    await solo.stop()
    solo = await start()
    await waitFor('the alert', async () => /"firing".*backup|backup.*"firing"/.test(await alertsLog()))
    await fetch(`${solo.url}/api/v1/heartbeat/backup`)
    await waitFor('its end', async () => /"resolved".*backup|backup.*"resolved"/.test(await alertsLog()))
  } finally {
    await solo.stop()
  }
})

it('what a job reports is judged when it calls, not at the next check', async () => {
  const folder = await withDatabase(await tempFolder())
  const configFile = join(folder, 'targets.yml')
  await writeFile(configFile, 'targets: [{ name: backup, heartbeat: 1d, interval: 1h, alert_after: 1 }]')
  let checks = 0
  const solo = await startSolo(
    { configFile, listenAddress: { host: '127.0.0.1', port: 0 }, storagePath: folder },
    {
      log: pino({ level: 'silent' }),
      env: {},
      stdout: { write: () => true },
      reporter: { checked: () => checks++, awaited: () => undefined, called: () => undefined },
    },
  )
  const call = (event: string) => fetch(`${solo.url}/api/v1/heartbeat/backup${event}`)
  const state = async () => {
    const response = await fetch(`${solo.url}/api/v1/targets`)
    const { targets } = (await response.json()) as { targets: { state: string }[] }
    return targets[0]?.state
  }
  try {
    await waitFor('the first check', () => checks === 1)
    expect(await state()).toBe('pending')
    await call('')
    expect(await state()).toBe('up')
    await call('/3')
    expect(await state()).toBe('down')
    await call('')
    expect(await state()).toBe('up')
    // What is no news is not judged again.
    await call('')
    await call('/start')
    expect(checks).toBe(4)
  } finally {
    await solo.stop()
  }
})
