import type {
  ClientHttp2Session,
  ClientHttp2Stream,
  IncomingHttpStatusHeader,
  OutgoingHttpHeaders,
} from 'node:http2'
import type { Socket } from 'node:net'
import { messageOf } from '../../../lib/errors.ts'
import { ProbeFailure } from '../../../net/failure.ts'
import type { Guard } from '../../../net/guard.ts'
import { openHttp2, type Http2Connection } from '../../../net/http2.ts'
import type { Exchange, ExchangeOptions } from './http1.ts'
import { ended, explainEnd, tooLarge, tooManyInformational } from './end.ts'
import { responseHeaders } from '../headers.ts'
import { maxInformational } from '../../../net/http1/head.ts'
import type { Header } from '../../../net/http1/headers.ts'
import type { HttpRequest } from './request.ts'

/** Headers that are taken in before their bytes are counted. */
const maxHeaders = 1000

/** Bytes of headers that are accepted. */
const maxHeaderBytes = 64 * 1024

/** Bytes of a body that are on their way at most, so that it is not the distance to the server that makes it slow. */
const windowBytes = 1024 * 1024

/** Requests with these have a body, even if it is empty (RFC 9110, section 8.6). */
const withBody = new Set(['POST', 'PUT', 'PATCH'])

/**
 * Sends a request over a connection on which the server has chosen HTTP/2, and waits for the headers of its answer. It ends with
 * the connection.
 *
 * @throws ProbeFailure `connect` when the connection ends before anything of an answer, `protocol` when the server breaks HTTP/2
 * or the request off, `tls` when it refuses after the handshake, `internal` when Node.js refuses the request.
 */
export async function exchangeHttp2(
  request: HttpRequest,
  socket: Socket,
  {
    monotonic,
    maxWireBytes,
    guard,
  }: Pick<ExchangeOptions, 'monotonic' | 'maxWireBytes'> & { readonly guard: Guard },
): Promise<Exchange> {
  const connection = openHttp2(socket, {
    origin: request.url.origin,
    guard,
    maxHeaders,
    windowBytes,
  })
  const stream = guard.emitter(start(connection.session, request))
  return new Promise((resolve, reject) => {
    let begun = false
    let informational = 0
    let failure: Error | undefined
    const fail = (cause?: Error): Error => {
      failure ??= explain(cause, stream, connection, begun)
      reject(failure)
      return failure
    }
    const isWhole = watchEnd(stream, guard.callback(fail))
    stream.on('error', fail)
    stream.once('close', () => fail())
    stream.on('headers', () => {
      begun = true
      if (++informational > maxInformational) fail(tooManyInformational())
    })
    stream.once('response', (...[head, , rawHeaders]: ResponseArguments) => {
      const firstByteAt = monotonic()
      begun = true
      if (rawHeaders.join('').length > maxHeaderBytes) {
        const problem = `the answer has more than ${maxHeaderBytes / 1024} KiB of headers`
        fail(new ProbeFailure('protocol', problem))
      }
      const { ':status': statusCode = 0 } = head
      const body = readStream(stream, maxWireBytes, isWhole, fail)
      resolve({ statusCode, headers: responseHeaders(pairsOf(rawHeaders)), body, firstByteAt, version: 2 })
    })
  })
}

/** What Node.js 20 gives its listeners; its types leave the last one out. */
type ResponseArguments = [head: IncomingHttpStatusHeader, flags: number, rawHeaders: readonly string[]]

/** @throws ProbeFailure `internal` */
function start(
  session: ClientHttp2Session,
  { url, target, method, headers, body }: HttpRequest,
): ClientHttp2Stream {
  const { host, ...others } = headers
  const bytes = body === undefined ? undefined : Buffer.from(body)
  const length = bytes?.length ?? (withBody.has(method) ? 0 : undefined)
  const sent: OutgoingHttpHeaders = {
    ...others,
    ':method': method,
    ':scheme': 'https',
    ':authority': host ?? url.host,
    ':path': target ?? url.pathname + url.search,
    ...(length !== undefined && { 'content-length': String(length) }),
  }
  try {
    const stream = session.request(sent, { endStream: bytes === undefined })
    if (bytes) stream.end(bytes)
    return stream
  } catch (cause) {
    throw new ProbeFailure('internal', `the request cannot be sent: ${messageOf(cause)}`, { cause })
  }
}

/**
 * Node.js lets a stream come to its end when it is reset without an error, too, but then only after it is closed.
 *
 * @param onCut Called at such an end.
 * @returns Whether the stream has come to its own end.
 */
function watchEnd(stream: ClientHttp2Stream, onCut: () => void): () => boolean {
  const push = stream.push.bind(stream)
  let isWhole: boolean | undefined
  stream.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (chunk === null && isWhole === undefined) {
      isWhole = !stream.closed
      // One that is destroyed reports it by itself.
      if (!isWhole && !stream.destroyed) onCut()
    }
    return push(chunk, encoding)
  }
  return () => isWhole === true
}

/** As many bytes as are read are what the server may send next. */
async function* readStream(
  stream: ClientHttp2Stream,
  maxWireBytes: number,
  isWhole: () => boolean,
  fail: () => Error,
): AsyncGenerator<Buffer, void, undefined> {
  let wireBytes = 0
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      wireBytes += chunk.length
      if (wireBytes > maxWireBytes) break
      yield chunk
    }
  } catch {
    throw fail()
  }
  if (wireBytes > maxWireBytes) throw tooLarge(maxWireBytes)
  if (!isWhole()) throw fail()
}

function explain(
  error: Error | undefined,
  { rstCode }: ClientHttp2Stream,
  { reason }: Http2Connection,
  begun: boolean,
): Error {
  const cause = error instanceof ProbeFailure ? error : reason(error, rstCode)
  if (cause instanceof ProbeFailure) return cause
  return cause ? explainEnd(cause, begun) : ended(undefined, begun)
}

/** The names and values in their order: Node.js joins repeated ones, or leaves them out. It reads them as Latin-1. */
function* pairsOf(raw: readonly string[]): Generator<Header, void, undefined> {
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const [name = '', value = ''] = [raw[index], raw[index + 1]]
    if (!name.startsWith(':')) yield [name, value]
  }
}
