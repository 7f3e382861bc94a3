import { X509Certificate } from 'node:crypto'
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls'

/** One TLS configuration: whom it trusts. Made once and shared by the probes, because making it is slow. */
export interface Trust {
  readonly secureContext: SecureContext
  /** The trusted authority that issued a certificate, where there is one: the one that is valid longest. */
  readonly issuerOf: (certificate: X509Certificate) => X509Certificate | undefined
  /** Whether a certificate is itself a trusted authority. */
  readonly has: (certificate: X509Certificate) => boolean
}

/**
 * @param authorities PEM certificates to trust instead of those that Node.js does.
 */
export function createTrust(authorities?: readonly string[]): Trust {
  const bySubject = new Map<string, X509Certificate[]>()
  for (const pem of authorities ?? rootCertificates) {
    const authority = new X509Certificate(pem)
    bySubject.set(authority.subject, [...(bySubject.get(authority.subject) ?? []), authority])
  }
  return {
    secureContext: createSecureContext(authorities ? { ca: [...authorities] } : {}),
    issuerOf: (certificate) =>
      (bySubject.get(certificate.issuer) ?? [])
        .filter((authority) => certificate.checkIssued(authority))
        .sort((a, b) => Date.parse(b.validTo) - Date.parse(a.validTo))[0],
    has: (certificate) =>
      (bySubject.get(certificate.subject) ?? []).some((authority) => authority.raw.equals(certificate.raw)),
  }
}
