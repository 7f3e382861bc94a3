import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Alert } from '../../src/alerts/alert.ts'
import { withLinks } from '../../src/alerts/evidence/links.ts'
import { allRules } from '../../src/alerts/evaluator/rules/index.ts'
import { toNotification } from '../../src/alerts/delivery/notification.ts'
import { startExporter } from '../../src/app/exporter/exporter.ts'
import type { Exporter } from '../../src/app/exporter/running.ts'
import { startNotifier } from '../../src/app/notifier/notifier.ts'
import { startSolo } from '../../src/app/solo/solo.ts'
import { emailMessage } from '../../src/channels/email/message.ts'
import { toLogLine } from '../../src/channels/log/log.ts'
import { pagerdutyEvent } from '../../src/channels/pagerduty/pagerduty.ts'
import { templateValues } from '../../src/channels/shared/template-values.ts'
import { slackMessage } from '../../src/channels/slack/message.ts'
import { webhookMessage as ownWebhook } from '../../src/channels/webhook/message.ts'
import { listenHttp, type Listening } from '../../src/lib/http/listen.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { root } from '../../scripts/stack/shipped-files.ts'
import { nameOf, rulesFiles, rulesOf } from '../prometheus/shipped.ts'
import { anAlert, webhookMessage } from '../support/alerts/alerts.ts'
import { withDatabase } from '../support/embedded.ts'
import { startHttpPeer, type HttpPeer } from '../support/servers/http-peer.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'

const target = 'shop/eu (old)'
const address = { host: '127.0.0.1', port: 0 }
const log = createLogger({ level: 'error', format: 'json' })

/** Every alert that is shipped, as its rule links: without a runbook of the target's own. */
const shipped: Alert[] = rulesFiles.flatMap(rulesOf).flatMap((rule) => {
  const { alert, annotations = {} } = rule
  if (alert === undefined) return []
  const written = (text = ''): string =>
    text
      .replace(/^.*{{ else }}(.*){{ end }}$/, '$1')
      .replace(/{{[^}]*urlquery[^}]*}}/g, encodeURIComponent(target))
  return [
    anAlert({
      labels: { alertname: nameOf(rule), target, severity: 'warning' },
      annotations: {
        summary: `${alert} of ${target}, reason: connect`,
        reason: 'connect',
        interval: '1',
        runbook_url: written(annotations.runbook_url),
        dashboard_url: written(annotations.dashboard_url),
        ...(annotations.failing_since !== undefined && { failing_since: '1' }),
      },
      startsAt: new Date(),
      fingerprint: nameOf(rule),
    }),
  ]
})

let folder: string
let hooks: string[]
let hook: HttpPeer
let grafana: HttpPeer
let running: Listening[]

beforeEach(async () => {
  folder = await withDatabase(await tempFolder())
  hooks = []
  running = []
  hook = await startHttpPeer(({ body }) => {
    hooks.push(body)
    return { status: 200 }
  })
  const names = await readdir(join(root, 'grafana/dashboards'))
  grafana = await startHttpPeer(({ path }) => {
    const uid = /^\/d\/([\w-]+)/.exec(path)?.[1] ?? ''
    return { status: names.includes(`${uid}.json`) ? 200 : 404 }
  })
  await writeFile(
    join(folder, 'targets.yml'),
    `targets: [{ name: "${target}", url: "http://127.0.0.1:1/", interval: 250ms, timeout: 200ms, alert_after: 1 }]`,
  )
  await writeFile(
    join(folder, 'notify.yml'),
    `channels: { hook: { type: webhook, group_by: off, url: "${hook.url}/", secret: of-nobody } }\nroutes: [{ channels: [hook] }]`,
  )
})

afterEach(async () => {
  for (const one of running.reverse()) await one.stop()
})

const places = () => ({ grafanaUrl: new URL(grafana.url) })

