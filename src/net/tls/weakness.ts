import type { X509Certificate } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import { peerOf } from './peer.ts'

/** Bits of RSA that OpenSSL accepts: 1024 at its level 1, 2048 at its level 2, which Node.js 24 has. */
const minRsaBits = 2048

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
  for (const certificate of peerOf(socket).sent) {
    const problem = weakKey(certificate) ?? weakSignature(certificate)
    if (problem !== undefined) return `the certificate ${named(certificate.subject)} ${problem}`
  }
  return undefined
}

function weakKey({ publicKey }: X509Certificate): string | undefined {
  const { modulusLength = Infinity } = publicKey.asymmetricKeyDetails ?? {}
  return modulusLength < minRsaBits ? `has a key of ${modulusLength} bits` : undefined
}

function weakSignature(certificate: X509Certificate): string | undefined {
  // Nobody looks at the signature of a root.
  if (certificate.checkIssued(certificate)) return undefined
  const found = weakSignatures.find(([oid]) => certificate.raw.includes(Buffer.from(oid, 'hex')))
  return found && `is signed with ${found[1]}`
}

/** The peer chooses the words. */
function named(subject: string): string {
  return JSON.stringify(subject.replaceAll('\n', ', ').slice(0, 80))
}
