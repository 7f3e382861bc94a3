import type { Socket } from 'node:net'
import pg from 'pg'
import type { Attempt } from '../../net/attempt.ts'
import { messageOf } from '../../lib/errors.ts'
import { ProbeFailure } from '../../net/failure.ts'
import { quote } from '../shared/dialogue/dialogue.ts'
import { negotiateTls } from '../shared/dialogue/starttls/negotiate.ts'
import { Wire } from '../shared/dialogue/wire.ts'
import type { Begin } from './begin.ts'
import { jsonOf, maxBytes, maxRows, type Cell, type Meaning, type Rows } from './rows.ts'
import type { SqlCheck } from './schema.ts'

/** PostgreSQL: the client asks for TLS before it says anything else. */
export const beginPostgres: Begin = async (socket, { useTls, address }, { evidence }) => {
  if (!useTls) return readRows
  evidence.doing = 'asking for TLS'
  const wire = new Wire(socket)
  await negotiateTls('postgres', wire, address.host)
  wire.release()
  return readRows
}

/**
 * Logs in over a connection that is there already, and reads the rows of the query in a transaction that cannot write.
 *
 * @throws ProbeFailure `status` for what the server refuses, `size` for too much, `protocol` and `connect` when the connection ends.
 */
async function readRows(socket: Socket, check: SqlCheck, run: Attempt): Promise<Rows> {
  const { username: user, password, database, query } = check
  const {
    evidence,
    context: { timeoutSeconds },
  } = run
  let received = 0
  socket.on('data', (chunk: Buffer) => {
    received += chunk.length
    if (received > maxBytes) socket.destroy()
  })
  // A peer that has said its last word is gone.
  socket.on('end', () => socket.destroy())
  const client = new pg.Client({
    user,
    password,
    database,
    stream: () => connected(socket),
    application_name: 'probity',
  })
  client.on('error', () => undefined)
  try {
    evidence.doing = 'logging in'
    await client.connect()
    evidence.doing = 'waiting for the rows of the query'
    await client.query('begin read only')
    if (timeoutSeconds !== undefined)
      await client.query(`set local statement_timeout = ${Math.ceil(timeoutSeconds * 1000)}`)
    // A cursor bounds what is sent, and the extended protocol takes one statement alone.
    await client.query({
      text: `declare probity no scroll cursor for ${query}`,
      queryMode: 'extended',
    } as pg.QueryConfig)
    // The types of pg do not let a query in this form have its own parsers, which pg takes.
    const { rows, fields } = await client.query<unknown[]>({
      text: `fetch forward ${maxRows + 1} from probity`,
      rowMode: 'array',
      types: { getTypeParser: () => (text: string) => text },
    } as unknown as pg.QueryArrayConfig)
    await client.query('rollback')
    const [first] = rows
    return {
      count: Math.min(rows.length, maxRows),
      more: rows.length > maxRows,
      ...(first && { first: jsonOf(cellsOf(first as (string | null)[], fields)) }),
    }
  } catch (error) {
    if (received > maxBytes)
      throw new ProbeFailure('size', `the server sent more than ${maxBytes / 2 ** 20} MiB`)
    throw explained(error, received)
  } finally {
    // Says goodbye. Nobody waits for it: the connection is closed when the check ends.
    void client.end().catch(() => undefined)
  }
}

/** The driver opens its connection itself, and waits for it to be there. */
function connected(socket: Socket): Socket {
  return Object.assign(socket, {
    connect(): Socket {
      setImmediate(() => socket.emit('connect'))
      return socket
    },
  })
}

/** Object identifiers of types, from pg_type.dat of PostgreSQL. */
const boolean = 16
const numbers: ReadonlySet<number> = new Set([20, 21, 23, 26, 700, 701, 1700])
const json: ReadonlySet<number> = new Set([114, 3802])

function cellsOf(row: readonly (string | null)[], fields: readonly pg.FieldDef[]): Cell[] {
  return fields.map(({ name, dataTypeID }, index) => ({
    name,
    text: row[index] ?? null,
    meaning: meaningOf(dataTypeID),
  }))
}

function meaningOf(type: number): Meaning {
  if (type === boolean) return 'boolean'
  if (json.has(type)) return 'json'
  return numbers.has(type) ? 'number' : 'text'
}

/** What people do about some of the errors: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const hints: Readonly<Record<string, string>> = {
  '25006': 'the query of a check can only read',
  '42601': 'a query that has rows is expected, such as select or values',
  '53300': 'the server has too many connections',
  '57014': 'the query took longer than the timeout of the check',
  '57P03': 'the server is starting or shutting down',
}

/** Its own timeout, which is as long as ours, may be the first to notice. */
const givenUp = '57014'

function explained(error: unknown, received: number): unknown {
  if (error instanceof ProbeFailure) return error
  const message = messageOf(error)
  if (!(error instanceof pg.DatabaseError)) {
    if (received === 0)
      return new ProbeFailure('connect', 'the server closed the connection before it answered')
    return new ProbeFailure('protocol', `the session with the server broke: ${quote(message)}`)
  }
  const code = error.code ?? ''
  if (code === '') return new ProbeFailure('protocol', 'what the server sent is not an answer of PostgreSQL')
  const hint = hints[code]
  return new ProbeFailure(
    code === givenUp ? 'timeout' : 'status',
    `the server answers ${quote(message)} (${code})${hint === undefined ? '' : `: ${hint}`}`,
  )
}
