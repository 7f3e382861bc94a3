import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { createSqlProber } from '../../../src/checks/sql/probe.ts'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'
import { createCertificate } from '../../support/certificates.ts'
import { checkOf } from '../../support/checks.ts'
import { startMariadb, type TestMariadb } from '../../support/programs/mariadb.ts'
import { describeWithTool } from '../../support/programs/tools.ts'
import { waitFor } from '../../support/time/wait-for.ts'
import { tempFolder } from '../../support/temp-folder.ts'

type Keys = Readonly<Record<string, unknown>>

const authority = createCertificate({ name: 'Test authority', isAuthority: true })
const prober = createSqlProber({ authorities: [authority.cert] })

async function probe(keys: Keys, timeoutSeconds = 10): Promise<ProbeResult> {
  return runProbe(checkOf('sql', keys), {
    timeoutSeconds,
    probers: { sql: () => Promise.resolve(prober) },
  })
}

const tools = ['/usr/sbin/mariadbd', 'mariadb-install-db', 'mariadb']

describeWithTool(tools, 'sql, against MariaDB', () => {
  let server: TestMariadb
  let sql = ''
  beforeAll(async () => {
    server = await startMariadb()
    server.run(`
      create user monitor@'%' identified by 'sesame';
      grant all on shop.* to monitor@'%';
      grant file on *.* to monitor@'%';
      create user modern@'%' identified via unix_socket;
      create table shop.orders (id bigint primary key, price decimal(6,2), word varchar(20), flags bit(2));
      insert into shop.orders values (9007199254740993, 12.50, 'é', b'10'), (9007199254740994, 1, null, b'01')`)
    sql = `mysql://monitor:sesame@127.0.0.1:${server.port}/shop`
  }, 60_000)

  it.each<[string, Keys, number]>([
    ['select 1 where nothing is written', {}, 1],
    ['how many rows there are', { query: 'select seq from seq_1_to_3;', expect: { rows: 3 } }, 3],
    ['no row', { query: 'select 1 from orders where false', expect: { rows: 0 } }, 0],
    [
      'more rows than are read',
      { query: 'select seq from seq_1_to_5000', expect: { rows: { gt: 1000 } } },
      1000,
    ],
    [
      'the columns of the first row',
      {
        query: `select id, price, word, null as none, 1.5e0 as half, now() as day, true as up, lpad('7', 3, '0') as zeros from orders`,
        expect: {
          columns: {
            id: { gt: 9007199254740992 },
            price: { gte: 12.5, lt: 13 },
            word: { matches: '^é$' },
            none: null,
            half: 1.5,
            day: { matches: '^20' },
            up: 1,
            zeros: '007',
          },
        },
      },
      2,
    ],
    ['variables', { query: "show variables like 'port'", expect: { columns: { Variable_name: 'port' } } }, 1],
  ])('reads %s', async (_name, keys, rows) => {
    const result = await probe({ sql, ...keys })
    expect(result.failure).toBeUndefined()
    expect(result).toMatchObject({ sql: { rows }, resolve: { address: '127.0.0.1' } })
    expect(Object.keys(result.phases ?? {})).toEqual(['resolve', 'connect', 'processing'])
  })

  it('logs in with any name of the protocol, and without a password', async () => {
    server.run("create user open@'%'")
    const result = await probe({ sql: `mariadb://open@127.0.0.1:${server.port}/information_schema` })
    expect(result.failure).toBeUndefined()
  })

  it.each<[string, () => Keys, string, string | RegExp]>([
    [
      'has another number of rows',
      () => ({ query: 'select seq from seq_1_to_2', expect: { rows: { lt: 2 } } }),
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
      'is wrong',
      () => ({ query: 'select nonsense' }),
      'status',
      /^the server answers "Unknown column 'nonsense' in '(?:field list|SELECT)'" \(1054, 42S22\)$/,
    ],
    [
      'writes in a part of it',
      () => ({ query: 'with x as (select 1) delete from orders' }),
      'status',
      /\((1064, 42000|1792, 25006)\)/,
    ],
    [
      'locks what it reads',
      () => ({ query: 'select nextval(numbers)' }),
      'status',
      /\(1792, 25006\): the query of a check can only read$/,
    ],
    ['is two', () => ({ query: 'select 1; drop table orders' }), 'status', /\(1064, 42000\)/],
    [
      'takes too long',
      () => ({ query: 'select sleep(60)' }),
      'timeout',
      // Whichever of the two comes first.
      /^no answer within 0\.5s while waiting for the rows of the query$|: the query took longer than the timeout of the check$/,
    ],
    [
      'sends too much',
      () => ({ query: "select repeat('x', 100000) from seq_1_to_100" }),
      'size',
      /^the server sent more than 4/,
    ],
    [
      'is for another database',
      () => ({ sql: sql.replace(/[^/]*$/, 'none') }),
      'status',
      /none.*\((1049, 42000|1044, 42000)\)/,
    ],
    [
      'has a wrong password',
      () => ({ sql: sql.replace('sesame', 'simsim') }),
      'status',
      /^the server answers "Access denied for user 'monitor'@.*\(1045, 28000\)$/,
    ],
    [
      'is of a user who logs in by something else',
      () => ({ sql: sql.replace('monitor:sesame', 'modern:x') }),
      'status',
      /Access denied|"(unix_socket|auth_socket)", which is not supported/,
    ],
    [
      'wants TLS of a server without it',
      () => ({ sql_tls: true }),
      'tls',
      'the MySQL server does not offer TLS',
    ],
    [
      'is sent where nothing listens',
      () => ({ sql: 'mysql://a@127.0.0.1:1/a' }),
      'connect',
      /refused the connection/,
    ],
  ])('says that the query %s', async (name, keys, reason, message) => {
    if (name === 'locks what it reads') server.run('create sequence if not exists shop.numbers')
    const { failure } = await probe({ sql, ...keys() }, name === 'takes too long' ? 0.5 : 10)
    expect(failure).toEqual({
      reason,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    })
    expect(server.run('select count(*) as n from shop.orders')).toBe('n\n2\n')
  })

  it('has the server end a query that takes longer than the check', async () => {
    const sleep = 'select sleep(600), 7355608'
    expect((await probe({ sql, query: sleep }, 0.5)).failure?.reason).toBe('timeout')
    await waitFor('the server has ended it', () =>
      server.run('select info from information_schema.processlist').includes(sleep) ? undefined : true,
    )
    const variable = await probe({
      sql,
      query: 'select @@max_statement_time as seconds, @@tx_read_only as readonly',
      expect: { columns: { seconds: 10, readonly: 1 } },
    })
    expect(variable.failure).toBeUndefined()
  })
})

