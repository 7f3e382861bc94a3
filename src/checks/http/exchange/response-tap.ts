import type { Socket } from 'node:net'

/** What a tap has seen of a response. */
export interface ResponseTap {
  /** Milliseconds of the clock when the first byte was read. */
  readonly firstByteAt: number | undefined
  /** As the status line has it, such as 1.1; 0 before it came. */
  readonly version: number
  /** Whether it is not HTTP but an alert of TLS. */
  readonly isTlsAlert: boolean
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

const statusLine = /^HTTP\/(\d\.\d)/
/** RFC 8446 section 5.1: content type 21, then the version of the record. */
const tlsAlert = /^\x15\x03/
const startLength = 'HTTP/1.1 100 '.length
const endOfHead = '\r\n\r\n'

/** A server that sends more of them is up to something. */
const maxContinues = 5

/**
 * Watches what undici reads from a socket, because it reports neither when the first byte came nor the version of HTTP. It
 * also keeps `100 Continue` from undici, which takes one that it did not ask for to be an error; RFC 9110 section 15.2.1 lets a
 * client ignore it.
 */
export function tapResponse(socket: Socket, monotonic: () => number): ResponseTap {
  const tap: Mutable<ResponseTap> = { firstByteAt: undefined, version: 0, isTlsAlert: false }
  const read = socket.read.bind(socket)
  let start = ''
  let continues = 0
  socket.read = (size?: number): unknown => {
    let chunk: unknown = read(size)
    if (!Buffer.isBuffer(chunk)) return chunk
    tap.firstByteAt ??= monotonic()
    while (start === '' && continues < maxContinues && Buffer.isBuffer(chunk) && isContinue(chunk)) {
      continues++
      chunk = afterHead(chunk)
    }
    if (!Buffer.isBuffer(chunk) || start.length === startLength) return chunk
    start += chunk.toString('latin1', 0, startLength - start.length)
    tap.isTlsAlert = tlsAlert.test(start)
    tap.version = Number(statusLine.exec(start)?.[1] ?? 0)
    return chunk
  }
  return tap
}

function isContinue(chunk: Buffer): boolean {
  return /^HTTP\/1\.\d 100[ \r]/.test(chunk.toString('latin1', 0, startLength)) && chunk.includes(endOfHead)
}

/** undici takes null for "nothing more for now". */
function afterHead(chunk: Buffer): Buffer | null {
  const rest = chunk.subarray(chunk.indexOf(endOfHead) + endOfHead.length)
  return rest.length > 0 ? rest : null
}
