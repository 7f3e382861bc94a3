import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pino } from 'pino'
import { startSolo, type Solo } from '../../../src/app/solo/solo.ts'
import { withDatabase } from '../../support/embedded.ts'
import { respond } from '../../support/servers/faults.ts'
import { startFaultServer, type FaultServer } from '../../support/servers/fault-server.ts'
import { startHttpPeer, type HttpPeer } from '../../support/servers/http-peer.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { quickEvaluations } from '../../support/time/quick-evaluations.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const petstore = join(
  import.meta.dirname,
  '../../../node_modules/@readme/oas-examples/3.0/json/petstore.json',
)

const rex = { id: 7, name: 'Rex', photoUrls: ['https://img.example/7'], tags: [{ id: 1, name: 'big' }] }

/** What the store answers, by path. */
const stock: Record<string, unknown> = {}
let store: FaultServer
let chat: HttpPeer
let solo: Solo

beforeAll(async () => {
  Object.assign(stock, { '/pet/7': rex, '/pet/findByStatus': [rex], '/store/inventory': { sold: 3 } })
  const routes = Object.keys(stock).map((path) => [
    path,
    (socket: Parameters<typeof respond>[0]) => {
      respond(socket, 200, { 'content-type': 'application/json' }, JSON.stringify(stock[path]))
    },
  ])
  store = await startFaultServer({ routes: Object.fromEntries(routes) })
  chat = await startHttpPeer(() => ({ status: 200 }))
  const folder = await withDatabase(await tempFolder())
  await copyFile(petstore, join(folder, 'petstore.json'))
  await writeFile(
    join(folder, 'targets.yml'),
    `defaults: { interval: 5s, timeout: 4900ms, alert_after: 1, expect: { max_latency: off } }
targets:
  - { name: pet, url: "${store.url}/pet/7", expect: { openapi: petstore.json#getPetById } }
  - { name: sold, url: "${store.url}/pet/findByStatus?status=sold", expect: { openapi: petstore.json#findPetsByStatus } }
  - { name: inventory, url: "${store.url}/store/inventory", expect: { openapi: "petstore.json#GET /store/inventory" } }
`,
  )
  await writeFile(
    join(folder, 'notify.yml'),
    `channels: { chat: { type: webhook, url: "${chat.url}/", group_by: off } }\nroutes: [{ channels: [chat], repeat: once }]\n`,
  )
  solo = await startSolo(
    {
      configFile: join(folder, 'targets.yml'),
      notify: { file: join(folder, 'notify.yml'), optional: false },
      listenAddress: { host: '127.0.0.1', port: 0 },
      storagePath: folder,
    },
    { log: pino({ level: 'silent' }), timers: quickEvaluations, env: {}, stdout: { write: () => true } },
  )
})

afterAll(async () => {
  await solo.stop()
  await chat.stop()
  await store.stop()
})

/** What people read about targets that are down, with the state. */
function messages(): string[] {
  return chat.received.flatMap(({ body }) => {
    const { alerts } = JSON.parse(body) as {
      alerts: { status: string; labels: Record<string, string>; annotations: Record<string, string> }[]
    }
    return alerts
      .filter(({ labels }) => labels['alertname'] === 'TargetDown')
      .map(({ status, annotations }) => `${status}: ${Object.values(annotations).join('\n')}`)
  })
}

it('an answer of the Petstore that breaks its specification is an alert that names the field', async () => {
  await waitFor('all are up', () =>
    solo.targets().every((target) => solo.last(target)?.result.success === true),
  )
  stock['/pet/findByStatus'] = [rex, { ...rex, tags: [{ id: 1, name: 'big' }, { id: 'two' }] }]
  const said = await waitFor('the alert', () => messages().find((text) => text.startsWith('firing')))
  expect(said).toContain('sold')
  expect(said).toContain(
    'expected $[1].tags[1].id to be a whole number (petstore.json#findPetsByStatus), got text',
  )
  stock['/pet/findByStatus'] = [rex]
  await waitFor('the recovery', () => messages().find((text) => text.startsWith('resolved')))

  stock['/store/inventory'] = { sold: 3, lost: null }
  const second = await waitFor('the next alert', () =>
    messages().find((text) => text.includes('/store/inventory)')),
  )
  expect(second).toContain(
    'expected $.lost to be a whole number (petstore.json#GET /store/inventory), got null',
  )
})
