import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { Client, type Dispatcher } from 'undici'
import { codeOf, messageOf } from '../lib/errors.ts'
import { ProbeFailure } from './failure.ts'
import { tlsProblem } from './http-connect.ts'
import type { ResponseHeaders } from './http-headers.ts'
import type { HttpRequest } from './http-request.ts'
import { tapResponse, type ResponseTap } from './response-tap.ts'

/** Bytes of headers that are accepted: far more than any honest server sends. */
export const maxHeaderBytes = 64 * 1024

/** Answers in advance of the answer (1xx) that are accepted. */
const maxInformational = 20

export interface Exchange {
  readonly statusCode: number
  readonly headers: ResponseHeaders
  /** Ends with an error when the connection does. */
  readonly body: Readable
  readonly tap: ResponseTap
  /** Whether the connection broke, which undici takes for the end of a body without a length. */
  readonly broken: () => boolean
  /** What an error while the body is read means. */
  readonly explain: (error: unknown) => unknown
}

/**
 * Sends a request over a connection that is there already, and waits for the headers of its answer. There is no keep-alive: the
 * next probe is to show what a new client would see.
 *
 * @throws ProbeFailure `connect` when the connection ends before any byte of an answer, `protocol` when the answer is
 * no HTTP, `tls` when the peer refuses after the handshake, `internal` when undici refuses the request.
 */
export async function exchange(
  request: HttpRequest,
  socket: Socket,
  monotonic: () => number,
): Promise<Exchange> {
  const tap = tapResponse(socket, monotonic)
  let broken = false
  socket.on('error', (error) => {
    broken ||= connectionEnds.has(codeOf(error) ?? '')
  })
  const explain = (error: unknown): unknown => explainError(error, tap)
  let informational = 0
  const client = new Client(request.url.origin, {
    connect: once(socket),
    maxHeaderSize: maxHeaderBytes,
    // The deadline of the probe is the only one.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  const response = await client
    .request(requestOptions(request, countInformational))
    .catch((error: unknown) => {
      throw explain(error)
    })
  const { statusCode, headers, body } = response
  // Nobody reads the body of a redirect.
  body.on('error', () => undefined)
  return { statusCode, headers, body, tap, broken: () => broken, explain }

  function countInformational(): void {
    if (++informational > maxInformational) {
      throw new ProbeFailure('protocol', `more than ${maxInformational} informational answers (1xx)`)
    }
  }
}

function requestOptions(request: HttpRequest, onInfo: () => void): Dispatcher.RequestOptions {
  const { url, method, headers, body } = request
  const path = url.pathname + url.search
  return { path, method, headers, body: body ?? null, reset: true, onInfo }
}

/** Gives undici the socket, once: it would connect again by itself when the first connection ends too early. */
function once(socket: Socket): NonNullable<Client.Options['connect']> {
  let given = false
  return (_options, callback) => {
    const isFirst = !given
    given = true
    // Not at once: undici only looks for a connected socket after its connector has returned.
    queueMicrotask(() => {
      if (isFirst) callback(null, socket)
      else callback(new ProbeFailure('connect', 'the server closed the connection before it answered'), null)
    })
  }
}

/** Mistakes in the request, which config validation should have found. */
const refusedByUndici = new Set([
  'UND_ERR_INVALID_ARG',
  'UND_ERR_NOT_SUPPORTED',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
])

const protocolProblems: Readonly<Record<string, string>> = {
  UND_ERR_HEADERS_OVERFLOW: `the answer has more than ${maxHeaderBytes / 1024} KiB of headers`,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the body is not as long as its Content-Length says',
}

const connectionEnds = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'])

function explainError(cause: unknown, tap: ResponseTap): unknown {
  if (!(cause instanceof Error) || cause instanceof ProbeFailure) return cause
  const code = codeOf(cause) ?? ''
  const problem = protocolProblems[code]
  if (problem !== undefined) return new ProbeFailure('protocol', problem, { cause })
  if (code.startsWith('HPE_'))
    return new ProbeFailure('protocol', `the answer is no valid HTTP: ${detail(cause)}`, { cause })
  if (refusedByUndici.has(code)) {
    return new ProbeFailure('internal', `the request cannot be sent: ${messageOf(cause)}`, { cause })
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    return new ProbeFailure('tls', `the server ended TLS: ${tlsProblem(cause)}`, { cause })
  }
  return code === 'UND_ERR_SOCKET' || connectionEnds.has(code) ? ended(cause, tap) : cause
}

/**
 * A load balancer without a living server behind it accepts connections and ends them at once. That is the same as a refused
 * one, however far the request got: so it is the answer's first byte that makes the difference.
 */
function ended(cause: Error, tap: ResponseTap): ProbeFailure {
  return tap.firstByteAt === undefined
    ? new ProbeFailure('connect', 'the server closed the connection before it answered', { cause })
    : new ProbeFailure('protocol', 'the server closed the connection in the middle of its answer', { cause })
}

/** What the parser says, in its fixed words. */
function detail(error: Error): string {
  return /\((.*)\)$/.exec(error.message)?.[1] ?? codeOf(error) ?? error.name
}
