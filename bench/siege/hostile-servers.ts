/**
 * The hostile targets of hostile.ts, in a separate process. It says on its channel which targets there are, as YAML, and goes on
 * until the channel ends.
 */
import { createSocket } from 'node:dgram'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer as createTlsServer } from 'node:tls'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

/** Of those that speak TLS, as PEM. */
export interface Certificate {
  readonly key: string
  readonly cert: string
}

/** What is done on a connection. */
type Act = (socket: Socket) => void

const { key, cert } = JSON.parse(process.argv[2] ?? '{}') as Certificate
const targets: string[] = []
const many = (bytes: string | Buffer, times: number): Buffer =>
  Buffer.concat(Array<Buffer>(times).fill(Buffer.from(bytes)))
const k64 = Buffer.alloc(65_536, 'A')
const ok = 'HTTP/1.1 200 OK\r\n'
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`

/** Sends a head, and then as much as is taken. */
function flood(chunk: string | Buffer, head: string | Buffer = ''): Act {
  return (socket) => {
    if (head !== '') socket.write(head)
    const go = (): void => {
      for (let n = 0; n < 4 && !socket.destroyed && !socket.writableNeedDrain; n++) socket.write(chunk)
      if (!socket.destroyed) setTimeout(go, 1)
    }
    go()
  }
}

function drip(head: string, byte: string): Act {
  return (socket) => {
    socket.write(head)
    const timer = setInterval(() => socket.write(byte), 100)
    socket.once('close', () => {
      clearInterval(timer)
    })
  }
}

/** Once the first bytes of the request have come. */
const asked =
  (act: Act): Act =>
  (socket) =>
    void socket.once('data', () => {
      act(socket)
    })
const says = (bytes: string | Buffer): Act => asked((socket) => void socket.end(bytes))
const keepsOpen = (bytes: string | Buffer): Act => asked((socket) => void socket.write(bytes))
const body = (text: string | Buffer, headers = ''): Buffer =>
  Buffer.concat([
    Buffer.from(`${ok}${headers}Content-Length: ${Buffer.byteLength(text)}\r\n\r\n`),
    Buffer.from(text),
  ])

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1', 256)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

function guarded(act: Act): (socket: Socket) => void {
  return (socket) => {
    socket.on('error', () => undefined).resume()
    act(socket)
  }
}

async function target(name: string, scheme: string, server: Server, more = ''): Promise<void> {
  const kind = scheme.startsWith('http') ? 'url' : scheme === 'ws' ? 'websocket' : scheme
  const address = `127.0.0.1:${await portOf(server)}`
  const url = kind === 'url' || kind === 'websocket' ? `${scheme}://${address}/` : address
  targets.push(`  - { name: ${name}, ${kind}: "${url}"${more} }\n`)
}
const http = (name: string, act: Act, more = ''): Promise<void> =>
  target(name, 'http', createServer(guarded(act)), more)
const unverified = ', tls: { verify: false }'
const overTls = (name: string, act: Act): Promise<void> =>
  target(name, 'https', createServer(guarded(act)), unverified)

await http('body-endless', asked(flood(k64, `${ok}\r\n`)))
await http('body-chunked-endless', asked(flood(`10000\r\n${'B'.repeat(65_536)}\r\n`, chunked)))
await http('body-tiny-chunks', asked(flood('1\r\nx\r\n'.repeat(13_000), chunked)))
await http('chunk-extension-endless', asked(flood(`;a=${'x'.repeat(60_000)}`, `${chunked}1`)))
await http('trailers-endless', asked(flood('X-T: y\r\n'.repeat(8000), `${chunked}0\r\n`)))
await http('headers-endless', asked(flood(`X-A: ${'b'.repeat(1000)}\r\n`, ok)))
await http('header-line-endless', asked(flood(k64, `${ok}X: `)))
await http('status-line-endless', asked(flood(k64, 'HTTP/1.1 200 ')))
await http('answers-unasked', flood(k64))
await http('drips-body', asked(drip(`${ok}Content-Length: 100000\r\n\r\n`, 'z')))
await http('drips-headers', asked(drip(`${ok}X-A: `, 'q')))
await http('continues-endlessly', asked(flood('HTTP/1.1 100 Continue\r\n\r\n'.repeat(2000))))
await http('hints-endlessly', asked(flood('HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'.repeat(1000))))
await http(
  'switches-protocols',
  asked(flood(k64, 'HTTP/1.1 101 S\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n')),
)
const zeros = Buffer.alloc(200e6)
const bomb = gzipSync(zeros)
const brotli = brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })
await http('gzip-bomb', says(body(bomb, 'Content-Encoding: gzip\r\n')))
await http('gzip-nested', says(body(gzipSync(gzipSync(bomb)), 'Content-Encoding: gzip, gzip, gzip\r\n')))
await http('brotli-bomb', says(body(brotli, 'Content-Encoding: br\r\n')))
await http('gzip-garbage', says(body(randomBytes(5000), 'Content-Encoding: gzip\r\n')))
await http(
  'gzip-bomb-kept',
  says(body(bomb, 'Content-Encoding: gzip\r\n')),
  ', expect: { max_body: 1GiB, body: { not_contains: "zzz" } }',
)
await http('json-deep', says(body('['.repeat(3e6))), ', expect: { json: { "$..a": 1 } }')
const wide = body(`[${'{"a":[1,2,3]},'.repeat(600_000)}1]`)
await http('json-wide', says(wide), ', expect: { json: { "$..a[?@>2]": 1 } }')
const nested = body(`${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}`)
await http('json-nested', says(nested), ', expect: { json: { "$..a..a..a": 1 } }')
const regex = body(`${'a'.repeat(9e6)}!`)
await http('regex-body', says(regex), ', expect: { body: { matches: "(a+)+$" } }')
await http('redirects-flooding', asked(flood(k64, 'HTTP/1.1 302 F\r\nLocation: /x\r\n\r\n')))
await http('redirects-endlessly', says('HTTP/1.1 302 F\r\nLocation: /\r\nContent-Length: 0\r\n\r\n'))
await http('cookies', says(`${ok}${'Set-Cookie: a=b\r\n'.repeat(900)}Content-Length: 0\r\n\r\n`))
await http('resets', (socket) => void socket.resetAndDestroy())
await http('closes-at-once', (socket) => void socket.end())
await http('silent', () => undefined)
await http('nul-bytes', says(Buffer.alloc(20_000)))

