import type { Socket } from 'node:net'
import pg from 'pg'
import { beforeAll, describe, expect, it } from 'vitest'
import { createSqlProber } from '../../../src/checks/sql/probe.ts'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'
import { atEnd } from '../../support/at-end.ts'
import { createCertificate } from '../../support/certificates.ts'
import { checkOf } from '../../support/checks.ts'
import { parse, parseTarget } from '../../support/parse-config.ts'
import { createDatabase, describeWithPostgres, startPostgres } from '../../support/programs/postgres.ts'
import { waitFor } from '../../support/time/wait-for.ts'
import { startTalkServer } from '../../support/servers/talk-server.ts'

type Keys = Readonly<Record<string, unknown>>

async function probe(keys: Keys, timeoutSeconds = 10): Promise<ProbeResult> {
  return runProbe(checkOf('sql', keys), { timeoutSeconds })
}

describeWithPostgres('sql, against PostgreSQL', () => {
  let sql = ''
  beforeAll(async () => {
    sql = await createDatabase()
    const client = new pg.Client({ connectionString: sql })
    await client.connect()
    await client.query('create sequence numbers')
    await client.end()
  })

  it.each<[string, Keys, number]>([
    ['select 1 where nothing is written', {}, 1],
    ['how many rows there are', { query: 'select * from generate_series(1, 3);', expect: { rows: 3 } }, 3],
    ['no row', { query: 'select 1 where false', expect: { rows: 0 } }, 0],
    [
      'more rows than are read',
      { query: 'select * from generate_series(1, 5000)', expect: { rows: { gt: 1000 } } },
      1000,
    ],
    [
      'the columns of the first row',
      {
        query: `select 12.50 as price, 9007199254740993 as big, true as up, 'é' as word, null as none, '{"a":[1]}'::jsonb as doc, 'nan'::float8 as nan`,
        expect: {
          columns: {
            price: { gte: 12.5, lt: 13 },
            big: { gt: 9007199254740992 },
            up: true,
            word: { matches: '^é$' },
            none: null,
            doc: { equals: { a: [1] } },
            nan: 'NaN',
          },
        },
      },
      1,
    ],
  ])('reads %s', async (_name, keys, rows) => {
    const result = await probe({ sql, ...keys })
    expect(result.failure).toBeUndefined()
    expect(result).toMatchObject({ sql: { rows }, resolve: { address: '127.0.0.1' } })
    expect(Object.keys(result.phases ?? {})).toEqual(['resolve', 'connect', 'processing'])
  })

  it.each<[string, () => Keys, string, string | RegExp]>([
    [
      'has another number of rows',
      () => ({ query: 'values (1), (2)', expect: { rows: { lt: 2 } } }),
      'body',
      'expected the number of rows to be less than 2, got 2',
    ],
    [
      'has another value',
      () => ({ query: 'select 90 as lag', expect: { columns: { lag: { lt: 60 } } } }),
      'body',
      'expected lag to be less than 60, got 90',
    ],
    [
      'has no such column',
      () => ({ query: 'select 1 as a', expect: { columns: { b: 1 } } }),
      'body',
      'expected b to be 1, got no such column',
    ],
    [
      'has no row to look at',
      () => ({ query: 'select 1 as a where false', expect: { columns: { a: 1 } } }),
      'body',
      'expected a row with a, got no row',
    ],
    [
      'is wrong',
      () => ({ query: 'select nonsense' }),
      'status',
      /^the server answers "column \\?"nonsense\\?" does not exist" \(42703\)$/,
    ],
    [
      'writes',
      () => ({ query: "select nextval('numbers')" }),
      'status',
      /^the server answers "cannot execute nextval\(\) in a read-only transaction" \(25006\): the query of a check can only read$/,
    ],
    [
      'writes in a part of it',
      () => ({ query: 'with x as (insert into pg_class default values returning 1) select * from x' }),
      'status',
      /\(0A000\)$/,
    ],
    [
      'is two',
      () => ({ query: 'select 1; drop table x' }),
      'status',
      /cannot insert multiple commands into a prepared statement" \(42601\)/,
    ],
    [
      'takes too long',
      () => ({ query: 'select pg_sleep(60)' }),
      'timeout',
      // Whichever of the two comes first.
      /^no answer within 0\.5s while waiting for the rows of the query$|: the query took longer than the timeout of the check$/,
    ],
    [
      'sends too much',
      () => ({ query: "select repeat('x', 100000) from generate_series(1, 100)" }),
      'size',
      'the server sent more than 4 MiB',
    ],
    [
      'is for another database',
      () => ({ sql: sql.replace(/[^/]*$/, 'none') }),
      'status',
      /^the server answers "database \\?"none\\?" does not exist" \(3D000\)$/,
    ],
    [
      'is of another user',
      () => ({ sql: sql.replace('probity@', 'nobody@') }),
      'status',
      /^the server answers "role \\?"nobody\\?" does not exist" \(28000\)$/,
    ],
    [
      'wants TLS of a server without it',
      () => ({ sql_tls: true }),
      'tls',
      'PostgreSQL does not offer TLS: its setting ssl is off',
    ],
    [
      'is sent where nothing listens',
      () => ({ sql: 'postgres://a@127.0.0.1:1/a' }),
      'connect',
      /refused the connection/,
    ],
  ])('says that the query %s', async (name, keys, reason, message) => {
    const { failure } = await probe({ sql, ...keys() }, name === 'takes too long' ? 0.5 : 10)
    expect(failure).toEqual({
      reason,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    })
  })
})