describeWithTool(tools, 'sql, against MariaDB with TLS', () => {
  it('speaks TLS, and verifies the certificate', async () => {
    const { cert, key } = createCertificate({ name: 'db', ip: ['127.0.0.1'], issuer: authority })
    const folder = await tempFolder()
    chmodSync(folder, 0o755)
    const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
    writeFileSync(certFile, cert)
    writeFileSync(keyFile, key)
    const { port, run } = await startMariadb([`--ssl-cert=${certFile}`, `--ssl-key=${keyFile}`])
    run("create user monitor@'%' identified by 'sesame' require ssl; grant all on shop.* to monitor@'%'")
    const secured = (keys: Keys): Promise<ProbeResult> =>
      probe({
        sql: `mysql://monitor:sesame@127.0.0.1:${port}/shop`,
        sql_tls: true,
        query: "show status like 'Ssl_version'",
        ...keys,
      })
    const result = await secured({ expect: { columns: { Value: { matches: '^TLSv1' } } } })
    expect(result.failure).toBeUndefined()
    expect(result).toMatchObject({ sql: { rows: 1 }, tls: { verified: true } })
    expect(Object.keys(result.phases ?? {}).sort()).toEqual(['connect', 'processing', 'resolve', 'tls'])
    const named = await secured({ tls: { server_name: 'other.example' } })
    expect(named.failure).toMatchObject({ reason: 'certificate' })
    const plain = await secured({ sql_tls: false })
    expect(plain.failure?.message).toMatch(/\(1045, 28000\)$/)
  }, 60_000)
})
