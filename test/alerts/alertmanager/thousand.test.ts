import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { freePorts, startProgram, untilReady, type Program } from '../../../scripts/stack/process.ts'
import { root } from '../../../scripts/stack/shipped-files.ts'
import { startAlertmanager, type Alertmanager } from '../../support/programs/alertmanager.ts'
import { partOf } from '../../support/proof.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { describeWithTool } from '../../support/programs/tools.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const alerts = partOf(1000, 4)

/** The shipped timers are divided by this: the 30 s in which the other side is down become 3 s. 1 is their full length. */
const speedUp = Number(process.env.PROBITY_TEST_SPEED_UP ?? 10)
const patienceMs = 300_000 / speedUp
const downMs = 30_000 / speedUp

describeWithTool(['prometheus-alertmanager'], `${alerts} alerts while the other side is down`, () => {
  let folder: string
  let ports: { notifier: number; peer: number }
  let notifier: Program
  let alertmanager: Alertmanager | undefined
  let peer: Server | undefined
  const told = new Map<string, number>()

  beforeEach(async () => {
    folder = await tempFolder()
    ports = await freePorts(['notifier', 'peer'])
    await writeFile(
      join(folder, 'notify.yml'),
      `
channels:
  hook:
    type: webhook
    url: http://127.0.0.1:${ports.peer}/
    via: probity
    group_by: off
    delivery: { per_minute: 6000, concurrency: 20 }
routes:
  - { channels: hook, repeat: once }
`,
    )
    await startNotifier()
  })

  afterEach(async () => {
    await alertmanager?.stop()
    await notifier.stop('SIGKILL')
    peer?.closeAllConnections()
    peer?.close()
  })

  async function startNotifier(): Promise<void> {
    notifier = startProgram('notifier', process.execPath, [
      join(root, 'bin/probity.cjs'),
      'notifier',
      `--web.listen-address=127.0.0.1:${ports.notifier}`,
      `--web.bearer-token-file=${join(folder, 'token')}`,
      `--alerts.log-file=${join(folder, 'alerts.log')}`,
      `--notify.file=${join(folder, 'notify.yml')}`,
    ])
    await untilReady(notifier, `http://127.0.0.1:${ports.notifier}/-/ready`)
  }

  async function startPeer(): Promise<void> {
    peer = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        const { status, groupLabels } = JSON.parse(body) as { status: string; groupLabels: { target: string } }
        const key = `${groupLabels.target} ${status}`
        told.set(key, (told.get(key) ?? 0) + 1)
        // As slow as a service far away, so that some are always under way.
        setTimeout(() => response.end(), 20)
      })
    }).listen(ports.peer, '127.0.0.1')
    await once(peer, 'listening')
  }

  async function metric(series: string): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${ports.notifier}/metrics`)).text()
    return Number(text.split('\n').find((line) => line.startsWith(`${series} `))?.split(' ')[1] ?? 0)
  }

  it('are all told, and twice only what was under way when the process was killed, which is counted', async () => {
    alertmanager = await startAlertmanager('prometheus-alertmanager', {
      folder,
      speedUp,
      replace: {
        'notifier:9741': `127.0.0.1:${ports.notifier}`,
        '/etc/probity/secrets/notifier-token': join(folder, 'token'),
      },
    })
    const began = Date.now()
    await alertmanager.post(
      Array.from({ length: alerts }, (_, index) => ({
        labels: { alertname: 'TargetDown', severity: 'critical', target: `t${index}`, location: 'default' },
        annotations: { summary: `t${index} is down` },
        startsAt: new Date(began - 1000),
      })),
    )
    await waitFor(
      'attempts in vain',
      async () => (await metric('probity_notification_retries_total{channel="hook"}')) > 0,
      patienceMs,
    )
    await notifier.stop('SIGKILL')
    await startNotifier()
    await waitFor('the time in which the other side is down', () => Date.now() - began > downMs, patienceMs)
    await startPeer()
    await waitFor('a part is reported', () => told.size > alerts / 4, patienceMs)
    await notifier.stop('SIGKILL')
    const before = told.size
    expect(before).toBeLessThan(alerts)
    await startNotifier()
    const repeated = await metric('probity_notifications_repeated_total{channel="hook"}')
    await waitFor('all are reported', () => told.size === alerts, patienceMs)
    await waitFor('nothing is on its way', async () => {
      const delivered = await metric('probity_notifications_total{channel="hook",result="delivered"}')
      return delivered >= alerts - before
    })
    const twice = [...told.values()].filter((times) => times > 1)
    expect(Math.max(...told.values())).toBeLessThanOrEqual(2)
    expect(twice.length).toBeLessThanOrEqual(repeated)
    expect(repeated).toBeLessThanOrEqual(20)
    expect(await metric('probity_notifications_total{channel="hook",result="failed"}')).toBe(0)
  }, 600_000)
})
