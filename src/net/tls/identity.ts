import { isIP } from 'node:net'
import { checkServerIdentity, type PeerCertificate } from 'node:tls'

/** What {@link verifyIdentity} calls a name that is only where nobody looks for it any more. */
export const nameOnlyInCommonName = 'NAME_ONLY_IN_COMMON_NAME'

/**
 * Verifies that a certificate is for a host, as browsers and Go do: by its subjectAltName alone (RFC 9525, section 2).
 * Node.js would take the common name for it where there is no other one.
 *
 * @returns What is wrong, with a `code`; nothing when the certificate is for the host.
 */
export function verifyIdentity(host: string, certificate: PeerCertificate): Error | undefined {
  const { CN: commonName, ...subject } = certificate.subject
  const problem = checkServerIdentity(host, {
    ...certificate,
    subject,
  })
  if (!problem || !isNamedBy(host, commonName, certificate)) return problem
  return Object.assign(new Error(problem.message), { code: nameOnlyInCommonName })
}

function isNamedBy(
  host: string,
  commonName: string | string[] | undefined,
  certificate: PeerCertificate,
): boolean {
  if (isIP(host) !== 0) return [commonName].flat().includes(host)
  return checkServerIdentity(host, certificate) === undefined
}
