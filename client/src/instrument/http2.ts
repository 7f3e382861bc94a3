import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2'
import { Duplex } from 'node:stream'
import { errorName } from '../error-name.ts'
import { httpStatusOfGrpc } from '../wire/grpc-status.ts'
import type { HttpCall, InstrumentationOptions } from './instrumentation.ts'

type Headers = Readonly<Partial<Record<string, unknown>>>
type Request = ClientHttp2Session['request']

/**
 * Requests of node:http2, and so the calls of @grpc/grpc-js. They last until their stream is closed. Node.js 20 publishes nothing
 * about them: the method of all sessions is replaced, so that sessions that are open already are seen too. undici makes its
 * requests with node:http2 where it speaks HTTP/2, and reports them itself.
 *
 * @returns Stops it. Safe to call twice.
 */
export function instrumentHttp2(options: InstrumentationOptions): () => void {
  const sessions = sessionPrototype()
  const { request: original } = sessions
  let stopped = false
  const request = function (this: ClientHttp2Session, ...args: Parameters<Request>): ClientHttp2Stream {
    const startedAt = options.now()
    const stream = Reflect.apply(original, this, args)
    if (!stopped && !isOfUndici(this)) watch(stream, startedAt, options)
    return stream
  }
  sessions.request = request
  return () => {
    stopped = true
    // Somebody may have replaced it once more.
    if (sessions.request === request) sessions.request = original
  }
}

/** A connection on which nothing comes, and where nobody reads what is written. */
function nowhere(): Duplex {
  return new Duplex({
    read: () => undefined,
    write(_chunk, _encoding, done) {
      done()
    },
  })
}

/** The class of sessions is not exported. */
function sessionPrototype(): { request: Request } {
  const session = connect('http://localhost', { createConnection: nowhere })
  session.on('error', () => undefined)
  session.destroy()
  return Object.getPrototypeOf(session) as { request: Request }
}

function isOfUndici(session: ClientHttp2Session): boolean {
  return Object.getOwnPropertySymbols(session).some(({ description }) => description === 'open streams')
}

/** Without a listener for errors: a program that handles none has to see them as it did before. */
function watch(stream: ClientHttp2Stream, startedAt: number, { now, report }: InstrumentationOptions): void {
  let headers: Headers = {}
  let trailers: Headers = {}
  let respondedAt: number | undefined
  stream.once('response', (received: Headers) => {
    headers = received
    respondedAt = now()
  })
  stream.once('trailers', (received: Headers) => {
    trailers = received
  })
  stream.once('close', () => {
    try {
      const end = { sent: stream.sentHeaders, headers, trailers, failure: failureOf(stream) }
      const elapsed = now() - startedAt
      const call = isGrpc(end.sent) ? grpcCall(end, elapsed) : httpCall(end, elapsed, respondedAt, startedAt)
      if (call.method !== 'CONNECT') report(call)
    } catch {
      // What a library makes of a stream may change. An error here would end the program.
    }
  })
}

interface End {
  readonly sent: Headers
  readonly headers: Headers
  readonly trailers: Headers
  /** Empty if the stream was closed as it should be. */
  readonly failure: string
}

function httpCall(
  { sent, headers, failure }: End,
  elapsed: number,
  respondedAt: number | undefined,
  startedAt: number,
): HttpCall {
  const abandoned = failure === 'AbortError' && respondedAt !== undefined
  return {
    ...requestOf(sent),
    status: Number(headers[':status'] ?? 0),
    durationSeconds: (abandoned ? respondedAt - startedAt : elapsed) / 1000,
    error: abandoned ? '' : failure,
  }
}

/** The status of gRPC comes behind the response, or in its place. Without one, a deadline that is over tells a timeout from a loss of interest. */
function grpcCall({ sent, headers, trailers, failure }: End, elapsed: number): HttpCall {
  const request = { ...requestOf(sent), operation: text(sent[':path']).replace(/^\//, '') }
  const durationSeconds = elapsed / 1000
  const status = httpStatusOfGrpc(trailers['grpc-status'] ?? headers['grpc-status'])
  if (status !== undefined) return { ...request, status, durationSeconds, error: '' }
  const isLate = failure === 'AbortError' && elapsed >= deadlineOf(sent)
  return isLate
    ? { ...request, status: httpStatusOfGrpc('DEADLINE_EXCEEDED') ?? 0, durationSeconds, error: '' }
    : { ...request, status: 0, durationSeconds, error: failure || 'UNKNOWN' }
}

const units: Readonly<Partial<Record<string, number>>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
}

/** Milliseconds; `grpc-timeout: 100m`. Timers may be a little early. */
function deadlineOf(sent: Headers): number {
  const [, value, unit = ''] = /^(\d+)([HMSmun])$/.exec(text(sent['grpc-timeout'])) ?? []
  return value === undefined ? Infinity : Number(value) * (units[unit] ?? Infinity) - 2
}

function isGrpc(sent: Headers): boolean {
  return text(sent['content-type']).startsWith('application/grpc')
}

function requestOf(sent: Headers): Pick<HttpCall, 'method' | 'url'> {
  const [scheme, authority, path] = [':scheme', ':authority', ':path'].map((name) => text(sent[name]))
  return { method: text(sent[':method']) || 'GET', url: `${scheme}://${authority || text(sent.host)}${path}` }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function failureOf({ errored, rstCode }: ClientHttp2Stream): string {
  // Streams of a session that fails end with it, and its own error is the cause.
  if (errored) return errorName(errored.cause ?? errored)
  // The program itself lost interest.
  return rstCode === constants.NGHTTP2_CANCEL ? 'AbortError' : ''
}
