import { createServer, type Server } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startSolo, type Solo } from '../../../src/app/solo/solo.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { withDatabase } from '../../support/embedded.ts'
import { placesOf } from '../../support/planted.ts'
import { tempFolder } from '../../support/temp-folder.ts'

/** Values that occur nowhere else; each has characters that every encoding changes. */
const planted = {
  PASSWORD_IN_URL: 'url-Xk3"<p&ss>7wQ',
  QUERY: 'query-Vb8&"<q>=t5Z',
  PLACE: 'path-Jm2-n9-R4xTy',
  HEADER: 'header-Gh6"<h>&k1Lp',
  KEY: 'key-Tz4"<k>&w8Sd',
  BODY: 'body-Qe9"<b>&v3Fy',
  BEARER: 'bearer-Wn5-c7-Hj2Rk',
  FILE: 'file-Yu1"<f>&x6Ma',
  BASIC: 'basic-Dp8"<a>&z2Cv',
  CLIENT: 'client-Sf3"<o>&g9Bn',
  EXPECTED: 'expected-Lo7"<e>&m4Ui',
  SENT: 'sent-Ar5"<s>&d6Kt',
  VARIABLE: 'variable-Ce2"<v>&j8Pq',
  STEP: 'step-Nx6"<t>&y1Ow',
  CHANNEL: 'channel-Zi4-l7-Eb9',
  CHANNEL_HEADER: 'hook-Fm8"<n>&r3Gs',
  COMMAND_CHANNEL: 'runs-Bd1"<c>&u5Hx',
} as const

