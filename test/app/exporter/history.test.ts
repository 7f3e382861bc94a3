import { createServer } from 'node:http'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Command } from '@commander-js/extra-typings'
import pg from 'pg'
import { startExporter } from '../../../src/app/exporter/exporter.ts'
import type { Exporter } from '../../../src/app/exporter/running.ts'
import { historyPlace } from '../../../src/app/recording/recording.ts'
import { hourlyRetentionFlag, rawRetentionFlag, retentionOf } from '../../../src/commands/flags/history.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { withDatabase } from '../../support/embedded.ts'
import { describeWithPostgres, startPostgres } from '../../support/programs/postgres.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const log = createLogger({ destination: { write: () => undefined } })

async function metric(exporter: Exporter, name: string): Promise<number> {
  const text = await (await fetch(`${exporter.url}/metrics`)).text()
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1])
}

describeWithPostgres('the exporter with DATABASE_URL', () => {
  it('stores each probe once, goes on while the database is away, and stores those when it is back', async () => {
    const peer = createServer((_, response) => response.writeHead(500).end('secret-of-the-page'))
    peer.listen(0, '127.0.0.1')
    await once(peer, 'listening')
    const url = `http://127.0.0.1:${(peer.address() as AddressInfo).port}/?key=\${KEY}`
    const folder = await tempFolder()
    const configFile = join(folder, 'targets.yml')
    await writeFile(
      configFile,
      `targets:\n  - { name: shop, url: "${url}", interval: 30s, labels: { vendor: v } }\n  - { name: other, url: "${url}" }\n`,
    )
    const database = await startPostgres()
    const exporter = await startExporter(
      {
        configFile,
        listenAddress: { host: '127.0.0.1', port: 0 },
        location: 'here',
        history: historyPlace({ DATABASE_URL: database.url }, folder),
      },
      { log, env: { KEY: 'key-98765' } },
    )
    const probe = async (name: string): Promise<number> =>
      (await fetch(`${exporter.url}/probe?target=${name}`)).status
    try {
      await probe('shop')
      await probe('shop')
      await waitFor(
        'a row is stored',
        async () => (await metric(exporter, 'probity_history_rows_written_total')) === 1,
      )
      await database.kill()
      expect(await probe('other')).toBe(200)
      expect(await metric(exporter, 'probity_history_queue_length')).toBe(1)
      await database.start()
      await waitFor(
        'the other is stored',
        async () => (await metric(exporter, 'probity_history_queue_length')) === 0,
      )
      expect(await metric(exporter, 'probity_history_rows_dropped_total')).toBe(0)
    } finally {
      await exporter.stop()
      peer.close()
    }
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    const { rows } = await client.query(
      `select target, location, labels, interval_seconds, success, reason, message, status
       from probity.probe_results join probity.series on id = series_id order by checked_at`,
    )
    await client.end()
    await database.stop()
    const failure = { success: false, reason: 'status', status: 500, location: 'here', interval_seconds: 30 }
    expect(rows).toMatchObject([
      { target: 'shop', labels: { vendor: 'v' }, ...failure },
      { target: 'other', labels: {}, ...failure },
    ])
    expect(JSON.stringify(rows)).not.toContain('key-98765')
  })

  it('stores what vendors promise, and what they promise after a reload', async () => {
    const folder = await tempFolder()
    const configFile = join(folder, 'targets.yml')
    const targets = 'targets:\n  - { name: shop, url: "http://127.0.0.1:9/", labels: { vendor: acme } }\n'
    const promise = 'vendors:\n  acme: { sla: 99.9%, url: "https://status.example" }\n'
    await writeFile(configFile, targets + promise)
    const database = await startPostgres()
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    const exporter = await startExporter(
      {
        configFile,
        listenAddress: { host: '127.0.0.1', port: 0 },
        history: historyPlace({ DATABASE_URL: database.url }, folder),
      },
      { log },
    )
    const stored = async (sla: number | null) => {
      const { rows } = await client.query<{ sla: number | null }>('select name, sla from probity.vendors')
      return rows[0]?.sla === sla && rows
    }
    try {
      expect(await waitFor('the promise', () => stored(0.999))).toEqual([{ name: 'acme', sla: 0.999 }])
      await writeFile(configFile, targets)
      await exporter.reload()
      expect(await waitFor('no promise', () => stored(null))).toEqual([{ name: 'acme', sla: null }])
    } finally {
      await exporter.stop()
      await client.end()
      await database.stop()
    }
  })
})

