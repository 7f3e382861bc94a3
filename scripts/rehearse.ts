import { join } from 'node:path'
import { cloneStack } from './rehearse/compose.ts'
import { openTargetsFile } from './rehearse/targets-file.ts'
import { waitFor } from '../test/support/time/wait-for.ts'
import type { Program } from './stack/process.ts'
import { root } from './stack/shipped-files.ts'

/**
 * `npm run rehearse`: the Compose stack for real, from a clean clone of what is committed. It starts everything, edits the
 * targets as a user would, follows one outage from its first failed check to the alerts log and back, and removes
 * everything again. Prints what each step took.
 */

/** A port of the exporter's own container, which nothing listens on until the rehearsal wants it to. */
const port = 18_099
const target = { name: 'rehearsal', url: `http://localhost:${port}/`, interval: '5s', timeout: '2s' }

interface LogLine {
  status: string
  alertname: string
  target: string
  summary: string
  reason?: string
  runbook_url: string
}

/** Where our own Slack listens, in the container of the exporter, and where it keeps what it was sent. */
const slack = { port: 18_098, file: '/tmp/slack.jsonl' }

// All that a user sets to be notified in Slack.
const stack = await cloneStack(root, { SLACK_WEBHOOK_URL: `http://exporter:${slack.port}/services/T/B/X` })

async function step(what: string, act: () => Promise<unknown>): Promise<void> {
  const start = performance.now()
  await act()
  console.log(`ok  ${((performance.now() - start) / 1000).toFixed(1).padStart(6)} s  ${what}`)
}

/** Waits for a line of the alerts log in what `docker compose logs --follow notifier` shows. */
function alertLine(log: Program, status: string, withinMs: number): Promise<LogLine> {
  return waitFor(
    `TargetDown of ${target.name} is ${status} in the log of the notifier`,
    () =>
      log
        .output()
        .split('\n')
        .filter((line) => line.startsWith('{"time":') && line.endsWith('}'))
        .map((line) => JSON.parse(line) as LogLine)
        .find(
          (line) => line.alertname === 'TargetDown' && line.target === target.name && line.status === status,
        ),
    withinMs,
  )
}

/** Takes what an incoming webhook of Slack takes, and nothing else. */
const slackServer = `
  require('node:http').createServer((request, answer) => {
    let body = ''
    request.on('data', (chunk) => (body += chunk)).on('end', () => {
      const ok = request.method === 'POST' && request.url === '/services/T/B/X' && JSON.parse(body).attachments.length > 0
      if (ok) require('node:fs').appendFileSync('${slack.file}', body.trim() + '\\n')
      answer.writeHead(ok ? 200 : 400).end(ok ? 'ok' : 'invalid_payload')
    })
  }).listen(${slack.port})`

/** Waits for a message in Slack that says all of it. */
async function slackMessage(...words: string[]): Promise<void> {
  const message = await waitFor(
    `Slack is notified of ${words.join(', ')}`,
    async () =>
      (await stack.run('exec', 'exporter', 'cat', slack.file).catch(() => ''))
        .split('\n')
        .find((line) => words.every((word) => line.includes(word))),
    120_000,
  )
  const { title } = (JSON.parse(message) as { attachments: { title: string }[] }).attachments[0]!
  console.log(`    Slack: ${title}`)
}

async function listed(name: string): Promise<boolean> {
  const response = await fetch(`${stack.url.prometheus}/api/v1/targets?state=active`)
  const { data } = (await response.json()) as { data: { activeTargets: { labels: { target?: string } }[] } }
  return data.activeTargets.some(({ labels }) => labels.target === name)
}

async function reloadSucceeded(expected: 0 | 1): Promise<void> {
  await waitFor(`probity_config_last_reload_successful ${expected}`, async () => {
    const metrics = await (await fetch(`${stack.url.exporter}/metrics`)).text()
    return metrics.includes(`\nprobity_config_last_reload_successful ${expected}\n`)
  })
}

process.once('SIGINT', () => {
  void stack.down().finally(() => process.exit(130))
})

let log: Program | undefined
try {
  await step('docker compose up --build --wait: all healthy', stack.up)
  const notifier = (log = stack.follow('notifier'))
  await stack.run('exec', '--detach', 'exporter', 'node', '-e', slackServer)
  const targets = await openTargetsFile(join(stack.folder, 'config/targets.yml'))

  await step('a dead target is added: Prometheus lists it (15 s allowed)', async () => {
    await targets.add(target)
    await waitFor(`${target.name} is listed`, () => listed(target.name), 15_000)
  })
  await step('TargetDown is in the log of the notifier', async () => {
    const line = await alertLine(notifier, 'firing', 120_000)
    if (line.reason !== 'connect') throw new Error(`expected the reason connect, got ${String(line.reason)}`)
    if (!line.summary || !line.runbook_url) throw new Error(`no summary or runbook: ${JSON.stringify(line)}`)
    console.log(`    ${line.summary}`)
  })
  await step('Slack is notified, by Alertmanager: SLACK_WEBHOOK_URL was all it took', () =>
    slackMessage(target.name, 'TargetDown', 'CRITICAL'),
  )
  await step('the target answers again: resolved', async () => {
    const serve = `require('node:http').createServer((_, answer) => answer.end()).listen(${port})`
    await stack.run('exec', '--detach', 'exporter', 'node', '-e', serve)
    await alertLine(notifier, 'resolved', 180_000)
  })
  await step('Slack is notified of the end', () => slackMessage(target.name, 'RESOLVED'))
  await step('a broken edit is reported, and changes nothing', async () => {
    await targets.breakIt()
    await reloadSucceeded(0)
    const listing = await (await fetch(`${stack.url.exporter}/sd`)).text()
    if (!listing.includes(`"${target.name}"`)) throw new Error('the broken edit took the target out')
  })
  await step('the file as it was before: loaded, and the target is gone', async () => {
    await targets.restore()
    await reloadSucceeded(1)
    await waitFor(`${target.name} is no longer listed`, async () => !(await listed(target.name)), 15_000)
  })
} catch (error) {
  console.error(await stack.run('ps', '--all').catch(String))
  console.error(await stack.run('logs', '--tail', '40').catch(String))
  console.error(error)
  process.exitCode = 1
} finally {
  await log?.stop()
  await step('docker compose down --volumes', stack.down)
}