/** Says back whatever it was asked, in every encoding, and that it went wrong. */
async function echoServer(): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => void chunks.push(chunk))
    request.on('end', () => {
      const credentials = /^Basic (.*)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
      const seen = JSON.stringify({
        url: decodeURIComponent(request.url ?? ''),
        headers: request.headers,
        credentials: Buffer.from(credentials, 'base64').toString(),
        body: Buffer.concat(chunks).toString(),
      })
      response.writeHead(500, { 'content-type': 'application/json', 'x-seen': encodeURIComponent(seen) })
      response.end(
        JSON.stringify({
          seen,
          encoded: Buffer.from(seen).toString('base64'),
          form: encodeURIComponent(seen),
        }),
      )
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return server
}

const portOf = (server: { address: () => unknown }): number => (server.address() as AddressInfo).port

/** How a target could fail so that it shows as much as possible of what it was told. */
const targetsFile = (http: number, tcp: number): string => `
defaults: { interval: 1s, timeout: 900ms, alert_after: 1 }
targets:
  - name: in-url
    url: "http://me:\${PASSWORD_IN_URL}@127.0.0.1:${http}/\${PLACE}?token=\${QUERY}"
    expect: { status: 200, body: { contains: "\${EXPECTED}" } }
  - name: in-request
    url: http://127.0.0.1:${http}/
    method: POST
    headers: { X-Plain: "\${HEADER}", X-Api-Key: "\${KEY}" }
    body: "\${BODY}"
    expect: { status: 500, json: { "$.seen": "\${EXPECTED}" } }
  - { name: bearer, url: "http://127.0.0.1:${http}/", auth: { bearer: "\${BEARER}" }, expect: { status: 500, body: { not_contains: seen } } }
  - { name: from-file, url: "http://127.0.0.1:${http}/", headers: { X-Note: "\${file:secret.txt}" }, expect: { status: 500, headers: { x-seen: "\${EXPECTED}" } } }
  - { name: basic, url: "http://127.0.0.1:${http}/", auth: { basic: { username: me, password: "\${BASIC}" } }, expect: { status: 500, cel: "body.seen == 'x'" } }
  - name: oauth
    url: http://127.0.0.1:${http}/
    auth: { oauth2: { token_url: "http://127.0.0.1:${http}/token", client_id: me, client_secret: "\${CLIENT}" } }
  - { name: talks, tcp: "127.0.0.1:${tcp}", dialogue: [{ send: "\${SENT}" }, { expect: "^never" }] }
  - name: runs
    command: 'printf "%s " "$HIDDEN"; printf %s "user:$HIDDEN" | base64 -w0; exit 3'
    env: { HIDDEN: "\${VARIABLE}" }
  - name: long-output
    command: 'head -c 121 /dev/zero | tr "\\0" x; printf "%s" "$HIDDEN"; head -c 900 /dev/zero | tr "\\0" x; exit 3'
    env: { HIDDEN: "\${VARIABLE}" }
  - name: steps
    steps:
      - { name: first, url: "http://127.0.0.1:${http}/", headers: { X-Step: "\${STEP}" }, expect: { status: 200 } }
`

const notifyFile = (hook: number): string => `
channels:
  hook: { type: webhook, url: "http://127.0.0.1:${hook}/\${CHANNEL}", headers: { X-Plain: "\${CHANNEL_HEADER}" }, group_wait: 1ms, via: probity }
  echoes: { type: webhook, url: "http://127.0.0.1:${hook}/refuse/\${CHANNEL}", headers: { X-Plain: "\${CHANNEL_HEADER}" }, group_wait: 1ms, via: probity, delivery: { max_attempts: 1 } }
  runs: { type: command, command: 'printf %s "$HIDDEN"; printf %s "-$HIDDEN" | base64 -w0; exit 1', env: { HIDDEN: "\${COMMAND_CHANNEL}" }, delivery: { max_attempts: 1 } }
routes: [{ channels: [hook, echoes, runs] }]
`

let folder: string
let solo: Solo
let http: Server
let hook: Server
const outputs = new Map<string, string>()
const log: string[] = []
const received: string[] = []

const names = [...targetsFile(0, 0).matchAll(/- (?:\{ )?name: ([a-z-]+)(?![^\n]*X-Step)/g)].map(
  ([, name = '']) => name,
)

beforeAll(async () => {
  folder = await withDatabase(await tempFolder())
  http = await echoServer()
  const tcp = createTcpServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => socket.write(`${chunk.toString('base64')}\n${chunk.toString()}\n`))
  })
  await once(tcp.listen(0, '127.0.0.1'), 'listening')
  hook = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => void chunks.push(chunk))
    request.on('end', () => {
      received.push(Buffer.concat(chunks).toString())
      response.writeHead(request.url?.startsWith('/refuse') ? 400 : 204)
      response.end(request.url?.startsWith('/refuse') ? JSON.stringify([request.url, request.headers]) : '')
    })
  })
  await once(hook.listen(0, '127.0.0.1'), 'listening')
  await writeFile(join(folder, 'secret.txt'), planted.FILE)
  const configFile = join(folder, 'targets.yml')
  const config = targetsFile(portOf(http), portOf(tcp))
  await writeFile(configFile, config)
  await writeFile(join(folder, 'notify.yml'), notifyFile(portOf(hook)))
  solo = await startSolo(
    {
      configFile,
      listenAddress: { host: '127.0.0.1', port: 0 },
      storagePath: join(folder, 'state'),
      lifecycle: true,
      notify: { file: join(folder, 'notify.yml'), optional: false },
    },
    {
      log: createLogger({ level: 'debug', destination: { write: (line) => void log.push(line) } }),
      env: { ...planted, PATH: process.env['PATH'] },
      stdout: { write: (text: string) => log.push(text) > 0 },
    },
  )
  await vi.waitUntil(() => received.length >= names.length, { timeout: 60_000 })
  await vi.waitUntil(() => log.join('').includes('given up'), { timeout: 60_000 })
  const get = async (path: string): Promise<void> => {
    outputs.set(path, await (await fetch(solo.url + path)).text())
  }
  for (const path of [
    '/',
    '/metrics',
    '/sd',
    '/config',
    '/incidents',
    '/api/v1/targets',
    '/api/v1/incidents',
    '/api/v1/report',
    '/api/v1/checks',
  ])
    await get(path)
  for (const name of names)
    for (const path of [
      `/targets/${name}`,
      `/api/v1/targets/${name}`,
      `/probe?target=${name}&debug=true`,
      `/badge/${name}.svg`,
    ])
      await get(path)
  await writeFile(
    configFile,
    `${config}
  - { name: a, url: "http://127.0.0.1/", module: "\${BODY}", depends_on: ["\${HEADER}"], was: ["\${KEY}", a] }
  - { name: "\${STEP}", url: "http://127.0.0.1/", depends_on: b }
  - { name: b, url: "http://127.0.0.1/", depends_on: "\${STEP}", interval: "\${FILE:-}", notify: "\${BASIC}", severity: "\${CLIENT}" }
web: { public: ["\${SENT}"] }
maintenance: [{ targets: ["\${VARIABLE}"], start: 2020-01-01T00:00:00Z, end: 2020-01-01T01:00:00Z }]
probe: { allow: ["\${BEARER}("], allow_networks: ["\${QUERY}"] }
`,
  )
  const answer = await fetch(`${solo.url}/-/reload`, { method: 'POST' })
  outputs.set('an answer of a reload', await answer.text())
  await writeFile(configFile, config)
  await writeFile(
    join(folder, 'notify.yml'),
    'channels: { c: { type: "${BODY}", url: "${CHANNEL}" } }\nroutes: [{ channels: "${COMMAND_CHANNEL}" }]\n',
  )
  const refused: unknown = await solo.reload().catch((error: unknown) => error)
  outputs.set('a refused notify.yml', String(refused))
  await solo.stop()
  tcp.close()
  outputs.set('the log', log.join(''))
  outputs.set('what the channels sent', received.join('\n'))
  for (const name of await readdir(join(folder, 'state'), { recursive: true }))
    outputs.set(`the file ${name}`, await readFile(join(folder, 'state', name), 'latin1').catch(() => ''))
}, 120_000)

afterAll(() => {
  http.close()
  hook.close()
})

describe('what was planted', () => {
  it('is asked for: every target fails, and a reload is refused', () => {
    expect(names.length).toBeGreaterThan(8)
    for (const name of names)
      expect(outputs.get(`/probe?target=${name}&debug=true`)).toContain('probe_success')
    expect(outputs.get('an answer of a reload')).toMatch(/there is no module/)
    expect(outputs.get('a refused notify.yml')).toMatch(/there is no channel/)
    expect(outputs.get('what the channels sent')).toContain('<secret>')
  })

  it.each(Object.entries(planted))('%s is nowhere to be seen, in no encoding', (_name, secret) => {
    expect(placesOf(secret, outputs)).toEqual([])
  })
})
