import { once } from 'node:events'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePorts, startProgram, untilReady, type Program } from '../../../scripts/stack/process.ts'
import { root } from '../../../scripts/stack/shipped-files.ts'
import {
  alertmanagers,
  startAlertmanager,
  type Alertmanager,
  type PostedAlert,
} from '../../support/programs/alertmanager.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { describeWithTool } from '../../support/programs/tools.ts'
import { waitFor } from '../../support/time/wait-for.ts'

/** Groups wait 100 ms, look for changes every 600 ms, and repeat what is critical every 36 s. */
const speedUp = 100

/** With repeats of what is critical every 720 ms. */
const speedUpOfRepeats = 5000

function anAlert(target: string): PostedAlert {
  return {
    labels: { alertname: 'TargetDown', severity: 'critical', target, location: 'default' },
    annotations: { summary: `${target} has failed every check`, runbook_url: 'docs/alerts.md#targetdown' },
    startsAt: new Date(Date.now() - 1000),
  }
}

/** From a real Alertmanager with the shipped configuration to the alerts log of a real notifier. */
describeWithTool(['prometheus-alertmanager'], 'delivery to the alerts log', () => {
  describe.each(alertmanagers)('from %s', (binary) => {
    let folder: string
    let alertsLog: string
    let port: number
    let notifier: Program
    let alertmanager: Alertmanager | undefined

    beforeEach(async () => {
      folder = await tempFolder()
      alertsLog = join(folder, 'alerts.log')
      port = (await freePorts(['notifier'])).notifier
      await startNotifier()
    })

    afterEach(async () => {
      await alertmanager?.stop()
      await notifier.stop('SIGKILL')
    })

    async function startNotifier(): Promise<void> {
      notifier = startProgram('notifier', process.execPath, [
        join(root, 'bin/probity.cjs'),
        'notifier',
        `--web.listen-address=127.0.0.1:${port}`,
        `--web.bearer-token-file=${join(folder, 'token')}`,
        `--alerts.log-file=${alertsLog}`,
      ])
      await untilReady(notifier, `http://127.0.0.1:${port}/-/ready`)
    }

    async function startSender(
      options: { port?: number; token?: string; speedUp?: number } = {},
    ): Promise<Alertmanager> {
      alertmanager = await startAlertmanager(binary, {
        folder,
        speedUp: options.speedUp ?? speedUp,
        replace: {
          'notifier:9741': `127.0.0.1:${options.port ?? port}`,
          '/etc/probity/secrets/notifier-token': options.token ?? join(folder, 'token'),
        },
      })
      return alertmanager
    }

    async function lines(): Promise<string[]> {
      return (await readFile(alertsLog, 'utf8'))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => {
          const { target, status } = JSON.parse(line) as { target: string; status: string }
          return `${target} ${status}`
        })
    }

    const untilLine = (line: string) => waitFor(line, async () => (await lines()).includes(line))

    async function metric(series: string): Promise<number> {
      const text = await (await fetch(`${alertmanager!.url}/metrics`)).text()
      return text
        .split('\n')
        .filter((line) => line.startsWith(series))
        .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
    }

    const requests = () => metric('alertmanager_notification_requests_total{integration="webhook"')
    const failedRequests = () =>
      metric('alertmanager_notification_requests_failed_total{integration="webhook"')

    it('writes a beginning and an end, however often it is repeated', async () => {
      const sender = await startSender({ speedUp: speedUpOfRepeats })
      const shop = anAlert('shop')
      await sender.post([shop])
      await untilLine('shop firing')
      await waitFor('three repeats', async () => (await requests()) >= 4)
      await sender.post([{ ...shop, endsAt: new Date() }])
      await untilLine('shop resolved')
      expect(await lines()).toEqual(['shop firing', 'shop resolved'])
      expect(await failedRequests()).toBe(0)
    })

    it('writes what began and what ended while the notifier was down, and does not repeat what was reported', async () => {
      const sender = await startSender({ speedUp: speedUpOfRepeats })
      const [shop, blog, mail] = [anAlert('shop'), anAlert('blog'), anAlert('mail')]
      await sender.post([shop, blog])
      await untilLine('shop firing')
      await untilLine('blog firing')
      await notifier.stop('SIGKILL')
      await sender.post([shop, { ...blog, endsAt: new Date() }, mail])
      await waitFor('attempts in vain', async () => (await failedRequests()) >= 4)
      await startNotifier()
      await untilLine('blog resolved')
      await untilLine('mail firing')
      const before = await requests()
      await waitFor('further repeats', async () => (await requests()) >= before + 4)
      expect((await lines()).sort()).toEqual(['blog firing', 'blog resolved', 'mail firing', 'shop firing'])
    })

    it('neither loses nor doubles what was written when the notifier was killed before it could answer', async () => {
      const proxy = await startDeafProxy(port)
      try {
        const sender = await startSender({ port: proxy.port })
        await sender.post([anAlert('shop')])
        await untilLine('shop firing')
        await notifier.stop('SIGKILL')
        proxy.listen()
        await startNotifier()
        await waitFor('an answer', async () => (await requests()) - (await failedRequests()) >= 1)
        expect(await failedRequests()).toBeGreaterThan(0)
        expect(await lines()).toEqual(['shop firing'])
      } finally {
        await proxy.stop()
      }
    })

    it('does not let an Alertmanager in that has another secret, until it has the right one', async () => {
      const token = join(folder, 'token of Alertmanager')
      await writeFile(token, 'guess')
      const sender = await startSender({ token })
      await sender.post([anAlert('shop')])
      await waitFor('the refusal', () => sender.program.output().includes('unexpected status code 401'))
      expect(await lines()).toEqual([])
      await copyFile(join(folder, 'token'), token)
      await untilLine('shop firing')
    })
  })
})

/** Passes requests on, and answers too once it is told to listen. Until then it swallows them. */
async function startDeafProxy(
  to: number,
): Promise<{ port: number; listen: () => void; stop: () => Promise<void> }> {
  let deaf = true
  const sockets = new Set<Socket>()
  const server: Server = createServer((incoming) => {
    const outgoing = connect(to, '127.0.0.1')
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket)
      socket
        .on('error', () => undefined)
        .on('close', () => {
          incoming.destroy()
          outgoing.destroy()
        })
    }
    incoming.pipe(outgoing)
    if (deaf) outgoing.resume()
    else outgoing.pipe(incoming)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as { port: number }).port,
    listen() {
      deaf = false
    },
    async stop() {
      for (const socket of sockets) socket.destroy()
      await once(server.close(), 'close')
    },
  }
}
