import { constants, X509Certificate } from 'node:crypto'
import {
  createSecureContext,
  rootCertificates,
  type SecureContext,
  type SecureContextOptions,
} from 'node:tls'
import { certificatesOf, checkPair, pemText } from './pem.ts'
import { acceptsLegacy, offeredVersions, type TlsSettings, type TlsVersion } from './settings.ts'

/** One TLS configuration: whom it trusts. Made once and shared by the probes, because making it is slow. */
export interface Trust {
  readonly secureContext: SecureContext
  /** The trusted authority that issued a certificate, where there is one: the one that is valid longest. */
  readonly issuerOf: (certificate: X509Certificate) => X509Certificate | undefined
  /** When the client's own certificate begins and ends, in unix seconds. */
  readonly client?: { readonly issuedAt: number; readonly expiresAt: number }
  /** Whether a certificate is itself a trusted authority. */
  readonly has: (certificate: X509Certificate) => boolean
}

/** What a {@link Trust} is made of; how strictly a certificate is judged and which name is asked for is not part of it. */
export type TrustSettings = Omit<TlsSettings, 'verify' | 'serverName'>

type Authorities = Omit<Trust, 'secureContext' | 'client'>

const versions: Readonly<Record<TlsVersion, NonNullable<SecureContextOptions['minVersion']>>> = {
  TLS10: 'TLSv1',
  TLS11: 'TLSv1.1',
  TLS12: 'TLSv1.2',
  TLS13: 'TLSv1.3',
}

/** OpenSSL 3 has no cipher for TLS 1.0 and 1.1 at its usual level, and renegotiates safely or not at all. */
const legacyOptions: SecureContextOptions = {
  ciphers: 'DEFAULT@SECLEVEL=0',
  secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
}

let nodeAuthorities: Authorities | undefined

/** Those that Node.js trusts are read once: there are about 150 of them. */
function knownToNode(): Authorities {
  return (nodeAuthorities ??= indexAuthorities(rootCertificates))
}

function indexAuthorities(pems: readonly string[]): Authorities {
  const bySubject = new Map<string, X509Certificate[]>()
  for (const pem of pems) {
    const authority = new X509Certificate(pem)
    bySubject.set(authority.subject, [...(bySubject.get(authority.subject) ?? []), authority])
  }
  return {
    issuerOf: (certificate) =>
      (bySubject.get(certificate.issuer) ?? [])
        .filter((authority) => certificate.checkIssued(authority))
        .sort((a, b) => Date.parse(b.validTo) - Date.parse(a.validTo))[0],
    has: (certificate) =>
      (bySubject.get(certificate.subject) ?? []).some((authority) => authority.raw.equals(certificate.raw)),
  }
}

/**
 * Makes the trust of one TLS configuration, of its files as they are now.
 *
 * @param authorities PEM certificates to trust where the settings have none. Default: those that Node.js trusts.
 * @throws Error when a file cannot be read or is not what it should be.
 */
export function createTrust(settings: TrustSettings = {}, authorities?: readonly string[]): Trust {
  const { oldest, newest } = offeredVersions(settings)
  const ca = settings.ca ? certificatesOf(pemText(settings.ca)) : authorities
  const cert = settings.cert && pemText(settings.cert)
  const key = settings.key && pemText(settings.key)
  if (cert !== undefined && key !== undefined) checkPair(cert, key)
  return {
    ...(ca ? indexAuthorities(ca) : knownToNode()),
    ...(cert !== undefined && { client: validityOf(cert) }),
    secureContext: createSecureContext({
      ...(ca && { ca: [...ca] }),
      ...(cert !== undefined && key !== undefined && { cert, key }),
      minVersion: versions[oldest],
      maxVersion: versions[newest],
      ...(acceptsLegacy(settings) && legacyOptions),
    }),
  }
}

function validityOf(cert: string): NonNullable<Trust['client']> {
  const { validFrom, validTo } = new X509Certificate(cert)
  return { issuedAt: Date.parse(validFrom) / 1000, expiresAt: Date.parse(validTo) / 1000 }
}