describeWithPostgres('sql, against PostgreSQL with TLS', () => {
  it('speaks TLS, and verifies the certificate', async () => {
    const authority = createCertificate({ name: 'Test authority', isAuthority: true })
    const { cert, key } = createCertificate({ name: 'db', ip: ['127.0.0.1'], issuer: authority })
    const server = await startPostgres()
    atEnd(server.stop)
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    // Where it looks by default, in its own folder, as its own user.
    for (const [file, pem] of Object.entries({ 'server.crt': cert, 'server.key': key }))
      await client.query(
        `copy (select unnest(string_to_array('${pem}', chr(10)))) to program 'umask 077; cat > ${file}'`,
      )
    await client.query('alter system set ssl = on')
    await client.query('select pg_reload_conf()')
    await client.end()
    const prober = createSqlProber({ authorities: [authority.cert] })
    const secured = (keys: Keys): Promise<ProbeResult> =>
      runProbe(checkOf('sql', { sql: server.url, sql_tls: true, ...keys }), {
        timeoutSeconds: 10,
        probers: { sql: () => Promise.resolve(prober) },
      })
    const result = await waitFor('the server has TLS', async () => {
      const tried = await secured({
        query: 'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
        expect: { columns: { ssl: true } },
      })
      return tried.success && tried
    })
    expect(result).toMatchObject({ sql: { rows: 1 }, tls: { verified: true } })
    const named = await secured({ tls: { server_name: 'other.example' } })
    expect(named.failure).toMatchObject({ reason: 'certificate' })
  })
})

describe('sql, against what is not PostgreSQL', () => {
  it.each<[string, string | Buffer, string, RegExp]>([
    ['nothing', '', 'connect', /^the server closed the connection before it answered$/],
    [
      'something else',
      'HTTP/1.1 400 Bad Request\r\n\r\n',
      'protocol',
      /^(what the server sent is not an answer|the session with the server broke)/,
    ],
    [
      'that it has given up the query',
      Buffer.concat([Buffer.from([0x45, 0, 0, 0, 27]), Buffer.from('SERROR\0C57014\0Mcancel\0\0')]),
      'timeout',
      /^the server answers "cancel" \(57014\): the query took longer than the timeout of the check$/,
    ],
  ])('says that it sent %s', async (_name, sent, reason, message) => {
    const { port, stop } = await startTalkServer((socket: Socket) =>
      socket.once('data', () => socket.end(sent)),
    )
    atEnd(stop)
    const { failure } = await probe({ sql: `postgres://a@127.0.0.1:${port}/a` })
    expect(failure).toEqual({ reason, message: expect.stringMatching(message) })
  })
})

describe('a target with sql:', () => {
  it('does not show its password', () => {
    const text =
      'targets: [{ name: it, sql: "postgres://me:sesame@db.example/shop", query: "select ${KEY}" }]'
    const { instance, shown, secrets } = parseTarget(text, { env: { KEY: 'key-7' } })
    expect(instance).toBe('postgres://db.example/shop')
    expect(JSON.stringify(shown)).not.toMatch(/sesame|key-7/)
    expect(secrets).toEqual(expect.arrayContaining(['sesame', 'key-7']))
  })

  it.each([
    [
      'another database',
      'sql: "oracle://a@b/c"',
      'is not a valid URL here: expected one such as postgres://',
    ],
    [
      'a query of MySQL that writes a file of the server',
      'sql: "mysql://a@b/c", query: "select 1 INTO  OUTFILE \'/tmp/x\'"',
      'is not a query that only reads: into outfile writes a file of the server',
    ],
    [
      'a query of MySQL that writes',
      'sql: "mysql://a@b/c", query: drop table x',
      'is not a query that only reads',
    ],
    ['a query of MySQL without a user', 'sql: "mysql://b/c"', 'has no user or no database'],
    ['a user that would end its packet', 'sql: "mariadb://a%00b@b/c"', 'contains a NUL character'],
    ['no user', 'sql: "postgres://a/b"', 'has no user or no database'],
    ['no database', 'sql: "postgres://a@b"', 'has no user or no database'],
    ['an empty query', 'sql: "postgres://a@b/c", query: ";"', 'is not a query'],
    [
      'an unknown comparison',
      'sql: "postgres://a@b/c", expect: { rows: { above: 1 } }',
      'unknown comparison',
    ],
  ])('is refused with %s', (_name, keys, words) => {
    expect(() => parse(`targets: [{ name: it, ${keys} }]`)).toThrow(words)
  })
})
