import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import { numberOf } from '../../../checks/grpc/codes.ts'
import { GrpcError } from './error.ts'
import { encodings, framed, readMessage, type MessageBounds } from './message.ts'

/** A call with one message and one answer. */
export interface GrpcCall {
  /** `/package.Service/Method` */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** Where it comes from; undefined where the client has gone. */
  readonly address: string | undefined
  /** Reads the message; to be called once, where the call is wanted. */
  readonly message: (bounds: MessageBounds) => Promise<Buffer>
}

/** Answers a call with a message, or throws a {@link GrpcError}. What else it throws is a bug. */
export type Handler = (call: GrpcCall) => Promise<Uint8Array>

const contentType = 'application/grpc'

/** Milliseconds in which a client has to send its message. */
const messageMs = 30_000

/**
 * Answers a call over HTTP/2.
 *
 * @param onBug Called with what the handler throws that is not the fault of the client.
 */
export async function answerCall(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  handler: Handler,
  onBug: (error: unknown) => void,
): Promise<void> {
  // A client that goes away.
  stream.on('error', () => undefined)
  if (headers['content-type']?.startsWith(contentType) !== true) {
    stream.respond({ ':status': 415 }, { endStream: true })
    stream.close(constants.NGHTTP2_NO_ERROR)
    return
  }
  try {
    const message = async (bounds: MessageBounds): Promise<Buffer> => {
      const timer = setTimeout(() => {
        fail(stream, new GrpcError('DEADLINE_EXCEEDED', `expected the message within ${messageMs / 1000} s`))
      }, messageMs)
      try {
        return await readMessage(stream, one(headers['grpc-encoding']), bounds)
      } finally {
        clearTimeout(timer)
      }
    }
    const answer = await handler({
      path: headers[':path'] ?? '',
      headers,
      address: stream.session?.socket.remoteAddress,
      message,
    })
    if (stream.destroyed || stream.closed) return
    stream.respond(
      { ':status': 200, 'content-type': contentType, 'grpc-accept-encoding': encodings },
      { waitForTrailers: true },
    )
    stream.once('wantTrailers', () => {
      stream.sendTrailers({ 'grpc-status': String(numberOf('OK')) })
    })
    stream.end(framed(answer))
  } catch (error) {
    // The stream has failed while it was read: nobody is there.
    if (stream.destroyed || stream.closed) return
    fail(stream, error)
    if (!(error instanceof GrpcError)) onBug(error)
  }
}

function fail(stream: ServerHttp2Stream, error: unknown): void {
  const known = error instanceof GrpcError
  stream.respond(
    {
      ':status': 200,
      'content-type': contentType,
      'grpc-accept-encoding': encodings,
      'grpc-status': String(known ? error.status : numberOf('INTERNAL')),
      'grpc-message': encode(known ? error.message : 'internal error: see the log of Probity'),
    },
    { endStream: true },
  )
  // Whatever the client still sends is not wanted.
  stream.close(constants.NGHTTP2_NO_ERROR)
}

/** Percent-encodes what a header cannot hold, and nothing else: clients decode little. */
function encode(text: string): string {
  return text.toWellFormed().replace(/[^\x20-\x24\x26-\x7e]/gu, encodeURIComponent)
}

function one(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0]
}
