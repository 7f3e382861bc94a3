import { createServer as createTcpServer } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { UndeliveredAnswer } from '../../../src/alerts/delivery/undelivered.ts'
import { notifyTypes } from '../../../src/app/channels.ts'
import { describeStatus } from '../../../src/app/notify/undelivered.ts'
import { testChannels } from '../../../src/app/notify/test.ts'
import { startNotifier, type Notifier } from '../../../src/app/notifier/notifier.ts'
import { channelTypes } from '../../../src/channels/index.ts'
import { loadNotify } from '../../../src/config/notify/load.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { systemClock } from '../../../src/lib/time/clock.ts'
import { anAlert, webhookMessage } from '../../support/alerts/alerts.ts'
import { placesOf } from '../../support/planted.ts'
import {
  startHttpPeer,
  type Misbehaviour,
  type Received,
  type Reply,
} from '../../support/servers/http-peer.ts'
import { startSmtpPeer } from '../../support/servers/smtp-peer.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'

interface Places {
  /** Of a server that says back what it was sent. Its path is of `${BASE}`. */
  readonly url: string
  readonly smtpPort: number
  readonly closedPort: number
}

/** How each kind of channel may be configured, with a name for everything that lets others in. */
const kinds: Readonly<Record<keyof typeof channelTypes, (places: Places) => object>> = {
  apprise: ({ url }) => ({ url, key: '${APPRISE_WORD}' }),
  command: () => ({
    command: 'printf "%s " "$SHOP_TOKEN"; printf %s "user:$SHOP_TOKEN" | base64 -w0; exit 3',
    env: { SHOP_TOKEN: '${COMMAND}' },
  }),
  discord: ({ url }) => ({ webhook_url: `${url}/api/webhooks/1/\${DISCORD_WORD}` }),
  email: ({ smtpPort }) => ({
    from: 'probity@example.org',
    to: 'me@example.org',
    smtp_host: '127.0.0.1',
    smtp_port: smtpPort,
    smtp_user: 'probity',
    smtp_password: '${EMAIL}',
    tls: 'none',
  }),
  google_chat: ({ url }) => ({
    webhook_url: `${url}/v1/spaces/A/messages?key=\${GOOGLE_WORD}&token=\${CHAT_WORD}`,
  }),
  gotify: ({ url }) => ({ url, token: '${GOTIFY}' }),
  incidentio: ({ url }) => ({
    url: `${url}/v2/alert_events/alertmanager/1`,
    alert_source_token: '${INCIDENT}',
  }),
  jira: ({ url }) => ({ api_url: `${url}/rest/api/2`, username: 'me', api_token: '${JIRA}', project: 'OPS' }),
  matrix: ({ url }) => ({ homeserver_url: url, access_token: '${MATRIX}', room_id: '!abc:example.org' }),
  mattermost: ({ url }) => ({ webhook_url: `${url}/hooks/\${MATTERMOST_WORD}` }),
  msteamsv2: ({ url }) => ({ webhook_url: `${url}/workflows/1?sig=\${TEAMS_WORD}` }),
  ntfy: ({ url }) => ({ url, topic: 'ops', username: 'me', password: '${NTFY}' }),
  pagerduty: ({ url }) => ({ url, routing_key: '${PAGERDUTY}' }),
  pushover: ({ url }) => ({ url, user_key: '${PUSHOVER_USER}', token: '${PUSHOVER}' }),
  rocketchat: ({ url }) => ({ api_url: url, token_id: 'user1', token: '${ROCKET}', channel: '#ops' }),
  sentry: ({ url }) => ({ dsn: `${url.replace('//', '//${SENTRY_WORD}@')}/1` }),
  slack: ({ url }) => ({ webhook_url: `${url}/services/T0/B0/\${SLACK_WORD}` }),
  sms: ({ url }) => ({
    url,
    account_sid: 'AC1',
    auth_token: '${SMS}',
    from: '+4930123457',
    to: '+4930123456',
  }),
  sns: ({ url }) => ({
    topic_arn: 'arn:aws:sns:eu-central-1:123456789012:alerts',
    api_url: url,
    sigv4: { access_key: 'AKIDEXAMPLE', secret_key: '${SNS}' },
  }),
  syslog: ({ closedPort }) => ({ host: '127.0.0.1', port: closedPort, protocol: 'tcp' }),
  telegram: ({ url }) => ({ api_url: url, bot_token: '1234567:${TELEGRAM_WORD}', chat_id: '1' }),
  voice: ({ url }) => ({
    url,
    account_sid: 'AC1',
    auth_token: '${VOICE}',
    from: '+4930123457',
    to: '+4930123456',
  }),
  webex: ({ url }) => ({ api_url: `${url}/v1/messages`, bot_token: '${WEBEX}', room_id: 'room1234' }),
  webhook: ({ url }) => ({
    url: `${url}/\${WEBHOOK_WORD}`,
    headers: { 'X-Key': '${WEBHOOK_HEADER}' },
    secret: '${WEBHOOK_SIGN}',
  }),
}
const types = Object.keys(kinds)

const written = JSON.stringify(
  Object.values(kinds).map((kind) => kind({ url: 'http://${BASE}', smtpPort: 1, closedPort: 1 })),
)
/** Values that occur nowhere else; but for parts of addresses, each has characters that every encoding changes. */
const planted = Object.fromEntries(
  Array.from(new Set(Array.from(written.matchAll(/\$\{(\w+)\}/g), ([, name = '']) => name)), (name) => [
    name,
    /_WORD$|^BASE$/.test(name) ? `${name.replace('_', '')}Zq7x9Kw` : `${name}-Q7"<x>&z9Kt`,
  ]),
)

