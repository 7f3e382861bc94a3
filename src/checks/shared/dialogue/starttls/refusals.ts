import { cut, oneLine } from '../../../../lib/text/text.ts'
import { ProbeFailure } from '../../../../net/failure.ts'
import type { Wire } from '../wire.ts'

/** The peer answers with another code than it should. */
export function unexpected(expected: string, to: string, got: string): ProbeFailure {
  return new ProbeFailure('status', `expected ${expected} ${to}, got ${quote(got)}`)
}

/** The peer does not speak the protocol. */
export function noProtocol(expected: string, got: string): ProbeFailure {
  return new ProbeFailure('protocol', `expected ${expected}, got ${quote(got)}`)
}

/** The peer has gone. */
export function closed(before: string, { received }: Wire): ProbeFailure {
  const reason = received === 0 ? 'connect' : 'protocol'
  return new ProbeFailure(reason, `the server closed the connection before ${before}`)
}

/** The peer has no TLS to offer, in its own words. */
export function noOffer(what: string, words: string): ProbeFailure {
  return new ProbeFailure('tls', `${what}: ${quote(words)}`)
}

/** The server chooses the words. */
export function quote(text: string): string {
  return JSON.stringify(cut(oneLine(text), 100))
}
