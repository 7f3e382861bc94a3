import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { startExporter } from '../../../src/app/exporter/exporter.ts'
import type { Exporter } from '../../../src/app/exporter/running.ts'
import { atEnd } from '../../support/at-end.ts'
import { describeWithPostgres, startPostgres, type TestPostgres } from '../../support/programs/postgres.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const targets = (...names: string[]): string =>
  `targets: [${names.map((name) => `{ name: ${name}, heartbeat: 1d, max_runtime: 1h }`).join()}]`

/** An exporter of two that share a database. */
interface Side {
  readonly exporter: Exporter
  readonly folder: string
  readonly configFile: string
  /** Lines of its log. */
  readonly logged: string[]
  readonly call: (path: string, body?: string) => Promise<void>
  /** What /probe says of a job. */
  readonly metric: (name: string, target?: string) => Promise<number | undefined>
  readonly end: () => Promise<void>
}

async function start(postgres: TestPostgres, location: string, kept?: string): Promise<Side> {
  const folder = kept ?? (await tempFolder())
  const configFile = join(folder, 'targets.yml')
  if (kept === undefined) await writeFile(configFile, targets('backup', 'mirror'))
  const logged: string[] = []
  const exporter = await startExporter(
    {
      configFile,
      location,
      listenAddress: { host: '127.0.0.1', port: 0 },
      storagePath: folder,
      history: { databaseUrl: postgres.url, folder: join(folder, 'history') },
    },
    { log: pino({}, { write: (line: string) => void logged.push(line) }), env: {} },
  )
  let ending: Promise<void> | undefined
  const end = (): Promise<void> => (ending ??= exporter.stop())
  atEnd(end)
  return {
    exporter,
    folder,
    configFile,
    logged,
    end,
    async call(path, body) {
      const answer = await fetch(`${exporter.url}/api/v1/heartbeat/${path}`, {
        method: 'POST',
        ...(body !== undefined && { body }),
      })
      expect(answer.status).toBe(200)
    },
    async metric(name, target = 'backup') {
      const text = await (await fetch(`${exporter.url}/probe?target=${target}&debug=false`)).text()
      const value = new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, 'm').exec(text)?.[1]
      return value === undefined ? undefined : Number(value)
    },
  }
}

const last = 'probe_heartbeat_last_success_timestamp_seconds'

describeWithPostgres('two exporters with one database', () => {
  it('know what either has received, go on alone while it is away, and catch up', async () => {
    const postgres = await startPostgres()
    atEnd(() => postgres.stop())
    const [a, b] = [await start(postgres, 'here'), await start(postgres, 'there')]
    await a.call('backup')
    await waitFor('the success at the other one', async () => (await b.metric(last)) !== undefined)
    expect(await b.metric(last)).toBe(await a.metric(last))
    await b.call('backup/3', 'disk full')
    await waitFor('the failure at the other one', async () => (await a.metric('probe_success')) === 0)

    await postgres.kill()
    await a.call('backup')
    await b.call('mirror/fail', 'no route')
    expect([await a.metric('probe_success'), await b.metric('probe_success')]).toEqual([1, 0])
    await waitFor('a word of it', () =>
      a.logged.some((line) => line.includes('heartbeats are not exchanged')),
    )
    await postgres.start()
    await waitFor('both to have caught up', async () => {
      const [one, other] = await Promise.all([b.metric('probe_success'), a.metric('probe_success', 'mirror')])
      return one === 1 && other === 0
    })

    // One that lost its disk learns everything from the database.
    await b.end()
    const fresh = await start(postgres, 'there')
    await waitFor('what the database has', async () => (await fresh.metric('probe_success', 'mirror')) === 0)
    expect(await fresh.metric(last)).toBe(await a.metric(last))
  }, 240_000)

  it('begin again with a job that was removed from the configuration', async () => {
    const postgres = await startPostgres()
    atEnd(() => postgres.stop())
    const [a, b] = [await start(postgres, 'here'), await start(postgres, 'there')]
    await a.call('backup/fail', 'disk full')
    await waitFor('the failure at the other one', async () => (await b.metric('probe_success')) === 0)
    for (const side of [a, b]) {
      await writeFile(side.configFile, targets('mirror'))
      await side.exporter.reload()
    }
    await a.call('mirror/fail')
    await waitFor('a round after it', async () => (await b.metric('probe_success', 'mirror')) === 0)
    for (const side of [a, b]) {
      await writeFile(side.configFile, targets('backup', 'mirror'))
      await side.exporter.reload()
    }
    await b.call('mirror')
    await waitFor('a round after it', async () => (await a.metric('probe_success', 'mirror')) === 1)
    expect([await a.metric('probe_success'), await b.metric('probe_success')]).toEqual([1, 1])
  }, 240_000)
})
