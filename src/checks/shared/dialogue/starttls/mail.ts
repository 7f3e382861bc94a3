import { ProbeFailure } from '../../../../net/failure.ts'
import type { Wire } from '../wire.ts'
import { endlessReply, expectReply, maxReplyLines, nextLine } from './lines.ts'
import { noOffer, noProtocol, unexpected } from './refusals.ts'

/** RFC 3207. */
export async function smtp(wire: Wire): Promise<void> {
  await expectReply(wire, '220', 'as its greeting')
  await wire.send('EHLO probity\r\n')
  const { lines } = await expectReply(wire, '250', 'to EHLO')
  if (!lines.some((line) => /^STARTTLS\b/i.test(line))) {
    throw new ProbeFailure('tls', 'the mail server does not offer STARTTLS')
  }
  await wire.send('STARTTLS\r\n')
  await expectReply(wire, '220', 'to STARTTLS')
}

/** RFC 9051, section 6.2.1. */
export async function imap(wire: Wire): Promise<void> {
  const greeting = await nextLine(wire, 'its greeting')
  if (/^\* PREAUTH\b/i.test(greeting)) {
    throw new ProbeFailure('tls', 'the IMAP server lets everyone in before TLS can begin (PREAUTH)')
  }
  if (!/^\* OK\b/i.test(greeting)) throw noProtocol('"* OK" as its greeting', greeting)
  await wire.send('a1 STARTTLS\r\n')
  for (let count = 0; count < maxReplyLines; count++) {
    const line = await nextLine(wire, 'its answer to STARTTLS')
    if (/^a1 OK\b/i.test(line)) return
    if (/^a1 (?:NO|BAD)\b/i.test(line)) throw noOffer('the IMAP server does not offer STARTTLS', line)
    if (!line.startsWith('* ')) throw noProtocol('"a1 OK" to STARTTLS', line)
  }
  throw endlessReply()
}

/** RFC 2595, section 4. */
export async function pop3(wire: Wire): Promise<void> {
  const greeting = await nextLine(wire, 'its greeting')
  if (/^-ERR\b/i.test(greeting)) throw unexpected('+OK', 'as its greeting', greeting)
  if (!/^\+OK\b/i.test(greeting)) throw noProtocol('"+OK" as its greeting', greeting)
  await wire.send('STLS\r\n')
  const answer = await nextLine(wire, 'its answer to STLS')
  if (/^-ERR\b/i.test(answer)) throw noOffer('the POP3 server does not offer STLS', answer)
  if (!/^\+OK\b/i.test(answer)) throw noProtocol('"+OK" to STLS', answer)
}
