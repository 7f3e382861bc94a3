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
  const odd = { ...rex, tags: [{ id: 1, name: 'big' }, { id: 'two' }] }
  Object.assign(stock, {
    '/pet/7': rex,
    '/pet/findByStatus': [rex, odd],
    '/store/inventory': { sold: 3, lost: null },
  })
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
    `defaults: { interval: 1h, timeout: 50m, alert_after: 1s, expect: { max_latency: off } }
targets:
  - { name: pet, url: "${store.url}/pet/7", expect: { openapi: petstore.json#getPetById } }
  - { name: sold, url: "${store.url}/pet/findByStatus?status=sold", expect: { openapi: petstore.json#findPetsByStatus } }
targets_from:
  - { openapi: petstore.json, base_url: "${store.url}", skip: logoutUser }
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

it('a call of an operation is counted as one', async () => {
  const call = '2\tGET\thttp://127.0.0.1/pet/7\t140\t200\n'
  expect((await fetch(`${solo.url}/api/v1/calls`, { method: 'POST', body: call })).ok).toBe(true)
  await waitFor('the call', async () => {
    const metrics = await (await fetch(`${solo.url}/metrics`)).text()
    return /^api_call_duration_seconds_count\{target="getPetById",.* 1$/m.test(metrics)
  })
})

it('an answer of the Petstore that breaks its specification is an alert that names the field', async () => {
  const named = (text: string): Promise<string> =>
    waitFor(text, () => messages().find((message) => message.includes(text)))
  expect(
    await named('expected $[1].tags[1].id to be a whole number (petstore.json#findPetsByStatus), got text'),
  ).toMatch(/^firing: sold /)
  expect(await named('expected $.lost to be a whole number (petstore.json#getInventory), got null')).toMatch(
    /^firing: getInventory /,
  )
  const ofPet = (): boolean | undefined =>
    solo.targets().flatMap((target) => (target.name === 'pet' ? [solo.last(target)?.result.success] : []))[0]
  await waitFor('the other one', ofPet)
})
