import type { Socket } from 'node:net'
import pg from 'pg'
import type { Attempt } from '../../net/attempt.ts'
import { messageOf } from '../../lib/errors.ts'
import { ProbeFailure } from '../../net/failure.ts'
import { quote } from '../shared/dialogue/dialogue.ts'
import type { SqlCheck } from './schema.ts'

/** Rows that are read: a check looks at the first of them, and counts the others. */
export const maxRows = 1000

/** Bytes that are taken in. */
const maxBytes = 4 * 1024 * 1024

/** Rows as JSON, by the names of their columns. */
export interface Rows {
  /** At most {@link maxRows}. */
  readonly count: number
  /** Whether there are more. */
  readonly more: boolean
  /** The first row as JSON; absent without any. */
  readonly first?: string
}

/**
 * Logs in over a connection that is there already, and reads the rows of the query in a transaction that cannot write.
 *
 * @throws ProbeFailure `status` for what the server refuses, `size` for too much, `protocol` and `connect` when the connection ends.
 */
export async function readRows(check: SqlCheck, socket: Socket, run: Attempt): Promise<Rows> {
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
      ...(first && { first: jsonOf(first as (string | null)[], fields) }),
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

/** Numbers as they are written, so that none is rounded; what JSON does not have is text. */
function jsonOf(row: readonly (string | null)[], fields: readonly pg.FieldDef[]): string {
  const members = fields.map(({ name, dataTypeID: type }, index) => {
    const text = row[index] ?? null
    return `${JSON.stringify(name)}:${text === null ? 'null' : valueOf(text, type)}`
  })
  return `{${members.join(',')}}`
}

function valueOf(text: string, type: number): string {
  if (type === boolean) return String(text === 't')
  if (json.has(type)) return text
  return numbers.has(type) && /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/.test(text) ? text : JSON.stringify(text)
}

/** What people do about some of the errors: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const hints: Readonly<Record<string, string>> = {
  '25006': 'the query of a check can only read',
  '42601': 'a query that has rows is expected, such as select or values',
  '53300': 'the server has too many connections',
  '57014': 'the query took longer than the timeout of the check',
  '57P03': 'the server is starting or shutting down',
}

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
    'status',
    `the server answers ${quote(message)} (${code})${hint === undefined ? '' : `: ${hint}`}`,
  )
}
