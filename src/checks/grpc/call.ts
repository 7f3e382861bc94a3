import type { IncomingHttpHeaders } from 'node:http2'
import type { Socket } from 'node:net'
import { ProbeFailure } from '../../net/failure.ts'
import { openHttp2, type Http2Connection } from '../../net/http2.ts'
import type { Guard } from '../../net/guard.ts'

/** An answer, at the level of HTTP/2. */
export interface CallAnswer {
  /** Of HTTP. */
  readonly status: number
  readonly contentType: string
  /** Of gRPC, where the server gave one that is a number. */
  readonly code: number | undefined
  /** What the server says in addition, decoded. It chooses the words. */
  readonly message: string
  readonly body: Buffer
}

export interface Call {
  readonly scheme: 'http' | 'https'
  readonly authority: string
  readonly path: string
  readonly metadata: Readonly<Record<string, string>>
  /** Already with its prefix. */
  readonly body: Buffer
  /** Seconds that are left, as sent to the server. */
  readonly timeoutSeconds?: number
  readonly signal: AbortSignal
  /** Of the probe. */
  readonly guard: Guard
}

/** Bytes of an answer that are taken in: that of a health service has seven. */
const maxBodyBytes = 16 * 1024

/** More are nothing that a server says by accident. */
const maxHeaders = 100

/**
 * Makes one call with one message, and takes one answer, over a connection that nobody else uses, and that ends with the probe.
 *
 * @throws ProbeFailure `protocol` when the peer does not speak HTTP/2 or breaks off, `connect` when it does before anything else,
 * `size` when it says too much.
 */
export async function call(socket: Socket, request: Call): Promise<CallAnswer> {
  const { scheme, authority, guard } = request
  const connection = openHttp2(socket, { origin: `${scheme}://${authority}`, guard, maxHeaders })
  return exchange(connection, socket, request)
}

function exchange({ session, reason }: Http2Connection, socket: Socket, request: Call): Promise<CallAnswer> {
  const { scheme, authority, path, metadata, body, timeoutSeconds, signal, guard } = request
  return new Promise((resolve, reject) => {
    const stream = session.request(
      {
        ...metadata,
        ':method': 'POST',
        ':scheme': scheme,
        ':authority': authority,
        ':path': path,
        te: 'trailers',
        'content-type': 'application/grpc',
        'user-agent': 'probity',
        ...(timeoutSeconds !== undefined && { 'grpc-timeout': `${Math.ceil(timeoutSeconds * 1000)}m` }),
      },
      { endStream: false, signal },
    )
    guard.emitter(stream)
    const fail = (cause?: Error): void => {
      const why = cause instanceof ProbeFailure ? cause : reason(cause, stream.rstCode)
      reject(why instanceof ProbeFailure ? why : closed(why, socket))
    }
    let headers: IncomingHttpHeaders & { readonly ':status'?: number | undefined } = {}
    let trailers: IncomingHttpHeaders = {}
    const chunks: Buffer[] = []
    let bytes = 0
    stream.on('error', fail)
    stream.once('response', (received) => {
      headers = received
    })
    stream.once('trailers', (received: IncomingHttpHeaders) => {
      trailers = received
    })
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      chunks.push(chunk)
      if (bytes > maxBodyBytes) {
        fail(new ProbeFailure('size', `the answer has more than ${maxBodyBytes / 1024} KiB`))
        session.destroy()
      }
    })
    stream.once('close', () => {
      if (headers[':status'] === undefined || stream.rstCode !== 0) fail()
      else resolve(answerOf(headers, trailers, Buffer.concat(chunks)))
    })
    stream.end(body)
  })
}

function answerOf(
  headers: IncomingHttpHeaders & { readonly ':status'?: number | undefined },
  trailers: IncomingHttpHeaders,
  body: Buffer,
): CallAnswer {
  // An answer without a message has its code in its first headers.
  const from = 'grpc-status' in trailers ? trailers : headers
  const { 'grpc-status': code, 'grpc-message': message } = from
  return {
    status: headers[':status'] ?? 0,
    contentType: headers['content-type'] ?? '',
    code: typeof code === 'string' && /^\d{1,3}$/.test(code) ? Number(code) : undefined,
    message: typeof message === 'string' ? decode(message) : '',
    body,
  }
}

/** `grpc-message` is percent-encoded; what is not is shown as it is. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** As for HTTP: a connection that ends before anything was said is as good as a refused one. */
function closed(cause: Error | undefined, { bytesRead }: Socket): ProbeFailure {
  return bytesRead === 0
    ? new ProbeFailure('connect', 'the server closed the connection before it sent anything', { cause })
    : new ProbeFailure('protocol', 'the server closed the connection before its answer', { cause })
}
