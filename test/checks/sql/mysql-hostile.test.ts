import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import { expect, it } from 'vitest'
import { createSqlProber } from '../../../src/checks/sql/probe.ts'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'
import { atEnd } from '../../support/at-end.ts'
import { createCertificate } from '../../support/certificates.ts'
import { checkOf } from '../../support/checks.ts'
import { startTalkServer, upgrade } from '../../support/servers/talk-server.ts'

const authority = createCertificate({ name: 'Test authority', isAuthority: true })
const certificate = createCertificate({ name: 'db', ip: ['127.0.0.1'], issuer: authority })
const prober = createSqlProber({ authorities: [authority.cert] })

const salt = Buffer.from('12345678abcdefghijkl')
const ssl = 0x800

/** A packet of MySQL: three bytes of length, a number, the payload. */
function packet(number: number, ...parts: (Buffer | string | readonly number[])[]): Buffer {
  const payload = Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  )
  const header = Buffer.alloc(4)
  header.writeUIntLE(payload.length, 0, 3)
  header[3] = number
  return Buffer.concat([header, payload])
}

function greeting(plugin = 'mysql_native_password', capabilities = 0xffff): Buffer {
  const flags = [capabilities & 0xff, capabilities >> 8]
  const before = [...salt.subarray(0, 8), 0, ...flags, 45, 2, 0, 0xff, 0xff, 21]
  return packet(
    0,
    [10],
    '8.0.36\0',
    [1, 0, 0, 0],
    before,
    Buffer.alloc(10),
    salt.subarray(8),
    [0],
    `${plugin}\0`,
  )
}

const ok = [0, 0, 0, 2, 0, 0, 0]
const end = [0xfe, 0, 0, 2, 0]
const column = (name: string): Buffer =>
  Buffer.concat([
    Buffer.from([3]),
    Buffer.from('def'),
    Buffer.from([0, 0, 0, name.length]),
    Buffer.from(name),
    Buffer.from([0, 12, 45, 0, 1, 0, 0, 0, 3, 0, 0, 0, 0, 0]),
  ])

/** What a server says to each packet in turn; nothing more to the ones after. */
type Answers = readonly ((heard: Buffer) => Buffer | string)[]

function answering(socket: Socket, answers: Answers): void {
  let heard = Buffer.alloc(0)
  let turn = 0
  socket.on('error', () => undefined)
  socket.on('data', (data: Buffer) => {
    heard = Buffer.concat([heard, data])
    while (heard.length >= 4 && heard.length >= 4 + heard.readUIntLE(0, 3)) {
      const length = heard.readUIntLE(0, 3)
      const payload = heard.subarray(4, 4 + length)
      heard = heard.subarray(4 + length)
      const answer = answers[turn++]?.(payload)
      if (answer !== undefined) socket.write(answer)
    }
  })
}

async function serve(hello: Buffer | string, ...answers: Answers): Promise<number> {
  const { port, stop } = await startTalkServer((socket: Socket) => {
    socket.write(hello)
    answering(socket, answers)
  })
  atEnd(stop)
  return port
}

async function probe(
  port: number,
  keys: Readonly<Record<string, unknown>> = {},
  timeoutSeconds = 60,
): Promise<ProbeResult> {
  const check = checkOf('sql', { sql: `mysql://me:sesame@127.0.0.1:${port}/shop`, ...keys })
  return runProbe(check, { timeoutSeconds, probers: { sql: () => Promise.resolve(prober) } })
}

/** Logged in, and the two settings made: what comes next answers the query. */
const ready: Answers = [() => packet(2, ok), () => packet(1, ok), () => packet(1, ok)]

const many = (count: number, make: (index: number) => Buffer): Buffer =>
  Buffer.concat(Array.from({ length: count }, (_none, index) => make(index)))

