import { hash, type X509Certificate } from 'node:crypto'
import type { PeerCertificate, TLSSocket } from 'node:tls'
import type { CertificateInfo } from './result.ts'
import type { Trust } from './trust.ts'

/** What is made of the certificates of a peer in view of whom is trusted. */
export interface ChainView {
  /** As it is shown, the leaf first. */
  readonly chain: readonly CertificateInfo[]
  /** Unix time in seconds: the earliest end in the chain. */
  readonly earliestExpiry: number
  /** Unix time in seconds: the earliest end in the chain that is verified, if it is. */
  readonly verifiedExpiry: number
}

/** What a chain was found to be. Decoding certificates takes longer than everything else that a probe does. */
interface Known {
  identity?: PeerCertificate
  readonly views: WeakMap<Trust, ChainView>
}

/** The certificates of a peer. */
export interface Peer {
  /** As they were sent, the leaf first. */
  readonly sent: readonly X509Certificate[]
  readonly known: Known
}

/** More certificates are not looked at: no chain that verifies is that long. */
export const maxChainLength = 20

/** Larger chains are decoded each time, so that no peer decides how much memory is taken. */
const maxKeptBytes = 16 * 1024

/** Chains that are remembered; the one that was seen longest ago is forgotten first. */
const maxKept = 10_000

const kept = new Map<string, Known>()
const peers = new WeakMap<TLSSocket, Peer>()

/**
 * The certificates of a peer, and what is known of the very same bytes. A socket is asked once: Node.js 20 gives the
 * leaf out only once.
 */
export function peerOf(socket: TLSSocket): Peer {
  const before = peers.get(socket)
  if (before) return before
  const sent: X509Certificate[] = []
  let next = socket.getPeerX509Certificate()
  while (next && sent.length < maxChainLength) {
    sent.push(next)
    next = next.issuerCertificate
  }
  const peer = { sent, known: knownOf(sent) }
  peers.set(socket, peer)
  return peer
}

/** The leaf of a peer, as Node.js verifies names by it. */
export function identityOf(socket: TLSSocket): PeerCertificate {
  const { sent, known } = peerOf(socket)
  return (known.identity ??= (sent[0]?.toLegacyObject() ?? {}) as PeerCertificate)
}

function knownOf(sent: readonly X509Certificate[]): Known {
  const bytes = Buffer.concat(sent.map(({ raw }) => raw))
  const key = hash('sha256', bytes, 'base64')
  const known = kept.get(key) ?? { views: new WeakMap() }
  if (bytes.length > maxKeptBytes) return known
  kept.delete(key)
  kept.set(key, known)
  if (kept.size > maxKept)
    for (const [oldest] of kept) {
      kept.delete(oldest)
      break
    }
  return known
}
