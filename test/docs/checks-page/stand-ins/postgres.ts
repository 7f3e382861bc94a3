import pg from 'pg'
import { atEnd } from '../../../support/at-end.ts'
import { startPostgres, startReplica, switchOnTls } from '../../../support/programs/postgres.ts'
import { talk } from '../../support/servers.ts'
import { waitFor } from '../../../support/time/wait-for.ts'
import { certificate } from '../../support/try-target.ts'
import type { Rows } from '../../support/try-examples.ts'

async function ask(url: string, query: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(query)
    return rows[0]
  } finally {
    await client.end()
  }
}

/** A server with TLS, and the user and the database of the page. The three examples share it. */
let started: Promise<string> | undefined
const primary = (): Promise<string> => (started ??= startPrimary())

async function startPrimary(): Promise<string> {
  const { url, stop } = await startPostgres()
  atEnd(async () => {
    started = undefined
    await stop()
  })
  await ask(url, 'create role monitor login')
  await ask(url, 'create database shop')
  await switchOnTls(url, certificate)
  await waitFor('TLS', async () => (await ask(url, 'show ssl'))?.['ssl'] === 'on')
  return url
}

export const postgres: Rows = {
  'tcp: database': {
    async start() {
      const { port } = new URL(await primary())
      const withoutTls = await talk((socket) => socket.once('data', () => socket.write('N')))
      const places = { 'db.example.com:5432': `db.example.com:${port}` }
      return { places, fail: () => (places['db.example.com:5432'] = `db.example.com:${withoutTls}`) }
    },
    reason: 'tls',
    message: /^PostgreSQL does not offer TLS/,
  },
  'sql: database': {
    async start() {
      const url = await primary()
      const { port } = new URL(url)
      return {
        places: { 'db.example.com/shop': `db.example.com:${port}/shop` },
        fail: () => ask(url, 'alter role monitor nologin'),
      }
    },
    reason: 'status',
    message: /not permitted to log in" \(28000\)/,
  },
  'sql: replication': {
    async start() {
      const url = await primary()
      await ask(url, 'alter role monitor login')
      const replica = await startReplica(url)
      atEnd(replica.stop)
      await ask(url, 'create table written ()')
      await waitFor('the replica', async () => {
        const answer = await ask(replica.url, 'select pg_last_xact_replay_timestamp() as at')
        return answer?.['at'] instanceof Date
      })
      const at = (server: string): string => `replica.example.com:${new URL(server).port}/shop`
      const places = { 'replica.example.com/shop': at(replica.url) }
      return { places, fail: () => (places['replica.example.com/shop'] = at(url)) }
    },
    reason: 'body',
    message: /^expected lag to be less than 60, got another value \(null\)$/,
  },
}
