import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, it } from '@jest/globals'
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
