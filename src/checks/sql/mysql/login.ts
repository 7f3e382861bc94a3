import { createHash } from 'node:crypto'
import { ProbeFailure } from '../../../net/failure.ts'
import { capabilities, charset, type Greeting } from '../../shared/mysql/greeting.ts'
import { quote } from '../../shared/dialogue/dialogue.ts'
import { strange, type Packets } from './packets.ts'
import { refusal } from './refusal.ts'

export interface Credentials {
  readonly username: string
  readonly password: string
  readonly database: string
  /** Whether the connection is encrypted, so that a password may be sent as it is. */
  readonly useTls: boolean
}

/** First byte of an answer. */
const kind = { ok: 0x00, more: 0x01, change: 0xfe, error: 0xff } as const

/** Second byte of `more`, in the answer to caching_sha2_password. */
const cached = { known: 3, wanted: 4 } as const

/** Servers change the method once: more often is a game. */
const maxAnswers = 10

/**
 * Logs in: with mysql_native_password and caching_sha2_password, and with sha256_password over TLS.
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_authentication_methods.html
 *
 * @throws ProbeFailure `status` for what the server refuses, and for methods that it wants and that are not supported here.
 */
export async function logIn(packets: Packets, greeting: Greeting, who: Credentials): Promise<void> {
  let { plugin, salt } = greeting
  // What the server proposes is not for this user, which it does not know yet.
  if (plugin !== 'caching_sha2_password') plugin = 'mysql_native_password'
  await packets.write(response(plugin, proofOf(plugin, salt, who), who))
  for (let count = 0; count < maxAnswers; count++) {
    const answer = await packets.read()
    switch (answer[0]) {
      case kind.ok:
        return
      case kind.error:
        throw refusal(answer)
      case kind.change: {
        const end = answer.indexOf(0, 1)
        // The method of MySQL 4.0 has no name; its hash is worth nothing.
        if (end === -1) throw unsupported('mysql_old_password')
        plugin = answer.toString('latin1', 1, end)
        salt = answer.subarray(end + 1, end + 21)
        await packets.write(proofOf(plugin, salt, who))
        break
      }
      case kind.more:
        if (plugin !== 'caching_sha2_password') throw strange()
        if (answer[1] === cached.known) break
        if (answer[1] !== cached.wanted) throw strange()
        await packets.write(clear(who))
        break
      default:
        throw strange()
    }
  }
  throw strange()
}

/** Proofs that somebody knows the password, by the name of the method. */
const methods: Readonly<Record<string, (salt: Buffer, who: Credentials) => Buffer>> = {
  mysql_native_password: (salt, { password }) => scramble('sha1', password, (twice) => [salt, twice]),
  caching_sha2_password: (salt, { password }) => scramble('sha256', password, (twice) => [twice, salt]),
  sha256_password: (_salt, who) => clear(who),
}

function proofOf(plugin: string, salt: Buffer, who: Credentials): Buffer {
  const method = Object.hasOwn(methods, plugin) ? methods[plugin] : undefined
  if (!method) throw unsupported(plugin)
  return who.password === '' ? Buffer.alloc(0) : method(salt, who)
}

/** The hash of the password, covered with a hash of its hash and the salt. */
function scramble(algorithm: string, password: string, order: (twice: Buffer) => Buffer[]): Buffer {
  const hash = (...parts: (string | Buffer)[]): Buffer =>
    parts.reduce((made, part) => made.update(part), createHash(algorithm)).digest()
  const once = hash(password)
  const cover = hash(...order(hash(once)))
  return Buffer.from(once.map((byte, index) => byte ^ (cover[index] ?? 0)))
}

/** Without TLS, everybody on the way would read the password, and a key of the server could be anybody's. */
function clear({ password, useTls }: Credentials): Buffer {
  if (!useTls)
    throw new ProbeFailure(
      'status',
      'the server wants the password itself, which is sent over TLS only: set sql_tls: true',
    )
  return Buffer.from(`${password}\0`)
}

function response(plugin: string, proof: Buffer, { username, database, useTls }: Credentials): Buffer {
  const head = Buffer.alloc(32)
  head.writeUInt32LE(capabilities(useTls), 0)
  head.writeUInt32LE(2 ** 24, 4)
  head.writeUInt8(charset, 8)
  const ended = (text: string): Buffer => Buffer.from(`${text}\0`)
  const length = Buffer.from([proof.length])
  return Buffer.concat([head, ended(username), length, proof, ended(database), ended(plugin)])
}

function unsupported(plugin: string): ProbeFailure {
  return new ProbeFailure(
    'status',
    `the server wants the user to log in by ${quote(plugin)}, which is not supported: use one with mysql_native_password or caching_sha2_password`,
  )
}
