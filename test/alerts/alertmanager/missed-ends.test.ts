import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { freePorts } from '../../../scripts/stack/process.ts'
import { startNotifier, type Notifier } from '../../../src/app/notifier/notifier.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { atEnd } from '../../support/at-end.ts'
import {
  alertmanagers,
  startAlertmanager,
  type Alertmanager,
  type PostedAlert,
} from '../../support/programs/alertmanager.ts'
import { describeWithTool } from '../../support/programs/tools.ts'
import { startHttpPeer } from '../../support/servers/http-peer.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const log = createLogger({ destination: { write: () => undefined } })

/** As Prometheus reports it while it fires. */
function anAlert(labels: Record<string, string>): PostedAlert {
  return {
    labels: { severity: 'critical', ...labels },
    annotations: { summary: 'fires' },
    startsAt: new Date(Date.now() - 1000),
    endsAt: new Date(Date.now() + 3600_000),
  }
}

const watchdog = anAlert({ alertname: 'Watchdog' })
const shop = anAlert({ alertname: 'TargetDown', target: 'shop', location: 'default' })
const blog = anAlert({ alertname: 'TargetDown', target: 'blog', location: 'default' })

/** A real Alertmanager that is killed while alerts fire, and a notifier that asks it what it has. */
describeWithTool(['prometheus-alertmanager'], 'the end of an alert that Alertmanager was killed in', () => {
  it.each(alertmanagers)('is told, also by a notifier that was restarted, and what still fires goes on: %s', async (binary) => {
    const folder = await tempFolder()
    const { am } = await freePorts(['am'])
    const channel = await startHttpPeer(() => ({ status: 200 }))
    const notify = join(folder, 'notify.yml')
    await writeFile(
      notify,
      `channels:\n  chat: { type: webhook, url: "${channel.url}/", via: probity, group_by: off }\nroutes:\n  - { channels: [chat], repeat: once }\n`,
    )
    const logFile = join(folder, 'alerts.log')
    const startAsking = (port: number): Promise<Notifier> =>
      startNotifier(
        {
          listenAddress: { host: '127.0.0.1', port },
          bearerTokenFile: join(folder, 'token'),
          logFile,
          notify: { file: notify, optional: false },
          alertmanager: { url: new URL(`http://127.0.0.1:${am}`), everyMs: 100, graceMs: 2000 },
        },
        { log, stdout: { write: () => undefined } },
      )
    let notifier = await startAsking(0)
    atEnd(() => notifier.stop())
    const start = (): Promise<Alertmanager> =>
      startAlertmanager(binary, {
        folder,
        port: am,
        speedUp: 100,
        replace: {
          'notifier:9741': new URL(notifier.url).host,
          '/etc/probity/secrets/notifier-token': join(folder, 'token'),
        },
      })
    const logged = async (): Promise<string[]> =>
      (await readFile(logFile, 'utf8'))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => {
          const { target, status, ended = '' } = JSON.parse(line) as Record<string, string>
          return `${target} ${status} ${ended}`.trim()
        })

    const first = await start()
    atEnd(() => first.stop())
    await first.post([watchdog, shop, blog])
    await waitFor('both beginnings', () => channel.received.length === 2)
    await first.program.stop('SIGKILL')
    await notifier.stop()
    notifier = await startAsking(Number(new URL(notifier.url).port))
    const second = await start()
    atEnd(() => second.stop())
    // The outage of the shop has ended meanwhile; Prometheus reports what still fires.
    await second.post([watchdog, blog])
    await waitFor('the end in the log', async () => (await logged()).length === 3)
    await waitFor('the end on the channel', () => channel.received.length === 3)
    expect((await logged()).sort()).toEqual(['blog firing', 'shop firing', 'shop resolved unreported'])
    expect(JSON.parse(channel.received[2]?.body ?? '')).toMatchObject({
      status: 'resolved',
      title: expect.stringMatching(/^NO LONGER REPORTED: TargetDown of shop after /),
      alerts: [{ annotations: { ended: 'unreported' }, labels: { target: 'shop' } }],
    })
  })
})
