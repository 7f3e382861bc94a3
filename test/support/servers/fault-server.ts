import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { faults } from './faults.ts'
import { stopOf } from './stop-of.ts'

/** A request as it came in. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What becomes of a connection once its request is there. */
export type Behaviour = (socket: Socket, request: SeenRequest) => void

export interface FaultServerOptions {
  /** PEM. Without it the server speaks no TLS. */
  readonly tls?: Pick<TlsOptions, 'minVersion' | 'maxVersion' | 'ciphers'> & {
    readonly cert: string
    readonly key: string
  }
  /** Default 127.0.0.1. */
  readonly host?: string
  /** Behaviours by path, in addition to those of the table. */
  readonly routes?: Readonly<Record<string, Behaviour>>
  /** What to do with a connection at once, instead of waiting for a request. */
  readonly onConnection?: (socket: Socket) => void
}

export interface FaultServer {
  /** Without a trailing slash. */
  readonly url: string
  readonly port: number
  readonly requests: readonly SeenRequest[]
  /** Connections that are open now. */
  readonly connections: () => number
  readonly stop: () => Promise<void>
}

/** A server that misbehaves as its path asks: see `faults`. It works on raw sockets, because a library would behave. */
export async function startFaultServer(options: FaultServerOptions = {}): Promise<FaultServer> {
  const { tls, host = '127.0.0.1', routes = {}, onConnection } = options
  const requests: SeenRequest[] = []
  const sockets = new Set<Socket>()
  const track = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
  }
  const serve = (socket: Socket): void => {
    track(socket)
    if (onConnection) {
      onConnection(socket)
      return
    }
    onRequest(socket, (request) => {
      requests.push(request)
      const path = request.path.replace(/\?.*/, '')
      const behaviour = routes[path] ?? faults[path] ?? notFound
      behaviour(socket, request)
    })
  }
  const server = tls ? createTlsServer({ ...tls }, serve) : createServer({ noDelay: true }, serve)
  if (tls) server.on('connection', track)
  server.listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const shownHost = host.includes(':') ? `[${host}]` : host
  return {
    url: `${tls ? 'https' : 'http'}://${shownHost}:${port}`,
    port,
    requests,
    connections: () => sockets.size,
    stop: stopOf(server, sockets),
  }
}

const notFound: Behaviour = (socket) => {
  socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n')
}

function onRequest(socket: Socket, handle: (request: SeenRequest) => void): void {
  let received = ''
  const onData = (chunk: Buffer): void => {
    received += chunk.toString('latin1')
    const request = parseRequest(received)
    if (!request) return
    socket.off('data', onData)
    socket.resume()
    handle(request)
  }
  socket.on('data', onData)
}

function parseRequest(text: string): SeenRequest | undefined {
  const [head = '', ...rest] = text.split('\r\n\r\n')
  if (rest.length === 0) return undefined
  const [requestLine = '', ...lines] = head.split('\r\n')
  const headers = Object.fromEntries(
    lines.map((line) => {
      const [name = '', ...value] = line.split(':')
      return [name.toLowerCase(), value.join(':').trim()]
    }),
  )
  const body = rest.join('\r\n\r\n')
  if (body.length < Number(headers['content-length'] ?? 0)) return undefined
  const [method = '', path = ''] = requestLine.split(' ')
  return { method, path, headers, body }
}
