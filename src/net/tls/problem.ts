import { codeOf, messageOf } from '../../lib/errors.ts'
import { ProbeFailure } from '../failure.ts'

/*
 * What OpenSSL says when TLS fails, in words for a person. A peer that ends TLS sends an alert (RFC 8446, section 6), which
 * OpenSSL reports as its reason, with a version of the protocol in front.
 */

/** What the alert of a peer means. */
const alerts: Readonly<Record<string, string>> = {
  'certificate required': 'the server wants a certificate of the client: write cert: and key: in tls:',
  'handshake failure':
    'the server accepts nothing of what was offered (handshake failure): it wants other versions or ciphers, or a certificate of the client',
  'bad certificate':
    'the server refuses the certificate of the client, or wants one and got none (bad certificate)',
  'unsupported certificate': 'the server does not support a certificate like that of the client',
  'certificate revoked': 'the server says that the certificate of the client has been revoked',
  'certificate expired': 'the server says that the certificate of the client has expired',
  'certificate unknown': 'the server does not accept the certificate of the client (certificate unknown)',
  'unknown ca': 'the server does not trust the authority of the certificate of the client (unknown ca)',
  'access denied': 'the server denies access to this client',
  'protocol version': 'the server speaks none of the offered versions of TLS',
  'inappropriate fallback': 'the server speaks a newer version of TLS than was offered',
  'insufficient security': 'the server wants stronger ciphers than were offered',
  'unrecognized name': 'the server does not know the name that was asked for (SNI): see server_name: in tls:',
  'no application protocol': 'the server speaks none of the offered protocols (ALPN)',
  'internal error': 'the server reports an internal error',
  'no renegotiation': 'the server does not renegotiate',
  'unknown psk identity': 'the server does not know the key that was offered',
  'user canceled': 'the server cancelled the handshake',
  ...Object.fromEntries(
    [
      'unexpected message',
      'bad record mac',
      'decryption failed',
      'record overflow',
      'decompression failure',
      'illegal parameter',
      'decode error',
      'decrypt error',
      'missing extension',
      'unsupported extension',
    ].map((name) => [
      name,
      `the server cannot read what it is sent (${name}): it has a fault, or something on the way changes it`,
    ]),
  ),
}

const noTls = 'the port does not speak TLS'
const weakSignature = 'the server signs with an algorithm that is too weak, such as SHA-1'
const weakKey = 'the key of a certificate is too small'
const weakExchange = 'the server exchanges keys with a Diffie-Hellman group that is too small'

/** What only old servers do, and `tls.legacy: true` accepts. */
const legacy: Readonly<Record<string, string>> = {
  'unsafe legacy renegotiation disabled': 'the server does not support secure renegotiation (RFC 5746)',
  'dh key too small': weakExchange,
  'ee key too small': weakKey,
  'ca key too small': weakKey,
  'ca md too weak': weakSignature,
  'wrong signature type': weakSignature,
  'no suitable signature algorithm': weakSignature,
  'legacy sigalg disallowed or unsupported': weakSignature,
}

const problems: Readonly<Record<string, string>> = {
  'wrong version number': noTls,
  'http request': noTls,
  'unknown protocol': noTls,
  'unsupported protocol': 'the server speaks none of the offered versions of TLS',
  ERR_TLS_DH_PARAM_SIZE: weakExchange,
  'bad signature': 'the signature of the server is wrong: its key and its certificate do not fit',
  'unexpected eof while reading': 'the connection was closed in the middle of it',
  ECONNRESET: 'the connection was closed in the middle of it',
  ...Object.fromEntries(
    Object.entries(legacy).map(([reason, words]) => [reason, `${words}: tls.legacy: true accepts it`]),
  ),
}

/** Says what went wrong with TLS, without the file names and line numbers of OpenSSL. */
export function tlsProblem(error: Error): string {
  const name = 'reason' in error && typeof error.reason === 'string' ? error.reason : codeOf(error)
  return name === undefined ? messageOf(error) : (wordsFor(name) ?? name)
}

/** Nothing for what is not known. */
function wordsFor(name: string): string | undefined {
  const [, alert] = /^(?:sslv3|ssl\/tls|tlsv1|tlsv13) (?:alert )?(.*)$/.exec(name) ?? []
  return alert === undefined ? problems[name] : alerts[alert]
}

/** How a peer has ended TLS after the handshake; nothing for an error that is not one of TLS. */
export function tlsEnd(cause: Error): ProbeFailure | undefined {
  const code = codeOf(cause) ?? ''
  if (code !== 'EPROTO' && !code.startsWith('ERR_SSL_')) return undefined
  const problem = tlsProblem(cause)
  const message = problem.startsWith('the server ') ? problem : `the server ended TLS: ${problem}`
  return new ProbeFailure('tls', message, { cause })
}
