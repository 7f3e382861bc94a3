import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { pino } from 'pino'
import { startSolo, type Solo } from '../../../src/app/solo/solo.ts'
import { silencesAnswer } from '../../../src/web/api/silences.ts'
import { targetAnswer } from '../../../src/web/api/shapes.ts'
import { withDatabase } from '../../support/embedded.ts'
import { startHttpPeer, type HttpPeer } from '../../support/servers/http-peer.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { quickEvaluations } from '../../support/time/quick-evaluations.ts'
import { waitFor } from '../../support/time/wait-for.ts'

let folder: string
let chat: HttpPeer
let solo: Solo

/** The messages about TargetDown, in their order: on a busy machine, other alerts may fire too. */
const messages = (): {
  readonly body: string
  readonly words: string
  readonly links: Record<string, string>
}[] =>
  chat.received.flatMap(({ body }) => {
    const { alerts } = JSON.parse(body) as {
      alerts: { status: string; labels: Record<string, string>; annotations: Record<string, string> }[]
    }
    const [{ status, labels, annotations } = { status: '', labels: {}, annotations: {} }] = alerts
    if (labels['alertname'] !== 'TargetDown') return []
    return [{ body, words: `${labels['target']} ${status}`, links: annotations }]
  })

const told = (): string[] => messages().map(({ words }) => words)

const logged = async (): Promise<string> => readFile(join(folder, 'alerts.log'), 'utf8')

async function start(): Promise<void> {
  solo = await startSolo(
    {
      configFile: join(folder, 'targets.yml'),
      notify: { file: join(folder, 'notify.yml'), optional: false },
      listenAddress: { host: '127.0.0.1', port: 0 },
      storagePath: folder,
      externalUrl: new URL('http://status.example/probity'),
    },
    { log: pino({ level: 'silent' }), timers: quickEvaluations, env: {}, stdout: { write: () => true } },
  )
}

/** A job says how it ended. */
async function job(name: string, event: string): Promise<void> {
  expect((await fetch(`${solo.url}/api/v1/heartbeat/${name}${event}`, { method: 'POST' })).status).toBe(200)
}

async function ask(method: string, path: string, body?: object) {
  const answer = await fetch(`${solo.url}/api/v1/silences${path}`, {
    method,
    ...(body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  })
  const json: unknown = await answer.json()
  return { status: answer.status, json, silences: silencesAnswer.safeParse(json).data?.silences ?? [] }
}

const page = async (path: string): Promise<string> => (await fetch(`${solo.url}${path}`)).text()

/** Sends a form of a page, as a browser does. */
const send = (path: string, fields: Record<string, string>): Promise<Response> =>
  fetch(`${solo.url}${path}`, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })

beforeEach(async () => {
  folder = await withDatabase(await tempFolder())
  chat = await startHttpPeer(() => ({ status: 200 }))
  const names = ['backup', 'mirror', 'sync']
  const targets = names.map(
    (name) => `  - { name: ${name}, heartbeat: 1d, interval: 250ms, timeout: 200ms, alert_after: 1 }`,
  )
  await writeFile(join(folder, 'targets.yml'), `targets:\n${targets.join('\n')}\n`)
  await writeFile(
    join(folder, 'notify.yml'),
    `channels:\n  chat: { type: webhook, url: "${chat.url}/", group_by: off }\nroutes:\n  - { channels: [chat], repeat: once }\n`,
  )
  await start()
})

afterEach(() => solo.stop())

it('nobody is notified of what is silenced until the silence ends, also after a restart', async () => {
  const made = await ask('POST', '', { match: 'backup', for: '2h', comment: 'new disk', by: 'anna' })
  expect(made).toMatchObject({
    status: 201,
    silences: [{ match: 'target="backup"', createdBy: 'anna', comment: 'new disk' }],
  })
  const { id } = made.silences[0]!
  await job('backup', '/fail')
  await job('mirror', '/fail')
  await waitFor('the log', async () => (await logged()).includes('"target":"backup"'))
  await waitFor('the other alert', () => told().length > 0)
  const row = await page('/')
  expect(row).toContain('silenced until')
  const own = await page('/targets/backup')
  expect(own).toContain('silenced by anna: new disk')
  expect(own).toMatch(/<b>TargetDown<\/b>[^]*fires since[^]*, silenced/)
  const answer = targetAnswer.parse(await (await fetch(`${solo.url}/api/v1/targets/backup`)).json())
  expect(answer.target).toMatchObject({ state: 'down', silenced: { by: 'anna', acknowledged: false } })
  await waitFor('the metrics', async () =>
    /_firing\{silenced="false"\} [1-9][^]*_firing\{silenced="true"\} [1-9][^]*probity_silences 1\n/.test(
      await page('/metrics'),
    ),
  )
  await solo.stop()
  await start()
  expect((await ask('GET', '')).silences).toHaveLength(1)
  await waitFor('the alert again', async () => (await page('/targets/backup')).includes('TargetDown'))
  expect(told()).toEqual(['mirror firing'])
  expect(await ask('DELETE', `/${id}`)).toMatchObject({ status: 200, silences: [{ id }] })
  await waitFor('the message', () => told().length === 2)
  await job('backup', '')
  await waitFor('its end', () => told().length === 3)
  expect(told()).toEqual(['mirror firing', 'backup firing', 'backup resolved'])
  expect(await ask('DELETE', `/${id}`)).toMatchObject({ status: 404 })
})

