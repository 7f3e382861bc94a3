import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { startNotifier } from '../../src/app/notifier/notifier.ts'
import { startAlerting } from '../../src/alerts/evaluator/alerting.ts'
import { notifierMetrics } from '../../src/alerts/delivery/metrics.ts'
import { startAlertSink } from '../../src/app/alert-sink.ts'
import { systemClock } from '../../src/lib/time/clock.ts'
import { createKeeping } from '../../src/lib/io/keeping.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { startAlertmanager } from '../support/programs/alertmanager.ts'
import { startHttpPeer, type HttpPeer } from '../support/servers/http-peer.ts'
import { aResult, aTarget } from '../support/target.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { describeWithTool } from '../support/programs/tools.ts'
import { quickEvaluations } from '../support/time/quick-evaluations.ts'
import { waitFor } from '../support/time/wait-for.ts'

/** Groups wait 50 ms and look for changes every 300 ms; what is critical is repeated every 18 s. */
const speedUp = 200

/** Seconds between two checks; the third failure in a row makes an alert fire. */
const interval = 1
const alertAfter = 2.5

/**
 * A check a letter: `x` fails. Each repeat has its last notification well before an end and would have the next well after
 * it, so that the group timers decide nothing.
 */
const stories = {
  shop: '.xxxxxxxxxxx..xxxxxxx.',
  blog: '......xxxxxxxxxxxxxxxx',
  // Never three in a row.
  mail: '.xx.xx.xx.xx.xx.xx.xx.',
}

/** Every channel is the notifier's, also where there is an Alertmanager. */
const notifyYml = `
channels:
  doubling: { type: webhook, group_by: off, url: "\${PEER}/doubling", via: probity }
  checks: { type: webhook, group_by: off, url: "\${PEER}/checks", via: probity }
  hours: { type: webhook, group_by: off, url: "\${PEER}/hours", via: probity }
  first: { type: webhook, group_by: off, url: "\${PEER}/first", via: probity }
  named: { type: webhook, group_by: off, url: "\${PEER}/named", via: probity }
routes:
  - { channels: doubling, repeat: exponential }
  - { channels: checks, repeat: 2 }
  - { channels: hours, repeat: 4s }
  - { match: { severity: critical }, channels: first, repeat: once }
`

const closing: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const stop of closing.splice(0).reverse()) await stop()
})

const log = createLogger({ destination: { write: () => undefined } })
const stdout = { write: () => undefined }

/** What a peer was told, by channel and target, in its order. */
function told({ received }: HttpPeer): Record<string, string> {
  const lists: Record<string, string> = {}
  for (const { path, body } of received) {
    const { alerts } = JSON.parse(body) as {
      alerts: [{ status: string; alertCount: number; labels: { alertname: string; target: string } }]
    }
    const [{ status, alertCount, labels }] = alerts
    // The story is about one alert: that a target flaps, or burns its budget, is another.
    if (labels.alertname !== 'TargetDown') continue
    const key = `${labels.alertname} of ${labels.target} on ${path.slice(1)}`
    lists[key] = `${lists[key] ?? ''} ${status}:${alertCount}`.trim()
  }
  return lists
}

describeWithTool(['prometheus-alertmanager'], 'the notifications of one story', () => {
  it('are the same in solo and behind a real Alertmanager', async () => {
    const folder = await tempFolder()
    const file = join(folder, 'notify.yml')
    await writeFile(file, notifyYml)
    const notify = { file, optional: false }
    const peers = {
      solo: await startHttpPeer(() => ({ status: 200 })),
      alertmanager: await startHttpPeer(() => ({ status: 200 })),
    }

    const solo = await startAlertSink({
      storagePath: join(folder, 'solo'),
      logFile: join(folder, 'solo/alerts.log'),
      withoutAlertmanager: true,
      notify,
      metrics: notifierMetrics(),
      keeping: createKeeping({ log, now: systemClock.now }),
      log,
      clock: systemClock,
      env: { PEER: peers.solo.url },
      stdout,
    })
    closing.push(() => solo.stop())
    const bearerTokenFile = join(folder, 'token')
    const notifier = await startNotifier(
      {
        listenAddress: { host: '127.0.0.1', port: 0 },
        bearerTokenFile,
        logFile: join(folder, 'notifier/alerts.log'),
        notify,
      },
      { log, stdout, env: { PEER: peers.alertmanager.url } },
    )
    closing.push(() => notifier.stop())
    const alertmanager = await startAlertmanager('prometheus-alertmanager', {
      folder,
      speedUp,
      replace: {
        'notifier:9741': new URL(notifier.url).host,
        '/etc/probity/secrets/notifier-token': bearerTokenFile,
      },
    })
    closing.push(() => alertmanager.stop())

    const targets = Object.keys(stories).map((name) =>
      aTarget({
        name,
        interval,
        alertAfter,
        expect: { maxLatency: 1, maxErrorRatio: 1, slo: 0.95, minCertificate: 0 },
        ...(name === 'blog' && { severity: 'warning', labels: { notify: 'named,doubling', repeat: '3' } }),
      }),
    )
    const alerting = await startAlerting({
      file: { load: () => Promise.resolve(undefined), save: () => Promise.resolve() },
      sink: async (alerts) => {
        await Promise.all([solo.accept(alerts), alertmanager.post(alerts)])
      },
      targets,
      location: 'default',
      lingers: 'always',
      clock: systemClock,
      timers: quickEvaluations,
      log,
    })
    closing.push(() => alerting.stop())

    const began = Date.now()
    for (let check = 0; check < stories.shop.length; check++) {
      await waitFor('the next check', () => Date.now() >= began + check * interval * 1000)
      for (const target of targets) {
        const success = stories[target.name as keyof typeof stories][check] === '.'
        const failure = { reason: 'status', message: '503' } as const
        alerting.observe(target, aResult({ success, durationSeconds: 0, ...(!success && { failure }) }))
      }
    }

    for (const peer of Object.values(peers)) {
      const ends = () => peer.received.filter(({ body }) => body.includes('"status":"resolved","labels"'))
      await waitFor('the second end on four channels', () => ends().length >= 8)
    }
    const expected = {
      'TargetDown of shop on doubling':
        'firing:1 firing:2 firing:3 firing:4 resolved:4 firing:1 firing:2 firing:3 resolved:3',
      'TargetDown of shop on checks':
        'firing:1 firing:2 firing:3 firing:4 firing:5 resolved:5 firing:1 firing:2 firing:3 resolved:3',
      'TargetDown of shop on hours': 'firing:1 firing:2 firing:3 resolved:3 firing:1 firing:2 resolved:2',
      'TargetDown of shop on first': 'firing:1 resolved:1 firing:1 resolved:1',
      'TargetDown of blog on named': 'firing:1 firing:2 firing:3 firing:4 firing:5',
      'TargetDown of blog on doubling': 'firing:1 firing:2 firing:3 firing:4 firing:5',
    }
    expect(told(peers.solo)).toEqual(expected)
    expect(told(peers.alertmanager)).toEqual(expected)
  })
})
