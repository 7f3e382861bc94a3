import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'

/** A record of an answer. */
export interface TestRecord {
  /** Without the dot at its end. Default: the name of the question. */
  readonly name?: string
  readonly type: number
  readonly ttl?: number
  readonly data: Buffer
}

export interface TestAnswer {
  readonly rcode?: number
  readonly truncated?: boolean
  readonly answer?: readonly TestRecord[]
  readonly authority?: readonly TestRecord[]
  readonly additional?: readonly TestRecord[]
}

/** A name as it is sent, without compression. */
export function wireName(name: string): Buffer {
  const labels = name === '' ? [] : name.split('.')
  return Buffer.concat([
    ...labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')])),
    Buffer.from([0]),
  ])
}

export function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** Data of records. */
export const data = {
  a: (address: string): Buffer => Buffer.from(address.split('.').map(Number)),
  mx: (preference: number, name: string): Buffer => Buffer.concat([uint16(preference), wireName(name)]),
  soa: (serial: number): Buffer =>
    Buffer.concat([
      wireName('ns.example'),
      wireName('host master.example'),
      ...[serial, 1, 2, 3, 4].map(uint32),
    ]),
  txt: (...parts: readonly string[]): Buffer =>
    Buffer.concat(parts.flatMap((part) => [Buffer.from([part.length]), Buffer.from(part, 'latin1')])),
}

/** Where the first question of a message ends. */
function endOfQuestion(query: Buffer): number {
  let position = 12
  while (query[position] !== 0) position += query[position]! + 1
  return position + 5
}

/** What was asked, in lower case, and the number of the type. */
export function askedFor(query: Buffer): { readonly name: string; readonly type: number } {
  const end = endOfQuestion(query)
  const labels: string[] = []
  for (let position = 12; query[position] !== 0; position += query[position]! + 1) {
    labels.push(query.toString('latin1', position + 1, position + 1 + query[position]!))
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(end - 4) }
}

/** Makes the answer to a query. Names of records that are the question's point to it. */
export function answerTo(query: Buffer, answer: TestAnswer): Buffer {
  const { rcode = 0, truncated = false } = answer
  const sections = [answer.answer ?? [], answer.authority ?? [], answer.additional ?? []]
  const flags = 0x8180 | (truncated ? 0x0200 : 0) | rcode
  return Buffer.concat([
    query.subarray(0, 2),
    uint16(flags),
    uint16(1),
    ...sections.map((records) => uint16(records.length)),
    query.subarray(12, endOfQuestion(query)),
    ...sections.flat().map(record),
  ])
}

function record({ name, type, ttl = 300, data: bytes }: TestRecord): Buffer {
  const owner = name === undefined ? Buffer.from([0xc0, 12]) : wireName(name)
  return Buffer.concat([owner, uint16(type), uint16(1), uint32(ttl), uint16(bytes.length), bytes])
}

export interface DnsServer {
  /** `127.0.0.1:PORT`, of UDP and TCP alike. */
  readonly address: string
  /** Queries as they came in. */
  readonly queries: readonly { readonly over: 'udp' | 'tcp' | 'tls'; readonly bytes: Buffer }[]
  readonly connections: () => number
  readonly stop: () => Promise<void>
}

export interface DnsServerOptions {
  /** The datagrams that a query over UDP is answered with. */
  readonly udp?: (query: Buffer) => readonly Buffer[]
  /** The bytes that a query over TCP or TLS is answered with, its length in front; or what is done instead. */
  readonly tcp?: (query: Buffer, socket: Socket) => Buffer | undefined
  /** PEM: TLS in place of TCP. */
  readonly tls?: { readonly cert: string; readonly key: string }
}

/** Puts the length in front. */
export function framed(message: Buffer): Buffer {
  return Buffer.concat([uint16(message.length), message])
}

/** A name server that answers as it is told to. */
export async function startDnsServer({ udp, tcp, tls }: DnsServerOptions): Promise<DnsServer> {
  const queries: { over: 'udp' | 'tcp' | 'tls'; bytes: Buffer }[] = []
  const sockets = new Set<Socket>()
  const serve = (socket: Socket): void => {
    let received = Buffer.alloc(0)
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      if (received.length < 2 || received.length < received.readUInt16BE() + 2) return
      const query = received.subarray(2)
      received = Buffer.alloc(0)
      queries.push({ over: tls ? 'tls' : 'tcp', bytes: query })
      const answer = tcp?.(query, socket)
      if (answer) socket.write(answer)
    })
  }
  const track = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
  }
  const server = tls ? createTlsServer(tls, serve) : createServer({ noDelay: true }, serve)
  server.on('connection', track)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const datagrams = createSocket('udp4')
  datagrams.on('message', (query, { port: from }) => {
    queries.push({ over: 'udp', bytes: query })
    for (const answer of udp?.(query) ?? []) datagrams.send(answer, from, '127.0.0.1')
  })
  datagrams.bind(port, '127.0.0.1')
  await once(datagrams, 'listening')
  let running = true
  return {
    address: `127.0.0.1:${port}`,
    queries,
    connections: () => sockets.size,
    async stop() {
      if (!running) return
      running = false
      const closed = [once(server, 'close'), once(datagrams, 'close')]
      server.close()
      datagrams.close()
      for (const socket of sockets) socket.destroy()
      await Promise.all(closed)
    },
  }
}
