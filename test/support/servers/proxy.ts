import { once } from 'node:events'
import { createServer, request as httpRequest, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { atEnd } from '../at-end.ts'
import { stopOf } from './stop-of.ts'

export interface Proxy {
  readonly port: number
  /** What it was asked for: `CONNECT host:port` or `GET http://...`, with what it was shown. */
  readonly asked: readonly { readonly what: string; readonly authorization: string | undefined }[]
  /** Connections to it and from it that are open. */
  readonly open: () => number
  readonly stop: () => Promise<void>
}

export interface ProxyOptions {
  /** Its own certificate: it then speaks TLS. */
  readonly tls?: { readonly cert: string; readonly key: string }
  /** Where a name leads; by default where the system says. */
  readonly hosts?: Readonly<Record<string, string>>
  /** The `Proxy-Authorization` that it wants. */
  readonly authorization?: string
  /** What it does with a CONNECT instead of connecting. */
  readonly onConnect?: (socket: Socket) => void
  /** What it says once there is a tunnel, one character a byte. Default: an ordinary answer. */
  readonly established?: string
}

/** A proxy that passes requests on and opens tunnels. */
export async function startProxy(options: ProxyOptions = {}): Promise<Proxy> {
  const { hosts = {}, authorization, onConnect } = options
  const { established = 'HTTP/1.1 200 Connection established\r\nX-Filler: a\r\n\r\n' } = options
  const asked: { what: string; authorization: string | undefined }[] = []
  const sockets = new Set<Socket>()
  const track = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
  }
  const isWelcome = ({ method = '', url = '', headers }: IncomingMessage): boolean => {
    const shown = headers['proxy-authorization']
    asked.push({ what: `${method} ${url}`, authorization: shown })
    return authorization === undefined || shown === authorization
  }
  const handle: RequestListener = (request, response) => {
    if (!isWelcome(request)) {
      response.writeHead(407).end()
      return
    }
    const url = new URL(request.url ?? '')
    const headers = { ...request.headers }
    delete headers['proxy-authorization']
    const onward = httpRequest(
      { host: hosts[url.hostname] ?? url.hostname, port: url.port, path: url.pathname + url.search, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers)
        answer.pipe(response)
      },
    )
    onward.on('error', () => response.writeHead(502).end())
    request.pipe(onward)
  }
  const server = options.tls ? createSecureServer(options.tls, handle) : createServer(handle)
  server.on('connection', track)
  server.on('tlsClientError', () => undefined)
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    if (!isWelcome(request)) client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
    else if (onConnect) onConnect(client)
    else {
      const { hostname, port } = new URL(`http://${request.url ?? ''}`)
      const upstream = connect({
        host: hosts[hostname] ?? hostname.replace(/^\[|\]$/g, ''),
        port: Number(port) || 80,
      })
      track(upstream)
      upstream.once('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'))
      upstream.once('connect', () => {
        client.write(Buffer.from(established, 'latin1'))
        client.pipe(upstream).pipe(client)
        // Nobody reads its end otherwise.
        upstream.once('close', () => client.resume())
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const proxy: Proxy = {
    port: (server.address() as AddressInfo).port,
    asked,
    open: () => sockets.size,
    stop: stopOf(server, sockets),
  }
  atEnd(proxy.stop)
  return proxy
}
