import { afterEach, describe, expect, it } from 'vitest'
import { runProbe } from '../../../src/checks/run.ts'
import { startFaultServer, type FaultServer } from '../../support/servers/fault-server.ts'
import { redirectTo, respond } from '../../support/servers/faults.ts'
import { httpCheck } from '../../support/http-check.ts'
import { ampleSeconds, slackSeconds } from '../../support/time/patience.ts'

describe('the faults of the original webservice monitor', () => {
  const servers: FaultServer[] = []
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())))

  async function start(...[options]: Parameters<typeof startFaultServer>): Promise<FaultServer> {
    const server = await startFaultServer(options)
    servers.push(server)
    return server
  }

  it('a dead port fails, though it has no status', async () => {
    const dead = await start()
    await dead.stop()
    const result = await runProbe(httpCheck(dead.url), { timeoutSeconds: ampleSeconds })
    expect(result).toMatchObject({
      success: false,
      failure: { reason: 'connect' },
      http: { statusCode: 0 },
    })
  })

  it('every 500 between two 200 fails', async () => {
    let count = 0
    const flapping = await start({
      routes: {
        '/': (socket) => {
          respond(socket, count++ % 2 === 0 ? 200 : 500)
        },
      },
    })
    const seen: unknown[] = []
    for (let probe = 0; probe < 6; probe++) {
      const { success, http, failure } = await runProbe(httpCheck(flapping.url), {
        timeoutSeconds: ampleSeconds,
      })
      seen.push([success, http!.statusCode, failure?.reason])
    }
    const pair = [
      [true, 200, undefined],
      [false, 500, 'status'],
    ]
    expect(seen).toEqual([...pair, ...pair, ...pair])
  })

  it('a server that never answers fails at the deadline', async () => {
    const silent = await start()
    const began = performance.now()
    const result = await runProbe(httpCheck(`${silent.url}/silent`), { timeoutSeconds: 0.3 })
    expect(performance.now() - began).toBeLessThan(slackSeconds * 1000)
    expect(result).toMatchObject({ success: false, failure: { reason: 'timeout' }, http: { statusCode: 0 } })
  })

  it.each(['http://', 'http://:80', 'https://exa mple.org/', 'ftp://example.org/', '//'])(
    'a redirect to the invalid URL %j fails and takes nothing down',
    async (location) => {
      const server = await start({ routes: { '/a': redirectTo(location) } })
      const result = await runProbe(httpCheck(`${server.url}/a`), { timeoutSeconds: ampleSeconds })
      expect(result.success).toBe(false)
      expect(result.failure?.reason).toBe('redirect')
      const next = await runProbe(httpCheck(server.url), { timeoutSeconds: ampleSeconds })
      expect(next.success).toBe(true)
    },
  )

  it('a target that hangs does not delay the others, and results do not mix', async () => {
    const server = await start()
    let ended = false
    const hanging = runProbe(httpCheck(`${server.url}/silent`), { timeoutSeconds: 3 })
    void hanging.then(() => (ended = true))
    const [healthy, failing] = await Promise.all([
      runProbe(httpCheck(server.url), { timeoutSeconds: ampleSeconds }),
      runProbe(httpCheck(`${server.url}/unavailable`), { timeoutSeconds: ampleSeconds }),
    ])
    expect(ended).toBe(false)
    expect(healthy).toMatchObject({ success: true, http: { statusCode: 200 } })
    expect(failing).toMatchObject({ success: false, http: { statusCode: 503 } })
    expect(await hanging).toMatchObject({
      success: false,
      http: { statusCode: 0 },
      failure: { reason: 'timeout' },
    })
  })
})