function linksIn(text: string): string[] {
  return [
    ...new Set(
      [...text.matchAll(/https?:\/\/127\.0\.0\.1:\d+\/(?!["\\])[^\s"<>|\\]+/g)].map(([link]) => link),
    ),
  ].filter((link) => !link.startsWith('http://127.0.0.1:1/'))
}

/** Opens links as a browser does. @returns Those that lead nowhere. */
async function dead(links: readonly string[]): Promise<string[]> {
  const wrong: string[] = []
  for (const link of links) {
    const response = await fetch(link.replaceAll('&amp;', '&'))
    const page = await response.text()
    const anchor = new URL(link).hash.slice(1)
    if (response.status !== 200 || (anchor !== '' && !page.includes(`id="${anchor}"`))) wrong.push(link)
  }
  return wrong
}

async function anExporter(): Promise<Exporter> {
  const configFile = join(folder, 'targets.yml')
  const exporter = await startExporter(
    { configFile, listenAddress: address, location: 'here' },
    { log, env: {}, onObservation: () => undefined },
  )
  running.push(exporter)
  await exporter.probe(exporter.config().targets[0]!)
  return exporter
}

describe('every link of every message leads somewhere', () => {
  it('in the words of each channel, for each alert', async () => {
    const externalUrl = new URL((await anExporter()).url)
    expect(shipped.length).toBeGreaterThan(25)
    const links = shipped.flatMap((alert) => {
      const told = toNotification(withLinks(alert, { externalUrl, ...places() }))
      const mail = emailMessage(told, { from: 'a@example.org', to: ['b@example.org'] })
      const messages = [
        JSON.stringify(slackMessage(told)),
        JSON.stringify(pagerdutyEvent(told, 'key')),
        JSON.stringify(ownWebhook(told, 'ops')),
        JSON.stringify(templateValues(told)),
        mail.text as string,
        mail.html as string,
        toLogLine(told, new Date()),
      ].map(linksIn)
      for (const found of messages) expect(found.length).toBeGreaterThanOrEqual(3)
      return messages.flat()
    })
    expect(await dead([...new Set(links)])).toEqual([])
  })

  it('through the notifier, which asks the exporter what was seen', async () => {
    const exporterUrl = new URL((await anExporter()).url)
    const bearerTokenFile = join(folder, 'token')
    const notifier = await startNotifier(
      {
        listenAddress: address,
        bearerTokenFile,
        logFile: join(folder, 'alerts.log'),
        notify: { file: join(folder, 'notify.yml'), optional: false },
        externalUrl: exporterUrl,
        exporterUrl,
        ...places(),
      },
      { log, env: {}, stdout: { write: () => true } },
    )
    running.push(notifier)
    const token = (await readFile(bearerTokenFile, 'utf8')).trim()
    const answer = await fetch(`${notifier.url}/api/v1/alerts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(webhookMessage(shipped)),
    })
    expect(answer.status).toBe(200)
    const names = new Set(shipped.map(({ fingerprint }) => fingerprint))
    await waitFor('every message', () => hooks.length >= names.size)
    for (const message of hooks) expect(message).toMatch(/reason: connect \(.*127\.0\.0\.1:1/)
    expect(await dead([...new Set(hooks.flatMap(linksIn))])).toEqual([])
  })

  it('of solo, whose pages stand behind a proxy', async () => {
    const behind = { url: '' }
    const proxy = await listenHttp((request, response) => {
      void fetch(`${behind.url}${request.url ?? ''}`).then(async (got) => {
        response.writeHead(got.status).end(await got.text())
      })
    }, address)
    running.push(proxy)
    const solo = await startSolo(
      {
        configFile: join(folder, 'targets.yml'),
        listenAddress: address,
        storagePath: folder,
        history: { folder },
        notify: { file: join(folder, 'notify.yml'), optional: false },
        externalUrl: new URL(proxy.url),
        ...places(),
      },
      { log, env: {}, stdout: { write: () => true } },
    )
    running.push(solo)
    behind.url = solo.url
    await waitFor('the message', () => hooks.length > 0)
    const links = linksIn(hooks[0]!)
    expect(links.map((link) => new URL(link).pathname.split('/')[1]).sort()).toEqual([
      'd',
      'docs',
      'incidents',
      'silences',
      'silences',
      'targets',
    ])
    expect(await dead(links)).toEqual([])

    // The words of solo are those of the rules (test/alerts/evaluator/texts.test.ts), so are its links.
    const names = new Set(shipped.map(({ labels }) => labels.alertname))
    const decided = [
      ...allRules.targets.map(({ alertname }) => alertname),
      ...allRules.calls.map(({ id }) => id),
      ...allRules.versions.map((rule) => rule({ caller: 'shop', version: '1' }).id.split(' ')[0]!),
    ]
    for (const name of decided) expect(names).toContain(name)
    const all = shipped.flatMap((alert) => {
      const told = toNotification(withLinks(alert, { externalUrl: new URL(proxy.url), ...places() }))
      return linksIn(JSON.stringify(templateValues(told)))
    })
    expect(all.length).toBeGreaterThan(3 * names.size)
    expect(await dead([...new Set(all)])).toEqual([])
  })
})
