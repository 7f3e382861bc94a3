import type { CertificateInfo, TlsResult } from './result.ts'
import { X509Certificate } from 'node:crypto'
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls'
import type { Trust } from './trust.ts'

/** More certificates are not looked at: no chain that verifies is that long. */
const maxChainLength = 20

/** What is known about the peer once the handshake is over, whether or not its certificate verified. */
export function tlsResult(socket: TLSSocket, trust: Trust): TlsResult {
  const seen = peerChain(socket)
  const sent = withoutTrustedRoot(seen, trust)
  const chain = sent.map(certificateInfo)
  const version = versionName(socket.getProtocol())
  const verified = socket.authorized
  return {
    ...(version !== undefined && { version }),
    cipher: socket.getCipher().standardName,
    chain,
    verified,
    earliestExpiry: earliest(chain),
    ...(verified && { lastChainExpiry: earliest(verifiedChain(seen, trust).map(certificateInfo)) }),
  }
}

/** The leaf and those of its issuers that the peer sent or that Node.js found among those it trusts. */
function peerChain(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = []
  // Its type has no undefined, but a peer without a certificate gives an empty object.
  let next: Partial<DetailedPeerCertificate> | undefined = socket.getPeerCertificate(true)
  while (next?.raw && chain.length < maxChainLength) {
    const current: Partial<DetailedPeerCertificate> = next
    chain.push(new X509Certificate(next.raw))
    next = current.issuerCertificate === current ? undefined : current.issuerCertificate
  }
  return chain
}

/**
 * Node.js completes the chain with the trusted root, and does not report which certificates were really sent. A root that is
 * trusted here has no need to be sent, so it counts as not sent.
 */
function withoutTrustedRoot(chain: readonly X509Certificate[], trust: Trust): readonly X509Certificate[] {
  const last = chain.at(-1)
  return chain.length > 1 && last && trust.has(last) ? chain.slice(0, -1) : chain
}

/**
 * The chain that was verified. As OpenSSL builds it: a trusted authority comes before a certificate that was sent, so that
 * an expired cross-signature which the peer still sends does not count.
 */
function verifiedChain(seen: readonly X509Certificate[], trust: Trust): X509Certificate[] {
  const chain: X509Certificate[] = []
  for (const certificate of seen) {
    chain.push(certificate)
    if (trust.has(certificate)) break
    const authority = trust.issuerOf(certificate)
    if (authority) return [...chain, authority]
  }
  return chain
}

function earliest(chain: readonly CertificateInfo[]): number {
  return Math.min(...chain.map(({ notAfter }) => notAfter))
}

function certificateInfo(certificate: X509Certificate): CertificateInfo {
  return {
    subject: distinguishedName(certificate.subject),
    issuer: distinguishedName(certificate.issuer),
    subjectAlternative: dnsNames(certificate.subjectAltName).join(','),
    serialNumber: certificate.serialNumber.toLowerCase(),
    fingerprintSha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    notBefore: Date.parse(certificate.validFrom) / 1000,
    notAfter: Date.parse(certificate.validTo) / 1000,
  }
}

/** Node.js writes one attribute per line, most general first; RFC 2253, and blackbox_exporter with it, the reverse. */
function distinguishedName(lines: string): string {
  return lines.split('\n').reverse().join(',')
}

/**
 * The DNS names in Node's `DNS:a.example, IP Address:127.0.0.1`, where a name with a special character is written as a JSON
 * string.
 */
export function dnsNames(alternativeNames: string | undefined): string[] {
  return namesOfKind(alternativeNames, 'DNS')
}

/** Whom a peer's certificate is for: its DNS names, or its addresses where it has none. */
export function namesOf(socket: TLSSocket): string[] {
  const names = socket.getPeerX509Certificate()?.subjectAltName
  const dns = dnsNames(names)
  return dns.length > 0 ? dns : namesOfKind(names, 'IP Address')
}

function namesOfKind(alternativeNames: string | undefined, wanted: 'DNS' | 'IP Address'): string[] {
  const entries = alternativeNames?.matchAll(/([^,: ][^,:]*):("(?:[^"\\]|\\.)*"|[^,]*)/g) ?? []
  return [...entries].flatMap(([, kind, name]) => (kind === wanted && name !== undefined ? [name] : []))
}

/** `TLS 1.3` for Node's `TLSv1.3`. */
function versionName(protocol: string | null): string | undefined {
  const match = /^TLSv1(?:\.(\d))?$/.exec(protocol ?? '')
  return match ? `TLS 1.${match[1] ?? '0'}` : undefined
}
