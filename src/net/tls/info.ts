import type { CertificateInfo, TlsResult } from './result.ts'
import type { X509Certificate } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import { maxChainLength, peerOf, type ChainView, type Peer } from './peer.ts'
import type { Trust } from './trust.ts'

/** What is known about the peer once the handshake is over, whether or not its certificate verified. */
export function tlsResult(socket: TLSSocket, trust: Trust): TlsResult {
  const { chain, earliestExpiry, verifiedExpiry } = viewOf(peerOf(socket), trust)
  const version = versionName(socket.getProtocol())
  const verified = socket.authorized
  return {
    ...(version !== undefined && { version }),
    cipher: socket.getCipher().standardName,
    chain,
    verified,
    earliestExpiry,
    ...(verified && { lastChainExpiry: verifiedExpiry }),
  }
}

function viewOf({ sent, known: { views } }: Peer, trust: Trust): ChainView {
  const before = views.get(trust)
  if (before) return before
  const seen = linked(sent, trust)
  const chain = withoutTrustedRoot(seen, trust).map(certificateInfo)
  const verifiedExpiry = earliest(verifiedChain(seen, trust).map(certificateInfo))
  const view = { chain, earliestExpiry: earliest(chain), verifiedExpiry }
  views.set(trust, view)
  return view
}

/** The leaf and those of its issuers that the peer sent or that are trusted. */
function linked(sent: readonly X509Certificate[], trust: Trust): X509Certificate[] {
  const [leaf, ...others] = sent
  const chain: X509Certificate[] = []
  let next = leaf
  while (next && chain.length < maxChainLength) {
    const current = next
    chain.push(current)
    if (current.checkIssued(current)) break
    const index = others.findIndex((other) => current.checkIssued(other))
    next = index < 0 ? trust.issuerOf(current) : others.splice(index, 1)[0]
  }
  return chain
}

/**
 * A root that is trusted here has no need to be sent, so it counts as not sent.
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
  const names = peerOf(socket).sent[0]?.subjectAltName
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
