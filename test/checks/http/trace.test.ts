import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kindOfCheck } from '../../../src/checks/index.ts'
import { recordProbeLog } from '../../../src/checks/log.ts'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'
import { renderDebug } from '../../../src/exporter/debug.ts'
import { renderProbe } from '../../../src/metrics/render.ts'
import { startFaultServer, type FaultServer } from '../../support/servers/fault-server.ts'
import { answer, redirectTo } from '../../support/servers/faults.ts'
import { deadUrl } from '../../support/servers/http-peer.ts'
import { parseTarget } from '../../support/parse-config.ts'

const format = /^00-([0-9a-f]{32})-([0-9a-f]{16})-01$/
const own = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00'

let server: FaultServer
let other: FaultServer
beforeAll(async () => {
  other = await startFaultServer()
  server = await startFaultServer({
    routes: {
      '/twice': redirectTo('/echo'),
      '/away': redirectTo(`${other.url}/echo`),
      '/token': answer('{"access_token":"a"}', { 'Content-Type': 'application/json' }),
    },
  })
})
afterAll(async () => {
  await server.stop()
  await other.stop()
})

type Keys = Readonly<Record<string, unknown>>

async function probe(keys: Keys, timeout = 3) {
  const target = parseTarget(`targets: [${JSON.stringify({ name: 'it', ...keys })}]`)
  const log = recordProbeLog(() => 0)
  const before = [server, other].map(({ requests }) => requests.length)
  const result = await runProbe(target.check, { timeoutSeconds: timeout, log })
  const sent = [server, other].flatMap(({ requests }, at) =>
    requests.slice(before[at]).map(({ headers }) => headers['traceparent']),
  )
  return { target, log, result, sent }
}

const factOf = (target: ReturnType<typeof parseTarget>, result: ProbeResult): string | undefined =>
  kindOfCheck(target.check)
    .facts(result)
    .find(({ label }) => label === 'trace')?.value

const parts = (headers: readonly (string | undefined)[], at: 1 | 2): (string | undefined)[] =>
  headers.map((header) => format.exec(header ?? '')?.[at])

describe('the trace of an HTTP check', () => {
  it('is a new one for each check, and evidence', async () => {
    const first = await probe({ url: `${server.url}/500` })
    const second = await probe({ url: `${server.url}/500` })
    const [id] = parts(first.sent, 1)
    expect(id).toMatch(/^[0-9a-f]{32}$/)
    expect(parts(second.sent, 1)).not.toEqual([id])
    expect(first.result.traceId).toBe(id)
    expect(factOf(first.target, first.result)).toBe(id)
    const [spanId] = parts(first.sent, 2)
    expect(first.log.lines).toContainEqual({
      at: 0,
      message: 'request traced',
      fields: { traceId: id, spanId },
    })
    const { target, result, log } = first
    expect(renderDebug({ target, result, log, timeoutSeconds: 3 })).toContain(id)
  })

  it('is in no metric', async () => {
    const { target, result } = await probe({ url: `${server.url}/echo` })
    expect(result.traceId).toBeDefined()
    expect(renderProbe({ target, result, timeoutSeconds: 3 })).not.toContain(result.traceId)
  })

  it('has a span for each request: redirects, also to another origin, and the one for a token', async () => {
    const oauth2 = { token_url: `${server.url}/token`, client_id: 'a', client_secret: 'b' }
    for (const [path, requests] of [
      ['/twice', 3],
      ['/away', 3],
    ] as const) {
      const { result, sent } = await probe({
        url: server.url + path,
        auth: { oauth2: { ...oauth2, audience: path } },
      })
      expect(sent).toHaveLength(requests)
      expect(new Set(parts(sent, 1))).toEqual(new Set([result.traceId]))
      expect(new Set(parts(sent, 2)).size).toBe(requests)
    }
  })

  it('is known where no answer comes, and not where nothing was sent', async () => {
    const silent = await probe({ url: `${server.url}/silent` }, 0.3)
    expect(silent.result.failure?.reason).toBe('timeout')
    expect(factOf(silent.target, silent.result)).toBe(parts(silent.sent, 1)[0])
    const dead = await probe({ url: deadUrl })
    expect(dead.result.failure?.reason).toBe('connect')
    expect(dead.result.traceId).toBeUndefined()
  })

  it('can be switched off', async () => {
    const { result, sent } = await probe({ url: `${server.url}/echo`, traceparent: false })
    expect(sent).toEqual([undefined])
    expect(result.traceId).toBeUndefined()
  })

  it("is the user's own where there is one, and then no other is sent to another origin", async () => {
    const headers = { Traceparent: own }
    const same = await probe({ url: `${server.url}/echo`, headers })
    expect(same.sent).toEqual([own])
    expect(same.result.traceId).toBe('4bf92f3577b34da6a3ce929d0e0e4736')
    const away = await probe({ url: `${server.url}/away`, headers })
    expect(away.sent).toEqual([own, undefined])
    const odd = await probe({ url: `${server.url}/echo`, headers: { traceparent: 'mine' } })
    expect(odd.sent).toEqual(['mine'])
    expect(odd.result.traceId).toBeUndefined()
  })
})

describe('the trace of a transaction', () => {
  it('has the requests of all its steps, but for those that have none', async () => {
    const url = `${server.url}/echo`
    const steps = [
      { name: 'a', url },
      { name: 'b', url, traceparent: false },
      { name: 'c', url: `${server.url}/twice` },
    ]
    const { target, result, sent } = await probe({ steps })
    expect(sent.map((header) => header?.slice(0, 35))).toEqual([
      `00-${result.traceId}`,
      undefined,
      `00-${result.traceId}`,
      `00-${result.traceId}`,
    ])
    expect(new Set(parts(sent, 2)).size).toBe(4)
    expect(factOf(target, result)).toBe(result.traceId)
  })
})
