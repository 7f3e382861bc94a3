import { ProbeFailure } from '../../../net/failure.ts'
import type { Oddity } from '../../../net/http1/oddity.ts'

/** Bytes of an answer before its body that are accepted: more than any browser takes. */
export const maxHeadBytes = 1024 * 1024

/** What is not read, because clients refuse it or do not agree on what it means. */
export const refusals: Readonly<Partial<Record<Oddity, string>>> = {
  'head-too-large': `it has more than ${maxHeadBytes / 1024} KiB of headers`,
  nul: 'it has a NUL character in the status line or in a header',
  'not-a-header': 'it has a header line without a name or without a colon',
  'different-lengths': 'it has several Content-Lengths, which differ',
  'invalid-length': 'its Content-Length is not a number of bytes',
  'unknown-coding': 'it has a Transfer-Encoding that is neither chunked nor identity',
}

/** An answer that cannot be read. */
export function invalid(why: string): ProbeFailure {
  return new ProbeFailure('protocol', `the answer is not valid HTTP: ${why}`)
}

/** RFC 8446 section 5.1: content type 21, then the version of the record. */
const tlsAlert = /^\x15\x03/
/** RFC 9113 section 4.1: the length of the first frame, which has to be one of SETTINGS, its flags, and the stream 0. */
const settingsFrame = /^\0[^]{2}\x04[\0\x01]\0{4}/

/** An answer in another protocol, given the first bytes of it. */
export function stranger(first: Buffer | undefined): ProbeFailure {
  const start = first?.toString('latin1', 0, 9) ?? ''
  if (tlsAlert.test(start)) return invalid('the port speaks TLS')
  if (settingsFrame.test(start)) return invalid('the server speaks HTTP/2, which needs https and http2: true')
  return invalid('it does not begin with a status line')
}
