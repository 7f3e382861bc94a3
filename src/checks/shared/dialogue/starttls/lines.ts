import { ProbeFailure } from '../../../../net/failure.ts'
import type { Wire } from '../wire.ts'
import { closed, noProtocol, unexpected } from './refusals.ts'

interface Reply {
  readonly code: string
  /** Without the code. */
  readonly lines: readonly string[]
}

/** More lines than this are not a reply. */
export const maxReplyLines = 200

/** A reply of SMTP (RFC 5321, section 4.2) or of FTP (RFC 959, section 4.2), which may have several lines. */
export async function readReply(wire: Wire): Promise<Reply> {
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

/** @throws ProbeFailure `status` when the reply has another code. */
export async function expectReply(wire: Wire, expected: string, to: string): Promise<Reply> {
  const reply = await readReply(wire)
  if (reply.code !== expected) throw unexpected(expected, to, [reply.code, ...reply.lines].join(' '))
  return reply
}

/** @throws ProbeFailure when the peer has gone. */
export async function nextLine(wire: Wire, what: string): Promise<string> {
  const line = await wire.line()
  if (line === undefined) throw closed(what, wire)
  return line
}

/** The peer never ends its reply. */
export function endlessReply(): ProbeFailure {
  return new ProbeFailure('size', `a reply of the server has more than ${maxReplyLines} lines`)
}