await overTls('tls-garbage', (socket) => void socket.write(randomBytes(5000)))
await overTls('tls-silent', () => undefined)
await overTls('tls-drips', drip('\u0016', '\u0003'))
const record = Buffer.concat([Buffer.from([22, 3, 3, 0x3f, 0xff]), Buffer.alloc(0x3fff, 2)])
await overTls('tls-records', flood(record))

const frame = (type: number, flags: number, stream: number, payload = Buffer.alloc(0)): Buffer => {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}
const settings = frame(4, 0, 0)
const answer = Buffer.concat([settings, frame(4, 1, 0), frame(1, 4, 1, Buffer.from([0x88]))])
const h2 = (name: string, act: Act): Promise<void> =>
  target(
    name,
    'https',
    createTlsServer({ key, cert, ALPNProtocols: ['h2'] }, guarded(act)),
    `${unverified}, http2: true`,
  )
await h2('h2-settings', flood(many(frame(4, 0, 0, Buffer.from([0, 3, 0, 0, 0, 100])), 2000), settings))
await h2('h2-pings', flood(many(frame(6, 0, 0, Buffer.alloc(8)), 2000), settings))
await h2('h2-garbage', (socket) => void socket.write(randomBytes(20_000)))
await h2('h2-data', asked(flood(frame(0, 0, 1, Buffer.alloc(16_000)), answer)))
await h2('h2-empty-frames', asked(flood(many(frame(0, 0, 1), 3000), answer)))
await h2('h2-resets', flood(many(frame(3, 0, 1, Buffer.alloc(4)), 2000), settings))

/** Accepts the upgrade, and then does something. */
function websocket(act: Act): Act {
  return (socket) =>
    void socket.once('data', (request: Buffer) => {
      const sent = /sec-websocket-key: (\S+)/i.exec(request.toString())?.[1] ?? ''
      const accept = createHash('sha1').update(`${sent}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
      socket.write(
        `HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      )
      act(socket)
    })
}
const ws = (name: string, act: Act): Promise<void> =>
  target(name, 'ws', createServer(guarded(websocket(act))), ', dialogue: [ { expect: never } ]')
await ws('ws-messages', flood(many(Buffer.from([0x81, 1, 65]), 2000)))
await ws('ws-pings', flood(many(Buffer.from([0x89, 0]), 2000)))
await ws('ws-fragments', flood(many(Buffer.from([0, 0]), 5000), Buffer.from([1, 0])))
await ws('ws-huge-frame', flood(k64, Buffer.from([0x82, 127, 0, 0, 0, 64, 0, 0, 0, 0])))
await ws('ws-garbage', (socket) => void socket.write(randomBytes(3000)))

const tcp = (name: string, act: Act, more: string): Promise<void> =>
  target(name, 'tcp', createServer(guarded(act)), more)
await tcp('tcp-no-line', flood(k64), ', dialogue: [ { expect: "(a+)+b" } ]')
await tcp('tcp-lines', flood('x\n'.repeat(30_000)), ', dialogue: [ { expect: never } ]')
await tcp('smtp-endless', flood('220-hello\r\n'.repeat(3000)), ', starttls: smtp')
await target('grpc-garbage', 'grpc', createServer(guarded(keepsOpen(randomBytes(9000)))))

async function dns(name: string, answers: (query: Buffer) => readonly Buffer[]): Promise<void> {
  const socket = createSocket('udp4')
  socket.on('message', (query, { port, address }) => {
    for (const each of answers(query)) socket.send(each, port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  targets.push(`  - { name: ${name}, dns: example.com, server: "127.0.0.1:${socket.address().port}" }\n`)
}
const numbered = (query: Buffer, rest: Buffer): Buffer => Buffer.concat([query.subarray(0, 2), rest])
await dns('dns-garbage', (query) => Array.from({ length: 200 }, () => numbered(query, randomBytes(300))))
await dns('dns-other-ids', (query) =>
  Array.from({ length: 2000 }, () => Buffer.concat([randomBytes(2), query.subarray(2)])),
)

process.once('disconnect', () => process.exit())
// A server that is cut off in the middle of its mischief does not matter here.
process.on('uncaughtException', (error) => {
  if (!/EPIPE|ECONN|write after|destroyed/i.test(error.message)) throw error
})
process.send?.(targets)