/** What is not sent to anybody: what is signed with it is. */
const unsent = ['COMMAND', 'SNS', 'WEBHOOK_SIGN']

/** What of it a request has, however it is written there. */
function plantedIn({ path, headers, body }: Received): string[] {
  const credentials = /^Basic (.*)$/.exec(headers['authorization'] ?? '')?.[1] ?? ''
  const values = [decodeURIComponent(path), ...Object.values(headers)]
  const decoded = [...values, Buffer.from(credentials, 'base64').toString(), body, decodeURIComponent(body)]
  const wire = new Map([['the wire', decoded.join('\n')]])
  return Object.values(planted).filter((secret) => placesOf(secret, wire).length > 0)
}

/** Servers say back the secrets that they were sent: briefly, so that nothing of it is cut off. */
const faults: Readonly<Record<string, (found: readonly string[]) => Reply | Misbehaviour>> = {
  '401': (found) => ({ status: 401, body: [...found, ...found.map(encodeURIComponent)].join(' ') }),
  '500': (found) => ({
    status: 500,
    body: `${JSON.stringify(found)} ${Buffer.from(`user:${found.join('')}`).toString('base64')}`,
  }),
  'a reset': () => 'reset',
}

describe.each([
  ['from the environment', true],
  ['in the file', false],
])('what lets others in, written %s', (_where, fromEnvironment) => {
  const outputs = new Map<string, string>()
  const sent = new Set<string>()
  let notifier: Notifier | undefined

  afterAll(() => notifier?.stop())

  beforeAll(async () => {
    const folder = await tempFolder()
    let fault = faults['401']!
    const peer = await startHttpPeer((request) => {
      const found = plantedIn(request)
      for (const secret of found) sent.add(secret)
      return fault(found)
    })
    const smtp = await startSmtpPeer()
    const closed = createTcpServer().listen(0, '127.0.0.1')
    await once(closed, 'listening')
    const closedPort = (closed.address() as AddressInfo).port
    await new Promise((resolve) => closed.close(resolve))
    const places = { url: `${peer.url}/\${BASE}`, smtpPort: smtp.port, closedPort }
    const channels = Object.entries(kinds).map(([type, kind]) => {
      const delivery = { max_attempts: 1 }
      return [type, { type, ...kind(places), delivery, group_by: 'off' }]
    })
    const file = JSON.stringify(
      { channels: Object.fromEntries(channels), routes: [{ channels: types }] },
      (_key, value: unknown) =>
        typeof value === 'string' && !fromEnvironment
          ? value.replace(/\$\{(\w+)\}/g, (_whole, name: string) => planted[name]!)
          : value,
    )
    const notify = join(folder, 'notify.yml')
    await writeFile(notify, file)
    const env = { PATH: process.env['PATH'], ...(fromEnvironment && planted) }
    const log: string[] = []
    const write = (line: string): boolean => log.push(line) > 0
    notifier = await startNotifier(
      {
        listenAddress: { host: '127.0.0.1', port: 0 },
        bearerTokenFile: join(folder, 'token'),
        logFile: join(folder, 'state', 'alerts.log'),
        notify: { file: notify, optional: false },
        allChannels: true,
      },
      { log: createLogger({ level: 'debug', destination: { write } }), stdout: { write }, env },
    )
    const { url } = notifier
    const authorization = `Bearer ${(await readFile(join(folder, 'token'), 'utf8')).trim()}`
    const undelivered = async (): Promise<UndeliveredAnswer> =>
      (await (
        await fetch(`${url}/api/v1/undelivered`, { headers: { authorization } })
      ).json()) as UndeliveredAnswer
    for (const [count, [name, judge]] of Object.entries(faults).entries()) {
      fault = judge
      const alert = anAlert({
        labels: { ...anAlert().labels, target: `shop-${count}` },
        fingerprint: `${count}`,
      })
      await fetch(`${url}/api/v1/alerts`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(webhookMessage([alert])),
      })
      await waitFor(
        'every channel has given up',
        async () => (await undelivered()).undelivered.length >= types.length * (count + 1),
      )
      const config = await loadNotify(notify, { env, types: notifyTypes, foreign: [] })
      outputs.set(
        `notify test after ${name}`,
        JSON.stringify(await testChannels(config, undefined, { clock: systemClock, env })),
      )
    }
    const answer = await undelivered()
    outputs.set('notify status', describeStatus(answer))
    outputs.set('/api/v1/undelivered', JSON.stringify(answer))
    outputs.set('/metrics', await (await fetch(`${url}/metrics`)).text())
    await writeFile(notify, file.replace('"routes":', '"rotes":'))
    outputs.set('a refused notify.yml', String(await notifier.reload().catch((error: unknown) => error)))
    await notifier.stop()
    for (const password of smtp.passwords) sent.add(password ?? '')
    outputs.set('the log', log.join(''))
    for (const name of await readdir(join(folder, 'state')))
      outputs.set(`the file ${name}`, await readFile(join(folder, 'state', name), 'utf8'))
  }, 120_000)

  it('is used, and every channel fails', () => {
    expect(types).toEqual(Object.keys(channelTypes))
    const names = Object.keys(planted).filter((name) => !sent.has(planted[name]!))
    expect(names).toEqual(unsent)
    expect(outputs.get('notify status')).toContain('<secret>')
    for (const type of types)
      expect(outputs.get('notify test after 401')).toContain(`"type":"${type}","result":"failed"`)
  })

  it.each(Object.keys(planted).filter((name) => fromEnvironment || name !== 'BASE'))(
    'is nowhere to be seen: %s',
    (name) => {
      expect(placesOf(planted[name]!, outputs)).toEqual([])
    },
  )
})
