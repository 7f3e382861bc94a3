import { codeOf } from '../../../lib/errors.ts'
import { tlsProblem } from '../../../net/connect.ts'
import { ProbeFailure } from '../../../net/failure.ts'

/** Bytes of headers that are accepted: far more than any honest server sends. */
export const maxHeaderBytes = 64 * 1024

/** Answers in advance of the answer (1xx) that are accepted. */
export const maxInformational = 20

const connectionEnds = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'])

/** Whether a connection has failed, rather than what was said over it. */
export function isConnectionEnd(error: Error): boolean {
  return connectionEnds.has(codeOf(error) ?? '')
}

/**
 * What the end of a connection means.
 *
 * @param cause What is not an end of a connection is given back as it is.
 * @param begun Whether there was a first byte of the answer.
 */
export function explainEnd(cause: Error, begun: boolean): Error {
  const code = codeOf(cause) ?? ''
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_'))
    return new ProbeFailure('tls', `the server ended TLS: ${tlsProblem(cause)}`, { cause })
  return isConnectionEnd(cause) ? ended(cause, begun) : cause
}

/** @param begun Whether there was a first byte of the answer. */
export function ended(cause: Error | undefined, begun: boolean): ProbeFailure {
  // A load balancer without a living server behind it accepts connections and ends them at once. That is the same as a
  // refused one, however far the request got: so it is the answer's first byte that makes the difference.
  if (!begun)
    return new ProbeFailure('connect', 'the server closed the connection before it answered', { cause })
  const detail = cause ? socketDetails[cause.message] : undefined
  const message = detail ?? 'the connection was closed in the middle of the answer'
  return new ProbeFailure('protocol', message, { cause })
}

/** What undici closes the connection for. */
const socketDetails: Readonly<Record<string, string>> = {
  'bad upgrade': 'the server switched to another protocol without being asked',
  'bad response': 'the server sent answers that were not requested',
}

export function tooManyInformational(): ProbeFailure {
  return new ProbeFailure('protocol', `more than ${maxInformational} informational answers (1xx)`)
}

export function tooManyHeaders(): ProbeFailure {
  return new ProbeFailure('protocol', `the answer has more than ${maxHeaderBytes / 1024} KiB of headers`)
}

export function tooLarge(maxWireBytes: number): ProbeFailure {
  return new ProbeFailure('size', `the body is larger than ${maxWireBytes} bytes`)
}
