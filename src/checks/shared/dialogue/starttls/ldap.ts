import { ProbeFailure } from '../../../../net/failure.ts'
import type { Wire } from '../wire.ts'
import { maxHeaderBytes, readElements, readHeader, type Element } from './ber.ts'
import { closed, noOffer, noProtocol, quote } from './refusals.ts'

/** StartTLS: RFC 4511, section 4.14. */
const oid = Buffer.from('1.3.6.1.4.1.1466.20037')

const tags = { sequence: 0x30, integer: 0x02, octets: 0x04, enumerated: 0x0a, extendedResponse: 0x78 }

/** Message 1: an extended request, whose name is the OID. */
const request = Buffer.concat([
  Buffer.from([tags.sequence, oid.length + 7, tags.integer, 1, 1, 0x77, oid.length + 2, 0x80, oid.length]),
  oid,
])

/** Bytes of an answer that are accepted. */
const maxAnswer = 8192

/** Of a server that does not know StartTLS: RFC 4511, section 4.14.2. */
const protocolError = 2

/** What a result code means: RFC 4511, appendix A. */
const meanings: Readonly<Record<number, string>> = {
  1: ' (operations error)',
  10: ' (referral)',
  51: ' (busy)',
  52: ' (unavailable)',
  53: ' (unwilling to perform)',
}

/** RFC 4511, section 4.14. */
export async function ldap(wire: Wire): Promise<void> {
  await wire.send(request)
  const answer = await readAnswer(wire)
  const message = readElements(answer)
  const [id, operation] = message ?? []
  const parts = operation?.tag === tags.extendedResponse ? readElements(operation.content) : undefined
  const [code, , words] = parts ?? []
  const expected = id?.tag === tags.integer && code?.tag === tags.enumerated && code.content.length === 1
  if (!expected || words?.tag !== tags.octets) throw stranger(answer)
  judge(code.content[0] ?? 0, id, words)
}

/** An answer to message 0 is none: the server says that it ends the connection. */
function judge(code: number, { content: id }: Element, { content }: Element): void {
  const words = content.toString('utf8')
  const isOurs = id.length === 1 && id[0] === 1
  if (isOurs && code === 0) return
  if (isOurs && code === protocolError) throw noOffer('the LDAP server does not offer StartTLS', words)
  const got = `${code}${meanings[code] ?? ''}: ${quote(words)}`
  throw new ProbeFailure(
    'status',
    isOurs
      ? `expected 0 (success) to StartTLS, got ${got}`
      : `the LDAP server ends the connection with ${got}`,
  )
}

/** The content of the message that the server answers with. */
async function readAnswer(wire: Wire): Promise<Buffer> {
  let head = Buffer.alloc(0)
  while (head.length < maxHeaderBytes) {
    const next = await wire.take(1)
    if (next.length === 0) throw closed('its answer to StartTLS', wire)
    head = Buffer.concat([head, next])
    const header = readHeader(head)
    if (header === 'more') continue
    if (header?.tag !== tags.sequence || header.contentLength > maxAnswer) break
    const content = await wire.take(header.contentLength)
    if (content.length < header.contentLength) throw closed('the end of its answer to StartTLS', wire)
    return content
  }
  throw stranger(head)
}

function stranger(bytes: Buffer): ProbeFailure {
  return noProtocol('an answer to StartTLS', bytes.toString('latin1'))
}
