/**
 * The attackers of siege.ts, in a separate process: `attackers.ts PLACES`, which is JSON. It says on its channel what it has
 * reached whenever it is asked, and goes on until the channel ends.
 */
import { createSocket } from 'node:dgram'
import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'

/** Ports of 127.0.0.1. */
export interface Places {
  /** Of solo, or of the exporter and others: the first has targets. */
  readonly webs: readonly number[]
  readonly grpc: number
  readonly udp: number
}

/** What the attackers have reached so far. */
export interface Reached {
  /** Connections of all kinds that were open at the same time. */
  readonly open: number
  readonly connected: number
  readonly requests: number
  readonly answered: number
  readonly datagrams: number
}

const idleConnections = 10_000
const idleClients = 40
/** Connections that are opened in 10 ms. */
const pace = 20
const slow = 20
const endless = 4

const { webs, grpc, udp } = JSON.parse(process.argv[2] ?? '{}') as Places
const prober = webs[0] ?? 0
const reached = { open: 0, connected: 0, requests: 0, answered: 0, datagrams: 0 }
let open = 0

/** A connection that is opened again when it was closed; on each, something is done. */
const waiting: (() => void)[] = []
function keepOpen(port: number, from: string, use: (socket: Socket) => void): void {
  waiting.push(() => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from })
    let counted = false
    socket.on('error', () => undefined)
    socket.once('connect', () => {
      counted = true
      reached.connected++
      open++
      use(socket)
    })
    socket.resume().once('close', () => {
      if (counted) open--
      setTimeout(keepOpen, 1000, port, from, use)
    })
  })
}
setInterval(() => {
  for (const begin of waiting.splice(0, pace)) begin()
  // Those that are turned away are closed within a moment, and are not counted.
  setTimeout((before: number) => (reached.open = Math.max(reached.open, Math.min(before, open))), 500, open)
}, 10)

const client = (group: number, index: number): string => `127.0.${group}.${1 + (index % idleClients)}`

/** Sends a text byte by byte, and its last byte again and again. */
function drip(text: string): (socket: Socket) => void {
  return (socket) => {
    let at = 0
    const timer = setInterval(() => socket.write(text[Math.min(at++, text.length - 1)] ?? ''), 100)
    socket.once('close', () => {
      clearInterval(timer)
    })
  }
}

/** Sends a head, and then a body without an end. */
function flood(head: string, chunk: string): (socket: Socket) => void {
  return (socket) => {
    socket.write(head)
    const timer = setInterval(() => {
      if (!socket.writableNeedDrain) socket.write(chunk)
    }, 10)
    socket.once('close', () => {
      clearInterval(timer)
    })
  }
}

const post = (path: string, type: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`
const paths = [
  ['/api/v1/calls', 'text/plain'],
  ['/v1/traces', 'application/json'],
  ['/api/v1/heartbeat/job', 'text/plain'],
  ['/api/v1/alerts', 'application/json'],
] as const
const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'

for (let i = 0; i < idleConnections; i++) keepOpen(webs[i % webs.length] ?? 0, client(1, i), () => undefined)
for (let i = 0; i < idleConnections / 20; i++) keepOpen(grpc, client(1, i), () => undefined)
for (let i = 0; i < slow; i++) {
  for (const port of webs) {
    keepOpen(port, client(2, i), drip('GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: x'))
    for (const [path, type] of paths) keepOpen(port, client(2, i), drip(`${post(path, type)}ffff\r\nx`))
  }
  keepOpen(grpc, client(2, i), drip(`${preface}\0`))
}
for (let i = 0; i < endless; i++) {
  for (const port of webs)
    for (const [path, type] of paths)
      keepOpen(port, client(3, i), flood(post(path, type), `4000\r\n${'x'.repeat(0x4000)}\r\n`))
  keepOpen(grpc, client(3, i), flood(preface, '\0'.repeat(0x4000)))
}

const agent = new Agent({ keepAlive: true, maxSockets: 64, localAddress: '127.0.4.1' })
function send(port: number, path: string, body?: string): void {
  reached.requests++
  const method = body === undefined ? 'GET' : 'POST'
  const options = { host: '127.0.0.1', port, path, method, agent, timeout: 10_000 }
  const asked = request(options, (response) => {
    reached.answered++
    response.resume()
  })
  asked.on('error', () => undefined)
  asked.on('timeout', () => asked.destroy())
  asked.end(body)
}

const call = (n: number): string =>
  `2\tPOST\thttps://api-${n % 50}.example.com/v1/${n}\t${20 + (n % 200)}\t200\n`
const calls = Array.from({ length: 50 }, (_, n) => call(n)).join('')
const socket = createSocket('udp4')
let turn = 0
/** In a second: 50 requests of each kind, one of each page, and 2,500 datagrams. */
setInterval(() => {
  turn++
  send(prober, `/probe?target=healthy-${turn % 20}`)
  send(prober, `/probe?target=nobody-${turn}`)
  send(prober, '/api/v1/calls', calls)
  if (turn % 50 === 0) for (const path of ['/', '/metrics', '/api/v1/targets']) send(prober, path)
  for (let n = 0; n < 50; n++)
    socket.send(call(turn + n), udp, '127.0.0.1', (error) => (reached.datagrams += error ? 0 : 1))
}, 20)

process.on('message', () => process.send?.(reached satisfies Reached))
process.once('disconnect', () => process.exit())
process.send?.('begun')
