import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { openPostgres } from '../../src/history/postgres.ts'
import { quiet } from './support/databases.ts'

/** A message of the protocol: https://www.postgresql.org/docs/current/protocol-message-formats.html */
function message(type: string, body: string): Buffer {
  const bytes = Buffer.from(body, 'latin1')
  const head = Buffer.alloc(5, type)
  head.writeInt32BE(bytes.length + 4, 1)
  return Buffer.concat([head, bytes])
}

const authenticated = message('R', '\0\0\0\0')
const readyForQuery = message('Z', 'I')
const goingAway = message('E', 'SFATAL\0C57P01\0Mterminating connection\0\0')

/** A server that ends each connection in the breath in which it accepts it, as one does that is being killed. */
async function startDyingServer() {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end(Buffer.concat([authenticated, readyForQuery, goingAway])))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { url: `postgres://probity@127.0.0.1:${port}/postgres`, close: () => server.close() }
}

describe('a PostgreSQL server that is killed', () => {
  it('fails the statements under way, and does not end the process', async () => {
    const server = await startDyingServer()
    const sql = openPostgres({ url: server.url, log: quiet })
    await expect(sql.transaction((transaction) => transaction.query('select 1'))).rejects.toThrow()
    await expect(sql.query('select 1')).rejects.toThrow()
    await sql.close()
    server.close()
  })
})

/** A server that knows as many parameters of the start as PgBouncer does by default, and writes down its statements. */
async function startStrictServer() {
  const known = new Set(['user', 'database', 'client_encoding', 'datestyle', 'timezone', 'application_name'])
  const statements: string[] = []
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', (start) => {
      const words = start.subarray(8).toString().split('\0')
      const refused = words.find((word, index) => index % 2 === 0 && word !== '' && !known.has(word))
      if (refused !== undefined) {
        socket.end(message('E', `SFATAL\0C08P01\0Munsupported startup parameter: ${refused}\0\0`))
        return
      }
      socket.write(Buffer.concat([authenticated, readyForQuery]))
      socket.on('data', (query) => {
        if (query.toString('latin1', 0, 1) !== 'Q') return
        statements.push(query.toString('utf8', 5, query.length - 1))
        socket.write(Buffer.concat([message('C', 'SET\0'), readyForQuery]))
      })
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { url: `postgres://probity@127.0.0.1:${port}/postgres`, statements, close: () => server.close() }
}

it('needs no parameter of the start that PgBouncer refuses, and limits statements all the same', async () => {
  const server = await startStrictServer()
  const sql = openPostgres({ url: server.url, log: quiet, statementTimeout: 7 })
  await sql.script('select 1')
  await sql.close()
  server.close()
  expect(server.statements).toEqual(['set statement_timeout = 7000', 'select 1'])
})
