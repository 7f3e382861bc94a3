import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { expect, it } from 'vitest'
import { createFetchDocument } from '../../src/checks/http/document.ts'
import { addressGuard } from '../../src/exporter/address-guard.ts'
import { vendorMetrics } from '../../src/vendors/metrics.ts'
import { watchVendors, type VendorWatch } from '../../src/vendors/watch.ts'
import { atEnd } from '../support/at-end.ts'
import { parse } from '../support/parse-config.ts'
import { startHttpPeer, type HttpPeer, type Misbehaviour, type Reply } from '../support/servers/http-peer.ts'
import { startProxy } from '../support/servers/proxy.ts'
import { testTime, type TestTime } from '../support/time/timers.ts'
import { waitFor } from '../support/time/wait-for.ts'

const trouble = readFileSync(join(import.meta.dirname, 'documents/statuspage.json'), 'utf8')
const calm = '{"status":{"indicator":"none","description":"All Systems Operational"}}'

interface Watching {
  readonly watch: VendorWatch
  readonly time: TestTime
  readonly changes: string[]
  readonly logged: string[]
  readonly set: (yaml: string) => void
  readonly metrics: () => Promise<string[]>
}

function watching(): Watching {
  const time = testTime()
  const [changes, logged]: [string[], string[]] = [[], []]
  const note = ({ error }: { error?: string }, words: string): void => {
    logged.push(`${words}: ${error ?? ''}`)
  }
  const watch = watchVendors({
    fetch: createFetchDocument({ clock: time.clock, env: {} }),
    allowAddress: addressGuard([]),
    onChange: (vendor, state, at) => changes.push(`${vendor} ${state} ${at.toISOString()}`),
    ...time,
    log: { info: note, warn: note } as never,
  })
  atEnd(() => {
    watch.stop()
    return Promise.resolve()
  })
  const registry = new Registry()
  vendorMetrics(registry, watch.readings)
  return {
    watch,
    time,
    changes,
    logged,
    set(yaml) {
      watch.setVendors(parse(`vendors:\n  acme: ${yaml}\ntargets: []\n`).vendors)
    },
    metrics: async () => (await registry.metrics()).split('\n').filter((line) => /^[a-z]/.test(line)),
  }
}

/** Lets a minute pass, and waits for the answer. */
async function minute({ time, watch }: Watching, peer: HttpPeer, seconds = 60): Promise<void> {
  const before = peer.received.length
  const seen = JSON.stringify(watch.readings())
  await time.pass(seconds)
  await waitFor('the vendor is asked', () => peer.received.length > before)
  await waitFor('its answer is read', async () => {
    await time.pass(0)
    return JSON.stringify(watch.readings()) !== seen
  })
}

const statuspage = (answer: () => Reply | Misbehaviour): Promise<HttpPeer> => startHttpPeer(() => answer())

it('is read every minute, only if it has changed, and its changes are told once', async () => {
  let [body, etag] = [calm, '"1"']
  const peer = await startHttpPeer(({ headers }) =>
    headers['if-none-match'] === etag ? { status: 304 } : { status: 200, body, headers: { etag } },
  )
  const all = watching()
  all.set(`{ status: ${peer.url}/api/v2/summary.json }`)
  expect(await all.metrics()).toEqual([])
  await minute(all, peer, 0)
  expect(all.watch.of('acme')).toMatchObject({ says: { state: 'operational' } })
  await minute(all, peer)
  ;[body, etag] = [trouble, '"2"']
  await minute(all, peer)
  expect(await all.metrics()).toEqual([
    'probity_vendor_status{vendor="acme"} 3',
    'probity_vendor_status_up{vendor="acme"} 1',
  ])
  expect(all.changes).toEqual([
    'acme operational 2026-11-20T12:00:00.000Z',
    'acme partial_outage 2026-11-20T12:02:00.000Z',
  ])
  expect(peer.received.map(({ path, headers }) => `${path} ${headers['if-none-match'] ?? ''}`)).toEqual([
    '/api/v2/summary.json ',
    '/api/v2/summary.json "1"',
    '/api/v2/summary.json "1"',
  ])
  expect(all.logged).toEqual([])
})

it('keeps what it read while it cannot be read, for ten minutes, and logs that once', async () => {
  let answer: Reply | Misbehaviour = { status: 200, body: calm }
  const peer = await statuspage(() => answer)
  const all = watching()
  all.set(`{ status: { url: "${peer.url}", format: statuspage } }`)
  await minute(all, peer, 0)
  answer = { status: 500 }
  await minute(all, peer)
  expect(all.watch.of('acme')).toMatchObject({
    says: { state: 'operational' },
    problem: 'the server answered 500',
  })
  expect(await all.metrics()).toEqual([
    'probity_vendor_status{vendor="acme"} 0',
    'probity_vendor_status_up{vendor="acme"} 0',
  ])
  for (const next of ['reset', { status: 200, body: '<html>' }, { status: 404 }] as const) {
    answer = next
    await minute(all, peer)
  }
  await all.time.pass(7 * 60)
  expect(all.watch.of('acme')?.says).toBeUndefined()
  expect(await all.metrics()).toEqual(['probity_vendor_status_up{vendor="acme"} 0'])
  expect(all.logged).toEqual(['the status of a vendor cannot be read, trying again: the server answered 500'])
})

it('a redirect is followed on the same server, and leads nowhere that is private', async () => {
  const inside = await statuspage(() => ({ status: 200, body: trouble }))
  const peer = await startHttpPeer(({ path }) =>
    path === '/old'
      ? { status: 302, headers: { location: '/new' } }
      : path === '/new'
        ? { status: 200, body: calm }
        : path === '/loop'
          ? { status: 302, headers: { location: '/loop' } }
          : { status: 302, headers: { location: `${inside.url}/latest/meta-data` } },
  )
  const problemOf = async (path: string): Promise<unknown> => {
    const all = watching()
    all.set(`{ status: ${peer.url}${path} }`)
    await minute(all, peer, 0)
    return all.watch.of('acme')?.problem ?? all.watch.of('acme')?.says?.state
  }
  expect(await problemOf('/old')).toBe('operational')
  expect(await problemOf('/loop')).toBe('more than 3 redirects')
  expect(await problemOf('/away')).toMatch(/^127\.0\.0\.1 is a loopback address/)
  expect(inside.received).toEqual([])
})

it('an answer that is too large is given up', async () => {
  const peer = await statuspage(() => ({ status: 200, body: `"${'x'.repeat(9 * 1024 * 1024)}"` }))
  const all = watching()
  all.set(`{ status: ${peer.url}/summary.json }`)
  await minute(all, peer, 0)
  expect(all.watch.of('acme')?.problem).toBe('the body is larger than the expected maximum of 8388608 bytes')
})

it('goes through a proxy, and asks the vendor of a new configuration', async () => {
  const peer = await statuspage(() => ({ status: 200, body: calm }))
  const other = await statuspage(() => ({ status: 200, body: trouble }))
  const proxy = await startProxy()
  const all = watching()
  all.set(`{ status: { url: ${peer.url}/x.json, proxy: "http://127.0.0.1:${proxy.port}" } }`)
  await minute(all, peer, 0)
  expect(proxy.asked.map(({ what }) => what)).toEqual([`GET ${peer.url}/x.json`])
  all.set(`{ status: { url: ${other.url}/x.json, components: [API] } }`)
  await minute(all, other, 0)
  expect(all.watch.of('acme')?.says?.state).toBe('partial_outage')
  all.set('{ sla: 99% }')
  expect(all.watch.readings()).toEqual([])
})