it('nothing is stored of a job that has never called and is not late', async () => {
  const folder = await withDatabase(await tempFolder())
  const configFile = join(folder, 'targets.yml')
  await writeFile(configFile, 'targets: [{ name: backup, heartbeat: 1d, interval: 30s }]')
  const exporter = await startExporter(
    { configFile, listenAddress: { host: '127.0.0.1', port: 0 }, history: historyPlace({}, folder) },
    { log, env: {} },
  )
  try {
    const probed = await (await fetch(`${exporter.url}/probe?target=backup`)).text()
    expect(probed).toMatch(/^probe_success 1$/m)
    // Its first call is judged at once.
    await fetch(`${exporter.url}/api/v1/heartbeat/backup`, { method: 'POST' })
    const written = await waitFor('a row', async () => {
      const count = await metric(exporter, 'probity_history_rows_written_total')
      return count > 0 && count
    })
    expect(written).toBe(1)
  } finally {
    await exporter.stop()
  }
})

describe('DATABASE_URL', () => {
  it.each(['postgres:/x', 'mysql://h/db', 'host=localhost', 'postgres://u:pass@h:port/db'])(
    'refuses %s without repeating it',
    (url) => {
      const place = (): unknown => historyPlace({ DATABASE_URL: url }, 'data')
      expect(place).toThrow('DATABASE_URL is not the URL of a PostgreSQL server')
      expect(place).not.toThrow(url)
    },
  )

  it.each(['p@ss', 'ss#w', 'o/r', 'r?d', 'a:b', 'x@y#z:o/r?d%25&x', '12/34', '50%off'])(
    'asks for percent signs where the password is %s, which would be read otherwise',
    (password) => {
      const encoded = `postgres://u:${encodeURIComponent(password)}@127.0.0.1:5432/db`
      expect(historyPlace({ DATABASE_URL: encoded }, 'data').databaseUrl).toBe(encoded)
      const place = (): unknown =>
        historyPlace({ DATABASE_URL: `postgres://u:${password}@127.0.0.1:5432/db` }, 'data')
      expect(place).toThrow('with special characters in the password percent-encoded (`@` is %40, `#` %23')
      expect(place).not.toThrow(password)
    },
  )

  it('may have its password in a file, whatever is in it', async () => {
    const file = join(await tempFolder(), 'password')
    const url = 'postgres://u@127.0.0.1:5432/db'
    const place = (): unknown => historyPlace({ DATABASE_URL: url, DATABASE_PASSWORD_FILE: file }, 'data')
    expect(place).toThrow(`cannot read the password of the database, DATABASE_PASSWORD_FILE=${file}: ENOENT`)
    await writeFile(file, 'p@ss/w%rd:#?\n')
    expect(place()).toMatchObject({
      databaseUrl: `postgres://u:${encodeURIComponent('p@ss/w%rd:#?')}@127.0.0.1:5432/db`,
    })
  })

  it('may be missing or empty: the database is the built-in one', () => {
    expect(historyPlace({}, 'data')).toEqual({ folder: join('data', 'history') })
    expect(historyPlace({ DATABASE_URL: '' }, 'data')).toEqual({ folder: join('data', 'history') })
  })
})

describe('the flags of retention', () => {
  const parse = (...flags: string[]): unknown => {
    const command = new Command()
      .exitOverride()
      .configureOutput({ writeErr: () => undefined })
      .addOption(rawRetentionFlag())
      .addOption(hourlyRetentionFlag())
    return retentionOf(command.parse(flags, { from: 'user' }).opts())
  }

  it('keep checks for 30 days and hours for 400, where nothing is said', () => {
    expect(parse()).toEqual({ rawDays: 30, hourlyDays: 400 })
    expect(parse('--history.raw-retention=90d', '--history.hourly-retention', '2y')).toEqual({
      rawDays: 90,
      hourlyDays: 730,
    })
  })

  it.each(['30', '12h', '0d', 'never'])('refuse %s', (text) => {
    expect(() => parse('--history.raw-retention', text)).toThrow(
      `"${text}" is not a valid retention: expected 1d or more, such as 30d`,
    )
  })
})
