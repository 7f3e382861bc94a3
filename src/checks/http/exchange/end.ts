import { codeOf } from '../../../lib/errors.ts'
import { ProbeFailure } from '../../../net/failure.ts'
import { maxInformational } from '../../../net/http1/head.ts'
import { tlsEnd } from '../../../net/tls/problem.ts'

const connectionEnds = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'])

/** Whether a connection has failed, rather than what was said over it. */
function isConnectionEnd(error: Error): boolean {
  return connectionEnds.has(codeOf(error) ?? '')
}

/**
 * What the end of a connection means.
 *
 * @param cause What is not an end of a connection is given back as it is.
 * @param begun Whether there was a first byte of the answer.
 */
export function explainEnd(cause: Error, begun: boolean): Error {
  return tlsEnd(cause) ?? (isConnectionEnd(cause) ? ended(cause, begun) : cause)
}

/** @param begun Whether there was a first byte of the answer. */
export function ended(cause: Error | undefined, begun: boolean): ProbeFailure {
  // A load balancer without a living server behind it accepts connections and ends them at once. That is the same as a
  // refused one, however far the request got: so it is the answer's first byte that makes the difference.
  if (!begun)
    return new ProbeFailure('connect', 'the server closed the connection before it answered', { cause })
  return new ProbeFailure('protocol', 'the connection was closed in the middle of the answer', { cause })
}

export function switched(): ProbeFailure {
  return new ProbeFailure('protocol', 'the server switched to another protocol without being asked')
}

export function tooManyInformational(): ProbeFailure {
  return new ProbeFailure('protocol', `more than ${maxInformational} informational answers (1xx)`)
}

export function tooLarge(maxWireBytes: number): ProbeFailure {
  return new ProbeFailure('size', `the body is larger than ${maxWireBytes} bytes`)
}
