import { isIP, type Socket } from 'node:net'
import ipaddr from 'ipaddr.js'
import { credentialsOf } from '../../settings/values/userinfo.ts'
import { ProbeFailure } from '../failure.ts'

export interface SocksOptions {
  /** Where to: an address, or a name for the proxy to resolve. */
  readonly host: string
  readonly port: number
  /** With the credentials, if there are any. */
  readonly proxy: URL
}

const version = 5
const method = { none: 0, password: 2, refused: 0xff } as const

/** What the codes of a reply mean (RFC 1928, section 6). */
const refusals: Readonly<Record<number, string>> = {
  1: 'general failure of the proxy',
  2: 'its rules do not allow it',
  3: 'the network is unreachable',
  4: 'the host is unreachable, or its name does not resolve',
  5: 'the connection was refused',
  6: 'the time to live expired',
  7: 'it does not support CONNECT',
  8: 'it does not support this kind of address',
}

/**
 * Asks a SOCKS5 proxy, over a connection to it, for one to a target (RFC 1928), with a user name and a password if its URL has
 * them (RFC 1929). Afterwards the connection is one to the target, of which nothing has been read.
 *
 * @throws ProbeFailure `connect` when the proxy refuses or hangs up, `protocol` when its answer is not SOCKS5.
 */
export async function openSocksTunnel(socket: Socket, { host, port, proxy }: SocksOptions): Promise<void> {
  const name = `the proxy ${proxy.host}`
  const incoming = new Incoming(socket, name)
  const credentials = credentialsOf(proxy)
  const offered = credentials ? [method.none, method.password] : [method.none]
  socket.write(Buffer.from([version, offered.length, ...offered]))
  const [spoken, chosen] = await incoming.take(2)
  if (spoken !== version) throw new ProbeFailure('protocol', `the answer of ${name} is not SOCKS5`)
  if (chosen === method.password && credentials) {
    socket.write(Buffer.concat([Buffer.from([1]), text(credentials.username), text(credentials.password)]))
    const [, status] = await incoming.take(2)
    if (status !== 0) throw new ProbeFailure('connect', `${name} did not accept the user name and password`)
  } else if (chosen !== method.none) {
    const hint = credentials ? 'not a user name and password' : 'a user name and password, perhaps'
    const asked =
      chosen === method.refused ? 'refused to go on without other credentials' : 'asked for others'
    throw new ProbeFailure('connect', `${name} ${asked} (${hint})`)
  }
  socket.write(
    Buffer.concat([Buffer.from([version, 1, 0]), address(host), Buffer.from([port >> 8, port & 255])]),
  )
  await readReply(incoming, name, `${host}:${port}`)
  // Neither TLS nor HTTP lets a server speak first.
  if (incoming.more) throw new ProbeFailure('protocol', `${name} sent more than its answer`)
}

async function readReply(incoming: Incoming, name: string, target: string): Promise<void> {
  const invalid = new ProbeFailure('protocol', `the answer of ${name} is not SOCKS5`)
  const [spoken, code = 0, , kind] = await incoming.take(4)
  if (spoken !== version) throw invalid
  if (code !== 0) {
    const meaning = refusals[code] ?? 'unknown'
    throw new ProbeFailure('connect', `${name} did not connect to ${target}: ${meaning} (code ${code})`)
  }
  // The address that the proxy connects from means nothing to anybody.
  const length = kind === 3 ? (await incoming.take(1))[0] : { 1: 4, 4: 16 }[kind ?? 0]
  if (length === undefined) throw invalid
  await incoming.take(length + 2)
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.from([bytes.length]), bytes])
}

function address(host: string): Buffer {
  if (isIP(host) === 0) return Buffer.concat([Buffer.from([3]), text(host)])
  return Buffer.from([isIP(host) === 4 ? 1 : 4, ...ipaddr.parse(host).toByteArray()])
}

/** What arrives over a socket, in as many bytes at a time as are asked for. */
class Incoming {
  readonly #socket: Socket
  readonly #name: string
  #bytes = Buffer.alloc(0)

  constructor(socket: Socket, name: string) {
    this.#socket = socket
    this.#name = name
  }

  /** Whether there is more than was taken. */
  get more(): boolean {
    return this.#bytes.length > 0 || this.#socket.readableLength > 0
  }

  async take(length: number): Promise<Buffer> {
    while (this.#bytes.length < length) this.#bytes = Buffer.concat([this.#bytes, await this.#next()])
    const taken = this.#bytes.subarray(0, length)
    this.#bytes = this.#bytes.subarray(length)
    return taken
  }

  #next(): Promise<Buffer> {
    const socket = this.#socket
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        socket.off('readable', read).off('end', closed).off('close', closed)
      }
      const closed = (): void => {
        settle()
        reject(new ProbeFailure('connect', `${this.#name} closed the connection before it answered`))
      }
      const read = (): void => {
        const chunk: unknown = socket.read()
        if (!Buffer.isBuffer(chunk)) return
        settle()
        resolve(chunk)
      }
      socket.on('readable', read).once('end', closed).once('close', closed)
      if (socket.readableEnded || socket.destroyed) closed()
    })
  }
}
