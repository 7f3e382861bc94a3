import type { StartTls } from './starttls-schema.ts'
import { cut, oneLine } from '../../../lib/text/text.ts'
import { ProbeFailure } from '../../../net/failure.ts'
import type { Wire } from './wire.ts'

/** Asks for TLS in the words of a protocol, until the peer has agreed to it. */
type Negotiation = (wire: Wire) => Promise<void>

/**
 * Asks for TLS on a connection that began without it.
 *
 * @throws ProbeFailure `status` when the peer answers with another code than it should, `tls` when it has no TLS to offer,
 * `protocol` when it does not speak the protocol.
 */
export async function negotiateTls(protocol: StartTls, wire: Wire): Promise<void> {
  await negotiations[protocol](wire)
}

const negotiations: Readonly<Record<StartTls, Negotiation>> = { smtp, imap, ftp, postgres }

/** RFC 3207. */
async function smtp(wire: Wire): Promise<void> {
  await expectReply(wire, '220', 'as its greeting')
  await wire.send('EHLO probity\r\n')
  const { lines } = await expectReply(wire, '250', 'to EHLO')
  if (!lines.some((line) => /^STARTTLS\b/i.test(line))) {
    throw new ProbeFailure('tls', 'the mail server does not offer STARTTLS')
  }
  await wire.send('STARTTLS\r\n')
  await expectReply(wire, '220', 'to STARTTLS')
}

/** RFC 4217. */
async function ftp(wire: Wire): Promise<void> {
  await expectReply(wire, '220', 'as its greeting')
  await wire.send('AUTH TLS\r\n')
  const { code, lines } = await readReply(wire)
  if (/^5(?:0[0-4]|3\d)$/.test(code)) {
    throw new ProbeFailure(
      'tls',
      `the FTP server does not offer TLS: ${quote([code, lines.at(-1)].join(' '))}`,
    )
  }
  if (code !== '234') throw unexpected('234', 'to AUTH TLS', code, lines)
}

/** RFC 9051, section 6.2.1. */
async function imap(wire: Wire): Promise<void> {
  const greeting = await nextLine(wire, 'its greeting')
  if (/^\* PREAUTH\b/i.test(greeting)) {
    throw new ProbeFailure('tls', 'the IMAP server lets everyone in before TLS can begin (PREAUTH)')
  }
  if (!/^\* OK\b/i.test(greeting)) throw noProtocol('"* OK" as its greeting', greeting)
  await wire.send('a1 STARTTLS\r\n')
  for (let count = 0; count < maxReplyLines; count++) {
    const line = await nextLine(wire, 'its answer to STARTTLS')
    if (/^a1 OK\b/i.test(line)) return
    if (/^a1 (?:NO|BAD)\b/i.test(line)) {
      throw new ProbeFailure('tls', `the IMAP server does not offer STARTTLS: ${quote(line)}`)
    }
    if (!line.startsWith('* ')) throw noProtocol('"a1 OK" to STARTTLS', line)
  }
  throw endlessReply()
}

/** Length 8, code 80877103: https://www.postgresql.org/docs/current/protocol-message-formats.html, SSLRequest. */
const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])

async function postgres(wire: Wire): Promise<void> {
  await wire.send(sslRequest)
  const answer = (await wire.take(1)).toString('latin1')
  if (answer === 'S') return
  if (answer === '') throw closed('its answer to the request for TLS', wire)
  if (answer === 'N') throw new ProbeFailure('tls', 'PostgreSQL does not offer TLS: its setting ssl is off')
  // An error message, for lack of connections or of memory. Its bytes must not be trusted before TLS.
  if (answer === 'E')
    throw new ProbeFailure('status', 'PostgreSQL answered the request for TLS with an error')
  throw noProtocol('S or N to the request for TLS', answer)
}

interface Reply {
  readonly code: string
  /** Without the code. */
  readonly lines: readonly string[]
}

/** More lines than this are not a reply. */
const maxReplyLines = 200

/** A reply of SMTP (RFC 5321, section 4.2) or of FTP (RFC 959, section 4.2), which may have several lines. */
async function readReply(wire: Wire): Promise<Reply> {
  const first = await nextLine(wire, 'a reply')
  const [, code = '', separator, text = ''] = /^([1-5][0-9]{2})([ -]|$)(.*)$/.exec(first) ?? []
  if (code === '') throw noProtocol('a reply with a code', first)
  const lines = [text]
  if (separator !== '-') return { code, lines }
  while (lines.length < maxReplyLines) {
    const line = await nextLine(wire, 'the rest of a reply')
    const own = line.startsWith(code)
    lines.push(own ? line.slice(4) : line)
    if (own && line[3] !== '-') return { code, lines }
  }
  throw endlessReply()
}

async function expectReply(wire: Wire, expected: string, to: string): Promise<Reply> {
  const reply = await readReply(wire)
  if (reply.code !== expected) throw unexpected(expected, to, reply.code, reply.lines)
  return reply
}

async function nextLine(wire: Wire, what: string): Promise<string> {
  const line = await wire.line()
  if (line === undefined) throw closed(what, wire)
  return line
}

function unexpected(expected: string, to: string, code: string, lines: readonly string[]): ProbeFailure {
  const got = quote([code, ...lines].join(' '))
  return new ProbeFailure('status', `expected ${expected} ${to}, got ${got}`)
}

function noProtocol(expected: string, got: string): ProbeFailure {
  return new ProbeFailure('protocol', `expected ${expected}, got ${quote(got)}`)
}

function closed(what: string, { received }: Wire): ProbeFailure {
  const reason = received === 0 ? 'connect' : 'protocol'
  return new ProbeFailure(reason, `the server closed the connection before ${what}`)
}

function endlessReply(): ProbeFailure {
  return new ProbeFailure('size', `a reply of the server has more than ${maxReplyLines} lines`)
}

/** The server chooses the words. */
function quote(text: string): string {
  return JSON.stringify(cut(oneLine(text), 100))
}
