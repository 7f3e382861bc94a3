import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { atEnd } from '../at-end.ts'
import { stopOf } from './stop-of.ts'

export interface SocksProxy {
  readonly port: number
  /** What it was asked for, each as `host:port`, and who asked. */
  readonly asked: readonly { readonly what: string; readonly credentials: string | undefined }[]
  /** Connections to it and from it that are open. */
  readonly open: () => number
  readonly stop: () => Promise<void>
}

export interface SocksOptions {
  /** Where a name leads. */
  readonly hosts?: Readonly<Record<string, string>>
  /** The `user:password` that it wants. */
  readonly credentials?: string
  /** What it replies instead of connecting: a code of RFC 1928, section 6. */
  readonly code?: number
  /** What it does instead of speaking SOCKS5. */
  readonly onConnection?: (socket: Socket) => void
  /** Bytes of its replies that it sends at once. Default: all. */
  readonly chunk?: number
  /** What it does instead of a reply to the request. */
  readonly onRequest?: (socket: Socket) => void
}

/** A SOCKS5 proxy (RFC 1928 and 1929) that knows CONNECT. */
export async function startSocksProxy(options: SocksOptions = {}): Promise<SocksProxy> {
  const { onConnection } = options
  const asked: { what: string; credentials: string | undefined }[] = []
  const sockets = new Set<Socket>()
  const track = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
  }
  const server = createServer((socket) => {
    track(socket)
    if (onConnection) {
      onConnection(socket)
      socket.resume()
    } else void serve(socket, options, { asked, track }).catch(() => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const proxy: SocksProxy = {
    port: (server.address() as AddressInfo).port,
    asked,
    open: () => sockets.size,
    stop: stopOf(server, sockets),
  }
  atEnd(proxy.stop)
  return proxy
}

interface Book {
  readonly asked: { what: string; credentials: string | undefined }[]
  readonly track: (socket: Socket) => void
}

async function serve(client: Socket, options: SocksOptions, { asked, track }: Book): Promise<void> {
  const { hosts = {}, credentials: wanted, code, onRequest, chunk = Infinity } = options
  const say = (...bytes: number[]): void => {
    for (let at = 0; at < bytes.length; at += chunk) client.write(Buffer.from(bytes.slice(at, at + chunk)))
  }
  const [, count = 0] = await take(client, 2)
  const offered = [...(await take(client, count))]
  const method = wanted === undefined ? 0 : 2
  if (!offered.includes(method)) {
    say(5, 0xff)
    client.end()
    return
  }
  say(5, method)
  let credentials: string | undefined
  if (method === 2) {
    await take(client, 1)
    const user = await text(client)
    credentials = `${user}:${await text(client)}`
    say(1, credentials === wanted ? 0 : 1)
    if (credentials !== wanted) {
      client.end()
      return
    }
  }
  const [, , , kind] = await take(client, 4)
  const host =
    kind === 3
      ? await text(client)
      : kind === 1
        ? (await take(client, 4)).join('.')
        : (await take(client, 16)).toString('hex').replace(/(.{4})(?=.)/g, '$1:')
  const port = (await take(client, 2)).readUInt16BE()
  asked.push({ what: `${host}:${port}`, credentials })
  if (onRequest) onRequest(client)
  else if (code !== undefined) say(5, code, 0, 1, 0, 0, 0, 0, 0, 0)
  else {
    const upstream = connect({ host: hosts[host] ?? host, port })
    track(upstream)
    upstream.once('error', () => {
      say(5, 5, 0, 1, 0, 0, 0, 0, 0, 0)
    })
    upstream.once('connect', () => {
      // The kind of address that it connects from is its own affair.
      say(5, 0, 0, 3, 4, ...Buffer.from('here'), 0, 80)
      client.pipe(upstream).pipe(client)
      // Nobody reads its end otherwise.
      upstream.once('close', () => client.resume())
    })
    client.once('close', () => upstream.destroy())
  }
}

async function text(socket: Socket): Promise<string> {
  const [length = 0] = await take(socket, 1)
  return (await take(socket, length)).toString()
}

async function take(socket: Socket, length: number): Promise<Buffer> {
  for (;;) {
    const bytes: unknown = length === 0 ? Buffer.alloc(0) : socket.read(length)
    if (Buffer.isBuffer(bytes)) return bytes
    await once(socket, 'readable')
  }
}
