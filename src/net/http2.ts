import { connect, constants, type ClientHttp2Session } from 'node:http2'
import type { Socket } from 'node:net'
import { codeOf, messageOf } from '../lib/errors.ts'
import { ProbeFailure } from './failure.ts'
import type { Guard } from './guard.ts'

export interface Http2Options {
  /** Scheme and host of what is asked for. */
  readonly origin: string
  /** Of the probe. */
  readonly guard: Guard
  /** Headers that one answer may have. */
  readonly maxHeaders: number
  /** Bytes that a server may send before they are read. Default: 64 KiB, as the protocol has it. */
  readonly windowBytes?: number
}

/** HTTP/2 on a connection. */
export interface Http2Connection {
  readonly session: ClientHttp2Session
  /**
   * Why an exchange has ended early.
   *
   * @param cause What the stream failed with, where it did.
   * @param resetCode What the stream was reset with.
   * @returns ProbeFailure for what is wrong with the peer's HTTP/2; else the error of the connection, where it has one: it has ended.
   */
  readonly reason: (cause: Error | undefined, resetCode: number | undefined) => Error | undefined
}

/**
 * Speaks HTTP/2 on a connection that is there already and that nobody else uses. Destroying the socket ends it: destroying
 * only the session waits for a peer that reads nothing.
 */
export function openHttp2(socket: Socket, options: Http2Options): Http2Connection {
  const { origin, guard, maxHeaders, windowBytes } = options
  // A peer that has said its last word has nothing more to listen to.
  socket.allowHalfOpen = false
  let broken: Error | undefined
  socket.once('error', (error) => {
    broken = error
  })
  const session = guard.emitter(
    connect(origin, {
      createConnection: () => socket,
      settings: {
        enablePush: false,
        ...(windowBytes !== undefined && { initialWindowSize: windowBytes }),
      },
      maxHeaderListPairs: maxHeaders,
    }),
  )
  if (windowBytes !== undefined) session.setLocalWindowSize(windowBytes)
  let goneAway: number | undefined
  session.once('goaway', (code: number) => {
    goneAway = code
  })
  // The stream reports it, too.
  session.on('error', () => undefined)
  return {
    session,
    reason(cause, resetCode) {
      const problem =
        goneAway === undefined
          ? problemOf(cause, resetCode, socket, broken)
          : `the server went away before its answer was complete (${nameOf(goneAway)})`
      if (problem !== undefined) return new ProbeFailure('protocol', problem, { cause })
      return broken ?? (resets.has(codeOf(cause) ?? '') ? undefined : cause)
    },
  }
}

/** What Node.js calls a stream that is reset, or destroyed without an error. */
const resets = new Set([
  'ERR_HTTP2_STREAM_ERROR',
  'ERR_HTTP2_SESSION_ERROR',
  'ERR_HTTP2_STREAM_CANCEL',
  'ERR_STREAM_PREMATURE_CLOSE',
])

function problemOf(
  cause: Error | undefined,
  resetCode: number | undefined,
  socket: Socket,
  broken: Error | undefined,
): string | undefined {
  const code = codeOf(cause) ?? ''
  if (broken) return undefined
  if (cause && !resets.has(code))
    return code.startsWith('ERR_HTTP2_') ? `the server does not speak HTTP/2: ${messageOf(cause)}` : undefined
  // The end of a connection cancels its streams.
  const isReset = resetCode !== constants.NGHTTP2_CANCEL && resetCode !== constants.NGHTTP2_NO_ERROR
  if (resetCode === undefined || (socket.destroyed && !isReset)) return undefined
  return `the request was reset (${nameOf(resetCode)})`
}

/** By their codes, from 0: RFC 9113, section 7. Node.js, too, resets streams. */
const errorNames = [
  'NO_ERROR',
  'PROTOCOL_ERROR: the request or its answer breaks the rules of HTTP/2',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM: too many headers or requests',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED: the server wants HTTP/1.1 for it',
] as const

function nameOf(code: number): string {
  return errorNames[code] ?? `error code ${code}`
}
