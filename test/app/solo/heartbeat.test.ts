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