it.each<[string, readonly [Buffer | string, ...Answers], string, RegExp]>([
  ['nothing', [''], 'timeout', /^no answer within 1s while waiting for the greeting of the server$/],
  ['something else', ['SSH-2.0-x\r\n'], 'protocol', /^expected the greeting of MySQL, got "SSH-"$/],
  [
    'that it is full',
    [packet(0, [0xff, 0x10, 4], '#08004Too many connections')],
    'status',
    /^MySQL answered with error 1040: "Too many connections"$/,
  ],
  [
    'more than a greeting',
    [Buffer.concat([greeting(), packet(2, ok)])],
    'protocol',
    /is not an answer of MySQL$/,
  ],
  ['nothing to the login', [greeting()], 'timeout', /while logging in$/],
  [
    'that it wants the password itself',
    [greeting(), () => packet(2, [0xfe], 'mysql_clear_password\0')],
    'status',
    /^the server wants the user to log in by "mysql_clear_password", which is not supported/,
  ],
  [
    'that it wants the password itself, in the words of SHA-256',
    [greeting(), () => packet(2, [0xfe], 'sha256_password\0', salt)],
    'status',
    /sent over TLS only: set sql_tls: true$/,
  ],
  ['the method of MySQL 4.0', [greeting(), () => packet(2, [0xfe])], 'status', /"mysql_old_password"/],
  [
    'one method after the other',
    [
      greeting(),
      ...Array.from(
        { length: 20 },
        (_none, index) => () => packet(2 + 2 * index, [0xfe], 'mysql_native_password\0', salt),
      ),
    ],
    'protocol',
    /is not an answer of MySQL$/,
  ],
  ['a packet out of turn', [greeting(), () => packet(7, ok)], 'protocol', /is not an answer of MySQL$/],
  ['an empty packet', [greeting(), () => packet(2)], 'protocol', /is not an answer of MySQL$/],
  [
    'a packet of 16 MiB',
    [greeting(), () => Buffer.from([0xff, 0xff, 0xff, 2, 0])],
    'size',
    /^the server sent more than 4 MiB$/,
  ],
  [
    'that it wants a file',
    [greeting(), ...ready, () => packet(1, [0xfb], '/etc/passwd')],
    'protocol',
    /^the server asks for a file of this machine, which it does not get$/,
  ],
  [
    'more columns than anybody has',
    [greeting(), ...ready, () => packet(1, [0xfd, 0xff, 0xff, 0xff])],
    'size',
    /^the rows have more than 1000 columns$/,
  ],
  [
    'a column that ends too early',
    [greeting(), ...ready, () => Buffer.concat([packet(1, [1]), packet(2, [3], 'def', [250])])],
    'protocol',
    /is not an answer of MySQL$/,
  ],
  [
    'a row that ends too early',
    [
      greeting(),
      ...ready,
      () =>
        Buffer.concat([
          packet(1, [1]),
          packet(2, column('a')),
          packet(3, end),
          packet(4, [0xfe], 'x'.repeat(30)),
        ]),
    ],
    'protocol',
    /is not an answer of MySQL$/,
  ],
  ['no rows', [greeting(), ...ready, () => packet(1, ok)], 'status', /^the query has no rows/],
  [
    'an error in the middle of the rows',
    [
      greeting(),
      ...ready,
      () =>
        Buffer.concat([
          packet(1, [1]),
          packet(2, column('a')),
          packet(3, end),
          packet(4, [1], 'x'),
          packet(5, [0xff, 0xd0, 0x0b], '#HY000Query execution was interrupted'),
        ]),
    ],
    'timeout',
    /^the server answers "Query execution was interrupted" \(3024, HY000\): the query took longer/,
  ],
  ['nothing to the query', [greeting(), ...ready], 'timeout', /while waiting for the rows of the query$/],
])('says that the server sent %s', async (_name, [hello, ...answers], reason, message) => {
  const { failure } = await probe(await serve(hello, ...answers), {}, reason === 'timeout' ? 1 : 60)
  expect(failure).toEqual({ reason, message: expect.stringMatching(message) })
})

it('reads no more of rows without end than it wants', async () => {
  const row = (index: number): Buffer => packet((4 + index) % 256, [1], 'x')
  const rows = Buffer.concat([packet(1, [1]), packet(2, column('a')), packet(3, end), many(50_000, row)])
  const result = await probe(await serve(greeting(), ...ready, () => rows))
  expect(result).toMatchObject({ success: true, sql: { rows: 1000 } })
})

const hash = (...parts: (string | Buffer)[]): Buffer =>
  createHash('sha256')
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest()

/** As a server of MySQL 8 does it, which knows no more than the hash of the hash. */
function knows(login: Buffer): boolean {
  const stored = hash(hash('sesame'))
  const at = login.indexOf('me\0', 32) + 3
  const proof = login.subarray(at + 1, at + 1 + (login[at] ?? 0))
  const cover = hash(stored, salt)
  return hash(Buffer.from(proof.map((byte, index) => byte ^ (cover[index] ?? 0)))).equals(stored)
}

const oneRow = (): Buffer =>
  Buffer.concat([packet(1, [1]), packet(2, column('a')), packet(3, end), packet(4, [1], '1'), packet(5, end)])
const settings: Answers = [() => packet(1, ok), () => packet(1, ok)]

it('logs in as MySQL 8 wants it, where the server remembers the user', async () => {
  const login = (heard: Buffer): Buffer =>
    knows(heard) ? Buffer.concat([packet(2, [1, 3]), packet(3, ok)]) : packet(2, [0xff, 0x15, 4], '#28000No')
  const port = await serve(greeting('caching_sha2_password'), login, ...settings, oneRow)
  expect((await probe(port, { expect: { columns: { a: 1 } } })).failure).toBeUndefined()
})

it('sends the password itself over TLS alone', async () => {
  const asks = [
    () => packet(2, [1, 4]),
    (heard: Buffer) =>
      heard.toString() === 'sesame\0' ? packet(4, ok) : packet(4, [0xff, 0x15, 4], '#28000No'),
  ]
  const plain = await probe(await serve(greeting('caching_sha2_password'), ...asks))
  expect(plain.failure?.message).toMatch(/sent over TLS only: set sql_tls: true$/)

  const flags: number[] = []
  const secured = [
    (heard: Buffer) => {
      flags.push(heard.readUInt32LE(0))
      return packet(3, [1, 4])
    },
    (heard: Buffer) =>
      heard.toString() === 'sesame\0' ? packet(5, ok) : packet(5, [0xff, 0x15, 4], '#28000No'),
    ...settings,
    oneRow,
  ]
  const { port, stop } = await startTalkServer((socket: Socket) => {
    socket.write(greeting('caching_sha2_password', 0xffff | ssl))
    socket.once('data', (data: Buffer) => {
      socket.pause()
      flags.push(data.readUInt32LE(4))
      if (data.length > 36) socket.unshift(data.subarray(36))
      upgrade('', certificate, (inside) => {
        answering(inside, secured)
      })(socket)
    })
  })
  atEnd(stop)
  const result = await probe(port, { sql_tls: true })
  expect(result.failure).toBeUndefined()
  expect(result.tls).toMatchObject({ verified: true })
  // MySQL itself, unlike MariaDB, goes by what the packet before TLS says that the client can do.
  expect(flags[0]).toBe(flags[1])
})
