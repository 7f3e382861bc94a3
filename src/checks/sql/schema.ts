import type { z } from 'zod'
import { ipProtocolDefaults, ipProtocolShape } from '../../net/ip-protocol.ts'
import { tlsSettings } from '../../net/tls/settings.ts'
import type { Expanded } from '../../settings/secrets.ts'
import { flag } from '../../settings/values/scalars.ts'
import { asText, mapping, seen, value, ValueError } from '../../settings/values/value.ts'
import type { Comparisons } from '../http/json-rule/rule.ts'
import { comparisons } from '../http/json-rule/settings.ts'
import { collectInserted } from '../http/settings/secrets.ts'
import type { CheckSchema, Concealed, Given, Report } from '../kind.ts'
import type { ServiceConnection } from '../shared/service/open.ts'
import { concealService, serviceUrlReader } from '../shared/service/url.ts'

/** A query to a database server, and what is expected of its rows. */
export interface SqlCheck extends ServiceConnection {
  readonly kind: 'sql'
  /** The protocol that the server speaks; MariaDB speaks that of MySQL. */
  readonly system: 'postgres' | 'mysql'
  readonly username: string
  /** Empty: none is sent. */
  readonly password: string
  readonly database: string
  /** Without the semicolon at its end. */
  readonly query: string
  readonly expect: {
    /** Of the number of rows. Absent: any will do. */
    readonly rows?: Comparisons
    /** Of the first row: what is expected of a column. */
    readonly columns: Readonly<Record<string, Comparisons>>
  }
}

const postgres = { port: 5432, useTls: false }
const mysql = { port: 3306, useTls: false }
const readUrl = serviceUrlReader(
  { postgres, postgresql: postgres, mysql, mariadb: mysql },
  'postgres://monitor:password@db.example.com:5432/shop or mysql://monitor:password@db.example.com:3306/shop',
)

/** Where the database is, and what it is. */
type SqlUrl = ReturnType<typeof readUrl> & Pick<SqlCheck, 'system'>

function readSql(input: unknown): SqlUrl {
  const url = readUrl(input)
  if (url.username === '' || url.path === '' || url.path.includes('/'))
    throw new ValueError(
      `${seen} has no user or no database: expected one such as postgres://monitor:password@db.example.com/shop`,
    )
  // Neither name can stand in a packet where it ends with a zero.
  if (/\0/.test(url.username + url.password + url.path))
    throw new ValueError(`${seen} contains a NUL character`)
  return { ...url, system: /^postgres/i.test(asText(input)) ? 'postgres' : 'mysql' }
}

/** A pattern for a word in any case: the patterns of a JSON Schema have no flags. */
function anyCase(word: string): string {
  return word.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)
}

/** What a query of MySQL may begin with: its server has no cursor that would refuse the others. */
const reading = /^(?:\(\s*)*(?:select|show|with|table|values|explain|describe|desc)\b/i

/** A session that only reads does not keep a user with the right FILE from it. */
const writing = /\binto\s+(outfile|dumpfile)\b/i

function readQuery(input: unknown): string {
  const text = asText(input).trim().replace(/;$/, '').trim()
  if (text === '' || text.includes('\0'))
    throw new ValueError('is not a query: expected one such as select 1')
  return text
}

function checkColumn(name: string): void {
  if (name === '') throw new ValueError('is not the name of a column')
}

const shape = {
  sql: value(readSql, {
    type: 'string',
    pattern: `^((${['postgres', 'postgresql', 'mysql', 'mariadb'].map(anyCase).join('|')})://|.*\\$\\{)`,
    description: 'The postgres or mysql URL of the database, with its user.',
  }).optional(),
  query: value(readQuery, {
    type: 'string',
    description: 'The query, which can only read. Default: `select 1`.',
  }).optional(),
  sql_tls: flag
    .optional()
    .describe(
      'Whether TLS is used, which the server is asked for in the way of its protocol. Default: `false`.',
    ),
  tls: tlsSettings.optional().describe('With `sql_tls`: settings for TLS.'),
  ...ipProtocolShape,
}

const expectShape = {
  rows: comparisons.optional().describe('The number of rows, such as `1` or `{ gt: 0 }`. Default: any.'),
  columns: mapping(checkColumn, comparisons)
    .optional()
    .describe(
      'What is expected of the columns of the first row, by name, such as `{ lag: { lt: 60 } }`. Default: anything.',
    ),
}

type Parsed = { readonly [K in keyof typeof shape]: z.output<(typeof shape)[K]> }
type ParsedExpect = { readonly [K in keyof typeof expectShape]: z.output<(typeof expectShape)[K]> }
type SqlSettings = Given<Parsed, keyof Parsed> & { readonly expect: ParsedExpect }

function toCheck(settings: SqlSettings, report: Report): SqlCheck {
  const { address, username, password, path, system } = settings.sql
  if (system === 'mysql' && !reading.test(settings.query))
    report(
      ['query'],
      'is not a query that only reads: expected it to begin with select, show, with, values, table, explain or describe',
    )
  const [, into] = (system === 'mysql' && writing.exec(settings.query)) || []
  if (into !== undefined)
    report(
      ['query'],
      `is not a query that only reads: into ${into.toLowerCase()} writes a file of the server`,
    )
  const { rows, columns = {} } = settings.expect
  return {
    kind: 'sql',
    system,
    address,
    useTls: settings.sql_tls,
    username,
    password,
    database: path,
    query: settings.query,
    ipProtocol: settings.ip_protocol,
    ipProtocolFallback: settings.ip_protocol_fallback,
    tls: settings.tls,
    expect: { ...(rows && { rows }), columns },
  }
}

/** What is inserted into the query may be a secret, too. */
function conceal(written: Readonly<Record<string, unknown>>, expand: (text: string) => Expanded): Concealed {
  const concealed = concealService(written, 'sql', expand)
  const { query, expect } = written
  const secrets = new Set(concealed.secrets)
  collectInserted([query, expect], expand, secrets)
  secrets.delete('')
  return { ...concealed, secrets: [...secrets] }
}

export const sqlSchema: CheckSchema<typeof shape, typeof expectShape, SqlSettings, SqlCheck> = {
  key: 'sql',
  shape,
  expectShape,
  defaults: { query: 'select 1', sql_tls: false, tls: { verify: true }, ...ipProtocolDefaults },
  toCheck,
  conceal,
}
