import type { Wire } from '../wire.ts'
import { ftp } from './ftp.ts'
import { ldap } from './ldap.ts'
import { imap, pop3, smtp } from './mail.ts'
import { mysql } from './mysql.ts'
import { postgres } from './postgres.ts'
import type { StartTls } from './schema.ts'
import { xmpp } from './xmpp.ts'

/** Asks for TLS in the words of a protocol, until the peer has agreed to it. */
type Negotiation = (wire: Wire, name: string) => Promise<void>

const negotiations: Readonly<Record<StartTls, Negotiation>> = {
  smtp,
  imap,
  pop3,
  ftp,
  postgres,
  mysql,
  ldap,
  xmpp,
}

/**
 * Asks for TLS on a connection that began without it.
 *
 * @param name Of the server.
 * @throws ProbeFailure `status` when the peer answers with another code than it should, `tls` when it has no TLS to offer,
 * `protocol` when it does not speak the protocol.
 */
export async function negotiateTls(protocol: StartTls, wire: Wire, name: string): Promise<void> {
  await negotiations[protocol](wire, name)
}
