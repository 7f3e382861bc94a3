import { X509Certificate } from 'node:crypto'
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls'

/** Bits of RSA that OpenSSL accepts at its level 1. */
const minRsaBits = 1024

/** How algorithms of signatures are written in a certificate, as OIDs in DER. */
const weakSignatures = [
  ['2a864886f70d010104', 'MD5'],
  ['2a864886f70d010105', 'SHA-1'],
  ['2a8648ce3d0401', 'SHA-1'],
] as const

/**
 * What OpenSSL finds too weak about the certificates of a peer; Node.js reports only that something is wrong.
 *
 * @returns Such as `the certificate "CN=shop" is signed with SHA-1`; nothing if they are strong enough.
 */
export function weaknessOf(socket: TLSSocket): string | undefined {
  let next: Partial<DetailedPeerCertificate> | undefined = socket.getPeerCertificate(true)
  while (next?.raw) {
    const current: Partial<DetailedPeerCertificate> = next
    const isRoot = current.issuerCertificate === current
    const problem = weakKey(next.raw) ?? (isRoot ? undefined : weakSignature(next.raw))
    if (problem !== undefined) return problem
    next = isRoot ? undefined : current.issuerCertificate
  }
  return undefined
}

function weakKey(raw: Buffer): string | undefined {
  const { publicKey, subject } = new X509Certificate(raw)
  const { modulusLength = Infinity } = publicKey.asymmetricKeyDetails ?? {}
  if (modulusLength >= minRsaBits) return undefined
  return `the certificate ${named(subject)} has a key of ${modulusLength} bits`
}

function weakSignature(raw: Buffer): string | undefined {
  const found = weakSignatures.find(([oid]) => raw.includes(Buffer.from(oid, 'hex')))
  return found && `the certificate ${named(new X509Certificate(raw).subject)} is signed with ${found[1]}`
}

/** The peer chooses the words. */
function named(subject: string): string {
  return JSON.stringify(subject.replaceAll('\n', ', ').slice(0, 80))
}
