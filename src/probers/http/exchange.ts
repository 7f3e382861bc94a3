import type { Socket } from 'node:net'
import { Client, errors, type Dispatcher } from 'undici'
import { codeOf, messageOf } from '../../lib/errors.ts'
import { ChunkQueue } from './chunk-queue.ts'
import { ProbeFailure } from '../failure.ts'
import { tlsProblem } from '../connect.ts'
import type { ResponseHeaders } from './headers.ts'
import type { HttpRequest } from './request.ts'
import { tapResponse, type ResponseTap } from './response-tap.ts'

/** Bytes of headers that are accepted: far more than any honest server sends. */
const maxHeaderBytes = 64 * 1024

/** Answers in advance of the answer (1xx) that are accepted. */
const maxInformational = 20

export interface Exchange {
  readonly statusCode: number
  readonly headers: ResponseHeaders
  /** As it was sent, that is, perhaps compressed. Reading it throws ProbeFailure when the connection ends too early. */
  readonly body: AsyncIterable<Buffer>
  readonly tap: ResponseTap
}

export interface ExchangeOptions {
  /** Milliseconds from an arbitrary start. */
  readonly monotonic: () => number
  /** Bytes of the body, as it is sent, that are taken in. */
  readonly maxWireBytes: number
  /** Whether the request names its whole URL, as a proxy wants it (RFC 9112, section 3.2.2). */
  readonly wholeUrl: boolean
}

/**
 * Sends a request over a connection that is there already, and waits for the headers of its answer. There is no keep-alive:
 * the next probe is to show what a new client would see.
 *
 * @throws ProbeFailure `connect` when the connection ends before any byte of an answer, `protocol` when the answer is
 * no HTTP, `tls` when the peer refuses after the handshake, `internal` when undici refuses the request.
 */
export async function exchange(
  request: HttpRequest,
  socket: Socket,
  { monotonic, maxWireBytes, wholeUrl }: ExchangeOptions,
): Promise<Exchange> {
  const { url, method, headers, body } = request
  const tap = tapResponse(socket, monotonic)
  const broken = watchForBreak(socket)
  const client = new Client(url.origin, {
    connect: once(socket),
    maxHeaderSize: maxHeaderBytes,
    // The deadline of the probe is the only one.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  const target = url.pathname + url.search
  const path = wholeUrl ? url.origin + target : target
  const options = { path, method, headers, body: body ?? null, reset: true }
  return new Promise((resolve, reject) => {
    const queue = new ChunkQueue()
    const fail = (error: Error): void => {
      const failure = explain(error, tap)
      queue.fail(failure)
      reject(failure)
    }
    let informational = 0
    let wireBytes = 0
    client.dispatch(options, {
      onRequestStart: () => undefined,
      onResponseStart(controller, statusCode, responseHeaders) {
        if (statusCode >= 200) resolve({ statusCode, headers: responseHeaders, body: queue, tap })
        else if (++informational > maxInformational) {
          controller.abort(
            new ProbeFailure('protocol', `more than ${maxInformational} informational answers (1xx)`),
          )
        }
      },
      onResponseData(controller, chunk) {
        queue.push(chunk)
        wireBytes += chunk.length
        if (wireBytes > maxWireBytes)
          controller.abort(new ProbeFailure('size', `the body is larger than ${maxWireBytes} bytes`))
      },
      onResponseEnd() {
        if (broken()) queue.fail(cutShort())
        else queue.end()
      },
      onResponseError: (_controller, error) => {
        fail(error)
      },
    } satisfies Dispatcher.DispatchHandler)
  })
}

/** undici takes a reset connection for the end of a body that has no length. */
function watchForBreak(socket: Socket): () => boolean {
  let broken = false
  socket.on('error', (error) => {
    broken ||= connectionEnds.has(codeOf(error) ?? '')
  })
  return () => broken
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
      else callback(closedUnanswered(), null)
    })
  }
}

function explain(cause: Error, tap: ResponseTap): Error {
  if (cause instanceof ProbeFailure) return cause
  const code = codeOf(cause) ?? ''
  if (cause instanceof errors.HTTPParserError) {
    const detail = tap.isTlsAlert ? 'the port speaks TLS' : parserDetail(cause)
    return new ProbeFailure('protocol', `the answer is no valid HTTP: ${detail}`, { cause })
  }
  const problem = protocolProblems[code]
  if (problem !== undefined) return new ProbeFailure('protocol', problem, { cause })
  if (refusals.has(code)) {
    return new ProbeFailure('internal', `the request cannot be sent: ${messageOf(cause)}`, { cause })
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    return new ProbeFailure('tls', `the server ended TLS: ${tlsProblem(cause)}`, { cause })
  }
  if (code !== 'UND_ERR_SOCKET' && !connectionEnds.has(code)) return cause
  // A load balancer without a living server behind it accepts connections and ends them at once. That is the same as a
  // refused one, however far the request got: so it is the answer's first byte that makes the difference.
  return tap.firstByteAt === undefined ? closedUnanswered(cause) : cutShort(cause)
}

const connectionEnds = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'])

const protocolProblems: Readonly<Record<string, string>> = {
  UND_ERR_HEADERS_OVERFLOW: `the answer has more than ${maxHeaderBytes / 1024} KiB of headers`,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the Content-Length of the answer does not fit its body',
  // undici asserts that a server does not switch protocols unasked.
  ERR_ASSERTION: 'the answer is no valid HTTP',
}

/** Mistakes in the request, which the validation of the configuration should have found. */
const refusals = new Set([
  'UND_ERR_INVALID_ARG',
  'UND_ERR_NOT_SUPPORTED',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
])

function closedUnanswered(cause?: Error): ProbeFailure {
  return new ProbeFailure('connect', 'the server closed the connection before it answered', { cause })
}

function cutShort(cause?: Error): ProbeFailure {
  const detail = cause ? socketDetails[cause.message] : undefined
  const message = detail ?? 'the connection was closed in the middle of the answer'
  return new ProbeFailure('protocol', message, { cause })
}

/** What undici closes the connection for. */
const socketDetails: Readonly<Record<string, string>> = {
  'bad upgrade': 'the server switched to another protocol, unasked',
  'bad response': 'the server sent answers that nobody asked for',
}

/** What the parser says, in its own fixed words. */
function parserDetail(error: Error): string {
  return /\(([^()]*)\)$/.exec(error.message)?.[1] ?? error.name
}
