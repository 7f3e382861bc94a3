import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { TLSSocket, type TlsOptions } from 'node:tls'
import { stopOf } from './stop-of.ts'

export interface TalkServer {
  /** `127.0.0.1:PORT`; the path where it listens on one. */
  readonly address: string
  readonly port: number
  /** Connections that are open now. */
  readonly connections: () => number
  readonly stop: () => Promise<void>
}

export interface TalkServerOptions {
  /** A Unix domain socket. Default: a free port of 127.0.0.1. */
  readonly path?: string
}

/** A server on raw sockets that does with a connection what it is told to. */
export async function startTalkServer(
  onConnection: (socket: Socket) => void,
  { path }: TalkServerOptions = {},
): Promise<TalkServer> {
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
    onConnection(socket)
  })
  if (path === undefined) server.listen(0, '127.0.0.1')
  else server.listen(path)
  await once(server, 'listening')
  const port = path === undefined ? (server.address() as AddressInfo).port : 0
  return {
    address: path ?? `127.0.0.1:${port}`,
    port,
    connections: () => sockets.size,
    stop: stopOf(server, sockets),
  }
}

/** Calls back with each line that arrives, without its end. Returns what stops it. */
export function onLines(socket: Socket, handle: (line: string) => void): () => void {
  let text = ''
  const onData = (chunk: Buffer): void => {
    text += chunk.toString('latin1')
    for (;;) {
      const end = text.indexOf('\n')
      if (end === -1) return
      const line = text.slice(0, end).replace(/\r$/, '')
      text = text.slice(end + 1)
      handle(line)
    }
  }
  socket.on('data', onData)
  return () => socket.off('data', onData)
}

/** A server that greets, and has an answer for each line that it knows. */
export function script(
  greeting: string,
  answers: Readonly<Record<string, string | ((socket: Socket) => void)>> = {},
): (socket: Socket) => void {
  return (socket) => {
    if (greeting !== '') socket.write(greeting)
    onLines(socket, (line) => {
      const answer = answers[line]
      if (typeof answer === 'string') socket.write(answer)
      else answer?.(socket)
    })
  }
}

/** Answers with a last line in the clear, and speaks TLS from then on. */
export function upgrade(
  answer: string,
  options: TlsOptions,
  onSecure: (socket: Socket) => void = () => undefined,
): (socket: Socket) => void {
  return (socket) => {
    socket.removeAllListeners('data')
    socket.write(answer)
    const secured = new TLSSocket(socket, { ...options, isServer: true })
    secured.on('error', () => undefined)
    onSecure(secured)
  }
}
