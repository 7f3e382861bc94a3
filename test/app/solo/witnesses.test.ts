import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { startNotifier } from '../../../src/app/notifier/notifier.ts'
import { startSolo } from '../../../src/app/solo/solo.ts'
import { targetAnswer } from '../../../src/web/api/shapes.ts'
import { webhookMessage } from '../../support/alerts/alerts.ts'
import { anAlert } from '../../support/alerts/alerts.ts'
import { atEnd } from '../../support/at-end.ts'
import { withDatabase } from '../../support/embedded.ts'
import { startHttpPeer } from '../../support/servers/http-peer.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { quickEvaluations } from '../../support/time/quick-evaluations.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const log = pino({ level: 'silent' })
const listenAddress = { host: '127.0.0.1', port: 0 }

/** The lines of an alerts log about a target that is down. */
async function down(file: string): Promise<Record<string, string>[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '')
  return lines
    .map((line) => JSON.parse(line) as Record<string, string>)
    .filter(({ alertname, status }) => alertname === 'TargetDown' && status === 'firing')
}

it('checks, the vendor and what has changed stand together, in solo and in what the notifier asks', async () => {
  let fails = false
  const api = await startHttpPeer(() => ({ status: fails ? 500 : 200 }))
  const page = await startHttpPeer(() => ({ status: 200, body: '{"status":{"indicator":"none"}}' }))
  const folder = await withDatabase(await tempFolder())
  const targetOf = (name: string, more: string): string =>
    `  - { name: ${name}, ${more}, interval: 250ms, timeout: 200ms, alert_after: 1 }\n`
  const url = (path: string): string => `url: "${api.url}/${path}", labels: { vendor: acme }`
  await writeFile(
    join(folder, 'targets.yml'),
    `vendors: { acme: { status: "${page.url}/api/v2/summary.json" } }\ntargets:\n${targetOf('pay', url('a'))}${targetOf('ship', url('b'))}${targetOf('own', `url: "${page.url}/"`)}  - { name: bills, calls: { host: ^bills$ }, labels: { vendor: acme } }
`,
  )
  const solo = await startSolo(
    {
      configFile: join(folder, 'targets.yml'),
      listenAddress,
      storagePath: folder,
      history: { folder: join(folder, 'history') },
    },
    { log, timers: quickEvaluations, env: {}, stdout: { write: () => true } },
  )
  atEnd(solo.stop)
  const get = async (path: string): Promise<string> => (await fetch(solo.url + path)).text()
  const target = async (name: string) =>
    targetAnswer.parse(JSON.parse(await get(`/api/v1/targets/${name}`))).target as Record<string, unknown>
  await waitFor(
    'the vendor is heard',
    async () => (await target('pay'))['vendor'] !== undefined && (await target('pay'))['last'],
  )
  await waitFor('the page is read', async () =>
    (await get('/metrics')).includes('probity_vendor_status{vendor="acme"} 0'),
  )
  await waitFor('the mark is stored', async () => {
    const headers = { 'Content-Type': 'application/json' }
    const body = '{"title":"checkout 1.4.2","labels":{"vendor":"acme"}}'
    return (await fetch(`${solo.url}/api/v1/marks`, { method: 'POST', headers, body })).status === 201
  })
  fails = true
  const [line] = await waitFor('the alert', async () => {
    const lines = await down(join(folder, 'alerts.log')).catch(() => [])
    return lines.length > 0 && lines
  })
  expect(line).toMatchObject({
    witnesses: 'checks fail, vendor acme says operational: 1 of 2 sees trouble',
    after_mark: expect.stringMatching(/^began \d+s after checkout 1\.4\.2$/) as unknown,
  })
  const shared = 'all 2 that fail share vendor acme, and none that works does'
  const seen = await waitFor('both fail', async () => {
    const one = await target('ship')
    return one['shared'] === shared && one
  })
  expect(seen).toMatchObject({ vendor: { name: 'acme', state: 'operational' } })
  const text = await get('/targets/ship')
  expect(text).toMatch(/Vendor acme says: <b class="quiet">operational<\/b>/)
  expect(text).toContain(shared)
  expect(await get('/')).toContain('vendor says: operational')
  expect(await get('/targets/bills')).toContain('<li>checkout 1.4.2 ')
  const incident = await waitFor('the incident', async () => {
    const { incidents } = JSON.parse(await get('/api/v1/incidents?target=ship')) as {
      incidents: { after?: object }[]
    }
    return incidents[0]?.after
  })
  expect(incident).toMatchObject({ title: 'checkout 1.4.2' })

  await writeFile(join(folder, 'token'), 'of-the-notifier-1234567')
  const logFile = join(folder, 'notifier.log')
  const notifier = await startNotifier(
    { listenAddress, bearerTokenFile: join(folder, 'token'), logFile, exporterUrl: new URL(solo.url) },
    { log, env: {}, stdout: { write: () => true } },
  )
  atEnd(notifier.stop)
  const alert = anAlert({
    labels: { alertname: 'TargetDown', target: 'ship', location: 'default' },
    annotations: { reason: 'status', interval: '1' },
  })
  const answer = await fetch(`${notifier.url}/api/v1/alerts`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: 'Bearer of-the-notifier-1234567' },
    body: JSON.stringify(webhookMessage([alert])),
  })
  expect(answer.ok).toBe(true)
  expect(await down(logFile)).toMatchObject([
    {
      witnesses: 'checks fail, vendor acme says operational: 1 of 2 sees trouble',
      after_mark: expect.stringMatching(/ after checkout 1\.4\.2$/) as unknown,
      shared,
    },
  ])
})
