import type { Socket } from 'node:net'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import type { Behaviour } from './fault-server.ts'

/** Answers with a complete response. */
export function respond(
  socket: Socket,
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body: string | Buffer = '',
): void {
  const lines = Object.entries({ 'Content-Length': String(Buffer.byteLength(body)), ...headers })
  socket.write(
    `HTTP/1.1 ${status} Whatever\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
  )
  socket.end(body)
}

/** A redirect to somewhere. */
export function redirectTo(
  location: string,
  status = 302,
  headers: Readonly<Record<string, string>> = {},
): Behaviour {
  return (socket) => {
    respond(socket, status, { Location: location, ...headers })
  }
}

/** A 200 with this body. */
export function answer(body: string | Buffer, headers: Readonly<Record<string, string>> = {}): Behaviour {
  return (socket) => {
    respond(socket, 200, headers, body)
  }
}

/** Writes for as long as the other side reads. */
function endless(socket: Socket, chunk: string | Buffer): void {
  const write = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  }
  socket.on('drain', write)
  write()
}

/** Writes a little, again and again. */
function dripping(socket: Socket, text: string): void {
  const timer = setInterval(() => {
    socket.write(text)
  }, 20)
  socket.once('close', () => {
    clearInterval(timer)
  })
}

const head = 'HTTP/1.1 200 OK\r\n'
const mebibyte = Buffer.alloc(1024 * 1024)

/** 1 MiB of zeros in 1 KiB; repeated, it is one long archive. */
const gzippedMebibyte = gzipSync(mebibyte)

export const hello = 'hello from the fault server'

/** What the fault server does, by path. */
export const faults: Readonly<Record<string, Behaviour>> = {
  '/': answer(hello),
  '/echo': (socket, request) => {
    respond(socket, 200, { 'Content-Type': 'application/json' }, JSON.stringify(request))
  },
  '/no-content': (socket) => socket.end('HTTP/1.1 204 No Content\r\n\r\n'),
  '/unavailable': (socket) => {
    respond(socket, 503, {}, 'maintenance')
  },
  '/silent': () => undefined,
  '/close': (socket) => socket.end(),
  '/reset': (socket) => socket.resetAndDestroy(),
  '/not-http': (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'),
  '/slow-headers': (socket) => {
    socket.write(head)
    dripping(socket, 'X-Slow: 1\r\n')
  },
  '/endless-headers': (socket) => {
    socket.write(head)
    endless(socket, `X-Endless: ${'a'.repeat(4000)}\r\n`)
  },
  '/endless-header': (socket) => {
    socket.write(`${head}X-Endless: `)
    endless(socket, 'a'.repeat(4000))
  },
  '/endless-informational': (socket) => {
    endless(socket, 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n'.repeat(100))
  },
  '/endless-continue': (socket) => {
    endless(socket, 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(100))
  },
  '/early-hints': (socket) => {
    socket.write('HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n')
    respond(socket, 200, {}, hello)
  },
  '/continue': (socket) => {
    socket.write('HTTP/1.1 100 Continue\r\n\r\n')
    respond(socket, 200, {}, hello)
  },
  '/switching-protocols': (socket) =>
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: chat\r\n\r\n'),
  '/http-1.0': (socket) => socket.end(`HTTP/1.0 200 OK\r\n\r\n${hello}`),
  '/slow-body': (socket) => {
    socket.write(`${head}\r\n`)
    dripping(socket, 'drip')
  },
  '/cut-body': (socket) => socket.end(`${head}Content-Length: 100\r\n\r\nonly this`),
  '/cut-chunk': (socket) => socket.end(`${head}Transfer-Encoding: chunked\r\n\r\nff\r\nonly this`),
  '/reset-body': (socket) => {
    socket.write(`${head}\r\nonly this`, () => {
      setTimeout(() => socket.resetAndDestroy(), 20)
    })
  },
  '/reset-large-body': (socket) => {
    socket.write(`${head}Connection: close\r\nContent-Length: 1000000\r\n\r\n`)
    socket.write(Buffer.alloc(900_000), () => socket.resetAndDestroy())
  },
  '/endless-body': (socket) => {
    socket.write(`${head}\r\n`)
    endless(socket, mebibyte)
  },
  '/bad-chunking': (socket) =>
    socket.end(`${head}Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n`),
  '/long-body': (socket) => socket.end(`${head}Content-Length: 5\r\n\r\nhello, and more than it said`),
  '/two-lengths': (socket) => socket.end(`${head}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`),
  '/no-length': (socket) => socket.end(`${head}Content-Length: many\r\n\r\nhello`),
  '/length-and-chunks': (socket) =>
    socket.end(`${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`),
  '/gzip': answer(gzipSync(hello), { 'Content-Encoding': 'gzip' }),
  '/br': answer(brotliCompressSync(hello), { 'Content-Encoding': 'br' }),
  '/deflate': answer(deflateSync(hello), { 'Content-Encoding': 'deflate' }),
  '/deflate-raw': answer(deflateRawSync(hello), { 'Content-Encoding': 'deflate' }),
  '/gzip-br': answer(brotliCompressSync(gzipSync(hello)), { 'Content-Encoding': 'gzip, br' }),
  '/gzip-empty': answer('', { 'Content-Encoding': 'gzip' }),
  '/gzip-damaged': answer(gzipSync(hello).subarray(0, 20), { 'Content-Encoding': 'gzip' }),
  '/br-damaged': answer('this is not brotli', { 'Content-Encoding': 'br' }),
  '/zstd': answer('whatever this is', { 'Content-Encoding': 'zstd' }),
  '/gzip-bomb': (socket) => {
    socket.write(`${head}Content-Encoding: gzip\r\n\r\n`)
    endless(socket, gzippedMebibyte)
  },
  '/redirect-loop': redirectTo('/redirect-loop'),
  '/redirect-nowhere': (socket) => {
    respond(socket, 302)
  },
  '/redirect-to-file': redirectTo('file:///etc/passwd'),
  '/redirect-to-nonsense': redirectTo('http://[nonsense'),
}
