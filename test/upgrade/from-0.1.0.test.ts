import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { notifyTypes } from '../../src/app/channels.ts'
import { startSolo } from '../../src/app/solo/solo.ts'
import { loadConfig } from '../../src/config/load/load.ts'
import { loadNotify } from '../../src/config/notify/load.ts'
import { foreignFormats } from '../../src/foreign/index.ts'
import { migrate } from '../../src/history/migrate.ts'
import { rollUp } from '../../src/history/roll-up.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { systemClock } from '../../src/lib/time/clock.ts'
import { onEachDatabase } from '../history/support/databases.ts'
import { atEnd } from '../support/at-end.ts'
import { withDatabase } from '../support/embedded.ts'
import { startHttpPeer } from '../support/servers/http-peer.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { quickEvaluations } from '../support/time/quick-evaluations.ts'
import { waitFor } from '../support/time/wait-for.ts'

/** What the version before wrote; its README says how it was made. */
const left = join(import.meta.dirname, '0.1.0')

/** A minute after it was killed. */
const killedAt = Date.parse('2026-11-29T03:57:00Z')
const began = systemClock.monotonic()
const clock = { ...systemClock, now: () => killedAt + systemClock.monotonic() - began }

/** The token that its README names. */
const token = 'probity_bhrb71GhN1GqPclOT-pFNkJiKH7v1TEXAfUv-gVge0I'

describe('the configuration of 0.1.0', () => {
  it('is still valid, targets and channels', async () => {
    const config = await loadConfig(join(left, 'config/targets.yml'), { env: {}, foreign: foreignFormats })
    expect(config.targets.map(({ name }) => name)).toEqual([
      ...['down', 'web', 'nightly', 'shell', 'login', 'resolver', 'https://shop.example.com/'],
    ])
    const env = {
      SLACK_WEBHOOK_URL: 'http://127.0.0.1/slack',
      EMAIL_TO: 'ops@example.org',
      PAGERDUTY_ROUTING_KEY: 'a'.repeat(32),
      SENTRY_DSN: 'https://key@sentry.example.com/1',
    }
    const how = { env, foreign: foreignFormats, types: notifyTypes }
    const { channels } = await loadNotify(join(left, 'config/notify.yml'), how, false)
    const names = channels.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['hook', 'slack', 'mail', 'pager', 'sentry', 'repair']))
  })
})

describe('the state of 0.1.0', () => {
  it('is read: an alert goes on and ends, heartbeats and tokens are known, nothing is set aside', async () => {
    const folder = await withDatabase(await tempFolder())
    await cp(join(left, 'data'), folder, { recursive: true })
    const hook = await startHttpPeer(() => ({ status: 200 }))
    atEnd(() => hook.stop())
    const back = createServer((socket) => socket.end()).listen(0, '127.0.0.1')
    await once(back, 'listening')
    atEnd(() => back.close())
    const configFile = join(folder, 'targets.yml')
    await writeFile(
      configFile,
      `
defaults: { interval: 250ms, timeout: 200ms, labels: { team: platform } }
targets:
  - { name: down, tcp: '127.0.0.1:${(back.address() as AddressInfo).port}', severity: critical }
  - { name: nightly, heartbeat: 1h, grace: 10m }
`,
    )
    const notifyFile = join(folder, 'notify.yml')
    await writeFile(
      notifyFile,
      `
channels: { hook: { type: webhook, url: '${hook.url}/alerts' } }
routes: [{ channels: [hook] }]
`,
    )
    const lines: string[] = []
    const destination = { write: (line: string) => void lines.push(line) }
    const solo = await startSolo(
      {
        configFile,
        notify: { file: notifyFile, optional: false },
        listenAddress: { host: '127.0.0.1', port: 0 },
        storagePath: folder,
        tokens: { file: join(folder, 'tokens.jsonl'), optional: false },
      },
      {
        log: createLogger({ destination, level: 'warn' }),
        clock,
        timers: quickEvaluations,
        env: {},
        stdout: { write: () => true },
      },
    )
    try {
      const received = await waitFor('the end of the alert', () => {
        const mine = hook.received.filter(({ body }) => /"target":"down"/.test(body))
        return mine.some(({ body }) => /"status":"resolved"/.test(body)) ? mine : undefined
      })
      // It began before the update: its beginning is not sent again, and its end says when that was.
      expect(received.filter(({ body }) => body.includes('"firing"'))).toEqual([])
      expect(received[0]!.body).toContain('2026-11-29T03:54:39.9')
      // Its first check may be later than that of the other target.
      await waitFor('the last call on its page', async () =>
        (await (await fetch(`${solo.url}/targets/nightly`)).text()).includes('2026-11-29 03:54:51 UTC'),
      )
      const report = (headers: Record<string, string>): Promise<Response> =>
        fetch(`${solo.url}/api/v1/calls`, { method: 'POST', headers, body: '' })
      expect((await report({})).status).toBe(401)
      expect((await report({ Authorization: `Bearer ${token}` })).status).toBe(200)
      expect((await readdir(folder)).filter((name) => name.includes('damaged'))).toEqual([])
      expect(lines.filter((line) => line.includes('damaged'))).toEqual([])
    } finally {
      await solo.stop()
    }
  })
})

onEachDatabase('the history of 0.1.0', (sql) => {
  it('is brought up to date, and has everything that it had', async () => {
    const dump = await readFile(join(left, 'history.sql'), 'utf8')
    await sql().script('drop schema if exists probity cascade')
    await sql().script(dump)
    const count = async (): Promise<unknown> =>
      sql().query(
        'select (select count(*) from probity.probe_results)::int results, (select count(*) from probity.series)::int series',
      )
    expect(await count()).toEqual([{ results: 107, series: 7 }])
    await migrate(sql())
    await rollUp(sql())
    expect(await count()).toEqual([{ results: 107, series: 7 }])
    const incidents = await sql().query<{ target: string }>(
      'select target from probity.incidents where target = $1',
      ['down'],
    )
    expect(incidents).toHaveLength(1)
  })
})
