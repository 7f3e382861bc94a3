import type { Socket } from 'node:net'
import { Client, errors, type Dispatcher } from 'undici'
import { codeOf, messageOf } from '../../../lib/errors.ts'
import { ChunkQueue } from './chunk-queue.ts'
import { ProbeFailure } from '../../../net/failure.ts'
import type { Guard } from '../../../net/guard.ts'
import {
  ended,
  explainEnd,
  isConnectionEnd,
  maxHeaderBytes,
  maxInformational,
  tooLarge,
  tooManyInformational,
} from './end.ts'
import type { ResponseHeaders } from '../headers.ts'
import type { HttpRequest } from './request.ts'
import { tapResponse, type ResponseTap } from './response-tap.ts'

export interface Exchange {
  readonly statusCode: number
  readonly headers: ResponseHeaders
  /** As it was sent, that is, perhaps compressed. Reading it throws ProbeFailure when the connection ends too early. */
  readonly body: AsyncIterable<Buffer>
  /** Milliseconds of the clock when something of it was there. */
  readonly firstByteAt: number
  /** Of HTTP, such as 1.1. */
  readonly version: number
}

export interface ExchangeOptions {
  /** Milliseconds from an arbitrary start. */
  readonly monotonic: () => number
  /** Bytes of the body, as it is sent, that are taken in. */
  readonly maxWireBytes: number
  /** Whether the request names its whole URL, as a proxy wants it (RFC 9112, section 3.2.2). */
  readonly wholeUrl: boolean
  /** Of the probe. */
  readonly guard: Guard
}

/**
 * Sends a request over a connection that is there already, and waits for the headers of its answer. There is no keep-alive:
 * the next probe should show what a new client would see.
 *
 * @throws ProbeFailure `connect` when the connection ends before any byte of an answer, `protocol` when the answer is
 * not HTTP, `tls` when the peer refuses after the handshake, `internal` when undici refuses the request.
 */
export async function exchange(
  request: HttpRequest,
  socket: Socket,
  { monotonic, maxWireBytes, wholeUrl, guard }: ExchangeOptions,
): Promise<Exchange> {
  const { url, method, headers, body } = request
  const tap = tapResponse(socket, monotonic)
  const broken = watchForBreak(socket)
  const client = new Client(url.origin, {
    connect: once(socket, guard),
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
        if (statusCode >= 200) {
          const { firstByteAt = monotonic(), version } = tap
          resolve({ statusCode, headers: responseHeaders, body: queue, firstByteAt, version })
        } else if (++informational > maxInformational) controller.abort(tooManyInformational())
      },
      onResponseData(controller, chunk) {
        queue.push(chunk)
        wireBytes += chunk.length
        if (wireBytes > maxWireBytes) controller.abort(tooLarge(maxWireBytes))
      },
      onResponseEnd() {
        if (broken()) queue.fail(ended(undefined, true))
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
    broken ||= isConnectionEnd(error)
  })
  return () => broken
}

/** Gives undici the socket, once: it would connect again by itself when the first connection ends too early. */
function once(socket: Socket, guard: Guard): NonNullable<Client.Options['connect']> {
  let given = false
  return (_options, callback) => {
    const isFirst = !given
    given = true
    // Not at once: undici only looks for a connected socket after its connector has returned.
    const give = (): void => {
      if (isFirst) callback(null, socket)
      else callback(ended(undefined, false), null)
    }
    queueMicrotask(guard.callback(give))
  }
}

function explain(cause: Error, tap: ResponseTap): Error {
  if (cause instanceof ProbeFailure) return cause
  const code = codeOf(cause) ?? ''
  if (cause instanceof errors.HTTPParserError) {
    const detail = tap.isTlsAlert ? 'the port speaks TLS' : parserDetail(cause)
    return new ProbeFailure('protocol', `the answer is not valid HTTP: ${detail}`, { cause })
  }
  const problem = protocolProblems[code]
  if (problem !== undefined) return new ProbeFailure('protocol', problem, { cause })
  if (refusals.has(code)) {
    return new ProbeFailure('internal', `the request cannot be sent: ${messageOf(cause)}`, { cause })
  }
  if (code !== 'UND_ERR_SOCKET') return explainEnd(cause, tap.firstByteAt !== undefined)
  return ended(cause, tap.firstByteAt !== undefined)
}

const protocolProblems: Readonly<Record<string, string>> = {
  UND_ERR_HEADERS_OVERFLOW: `the answer has more than ${maxHeaderBytes / 1024} KiB of headers`,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the Content-Length of the answer does not fit its body',
  // undici asserts that a server does not switch protocols unasked.
  ERR_ASSERTION: 'the answer is not valid HTTP',
}

/** Mistakes in the request, which the validation of the configuration should have found. */
const refusals = new Set([
  'UND_ERR_INVALID_ARG',
  'UND_ERR_NOT_SUPPORTED',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
])

/** What the parser says, in its own fixed words. */
function parserDetail(error: Error): string {
  return /\(([^()]*)\)$/.exec(error.message)?.[1] ?? error.name
}