it('an acknowledgement ends with its incident, whose end is notified', async () => {
  await job('sync', '/fail')
  await waitFor('the message', () => told().length === 1)
  expect(await page('/targets/sync')).toContain('Acknowledge</button>')
  const fields = { target: 'sync', alertname: 'TargetDown', back: 'targets/sync' }
  const sent = await send('/silences/acknowledge', fields)
  expect([sent.status, sent.headers.get('location')]).toEqual([303, '../targets/sync'])
  expect(await page('/')).toContain('acknowledged by somebody')
  expect((await ask('GET', '')).silences).toMatchObject([
    { acknowledges: { alertname: 'TargetDown', target: 'sync' } },
  ])
  await job('sync', '')
  await waitFor('the end', () => told().length === 2)
  await waitFor('the end of the acknowledgement', async () => (await ask('GET', '')).silences.length === 0)
  await job('sync', '/fail')
  await waitFor('the next incident', () => told().length === 3)
  expect(told()).toEqual(['sync firing', 'sync resolved', 'sync firing'])
})

it('the page silences and ends, and says what is wrong', async () => {
  const fields = { match: 'sync', for: '1h', comment: '<b>deploy</b>', back: '//evil.example' }
  const sent = await send('/silences', fields)
  expect([sent.status, sent.headers.get('location')]).toEqual([303, './silences'])
  const shown = await page('/silences')
  expect(shown).toContain('<h1>1 silence</h1>')
  expect(shown).toContain('&lt;b&gt;deploy&lt;/b&gt;')
  const action = /action="(silences\/[\w-]+\/end)"/.exec(shown)?.[1] ?? ''
  const wrong = await send('/silences', { match: 'snyc', for: '1h', comment: 'x' })
  expect(wrong.status).toBe(400)
  expect(await wrong.text()).toContain('there is no target &quot;snyc&quot; (did you mean sync?)')
  const fromElsewhere = await fetch(`${solo.url}/${action}`, {
    method: 'POST',
    headers: { 'Sec-Fetch-Site': 'cross-site' },
  })
  expect(fromElsewhere.status).toBe(403)
  expect((await send(`/${action}`, {})).headers.get('location')).toBe('../../silences')
  expect(await page('/silences')).toContain('Nothing is silenced')
})

it('the link of a message shows a button, and only the button acts, without a login, once', async () => {
  await job('sync', '/fail')
  await waitFor('the message', () => told().length === 1)
  const link = messages()[0]?.links['acknowledge_url'] ?? ''
  expect(link).toMatch(/^http:\/\/status\.example\/probity\/silences\/link\?t=[\w-]+$/)
  const path = link.replace('http://status.example/probity', '')
  const seen = await page(path)
  expect(seen).toContain('<b>TargetDown</b> (critical) of sync')
  expect(seen).toContain('Acknowledge: nobody is notified again until the alert ends')
  expect((await ask('GET', '')).silences).toEqual([])
  const action = /action="([^"]+)"/.exec(seen)?.[1] ?? ''
  const done = await send(`/silences/${action}`, { by: 'anna' })
  expect([done.status, done.headers.get('cache-control')]).toEqual([200, 'no-store'])
  expect((await ask('GET', '')).silences).toMatchObject([
    { createdBy: 'anna (by the link of a message)', acknowledges: { target: 'sync' } },
  ])
  const again = await send(`/silences/${action}`, { by: 'ben' })
  expect([again.status, await again.text()]).toEqual([410, expect.stringContaining('was used already')])
  expect((await fetch(`${solo.url}/silences/link?t=guess`)).status).toBe(410)
  expect(await logged()).not.toContain('silences/link')
  await job('sync', '')
  await waitFor('the end', () => told().length === 2)
  expect(messages()[1]?.body).not.toContain('silences/link')
})

it.each<[object, string]>([
  [{ match: 'sync', for: '1h' }, 'a silence must say why'],
  [{ match: 'sync', for: '1h', comment: 'x', until: 3 }, 'until is missing or is not a text'],
  [{ match: 'sync', for: '1h', comment: 'x', who: 'me' }, 'there is no key who'],
])('a request that is wrong is refused with words: %o', async (body, words) => {
  expect(await ask('POST', '', body)).toMatchObject({
    status: 400,
    json: { error: expect.stringContaining(words) },
  })
})
