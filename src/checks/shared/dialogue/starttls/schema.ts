import { word } from '../../../../settings/values/scalars.ts'

/** The protocols in which TLS can be asked for on a connection that began without it. */
export const startTlsProtocols = ['smtp', 'imap', 'pop3', 'ftp', 'postgres', 'mysql', 'ldap', 'xmpp'] as const
export type StartTls = (typeof startTlsProtocols)[number]

/** The `starttls:` of a target: shared by the kinds that speak TLS. */
export const startTls = word(startTlsProtocols)

/** What it does, for the documentation. */
export const startTlsHelp =
  'Asks for TLS as a client of `smtp`, `imap`, `pop3`, `ftp`, `postgres`, `mysql`, `ldap` or `xmpp` does; `~` removes an inherited one. Default: none.'
