export interface CertificateInfo {
  readonly subject: string
  readonly issuer: string
  readonly subjectAlternative: string
  readonly serialNumber: string
  /** Lower-case hex of the SHA-256 of its DER form. */
  readonly fingerprintSha256: string
  /** Unix time in seconds. */
  readonly notBefore: number
  /** Unix time in seconds. */
  readonly notAfter: number
}

/** What was seen of the peer's TLS, also when its certificate did not verify. */
export interface TlsResult {
  /** As the protocol names it: `TLS 1.3`. */
  readonly version?: string
  readonly cipher?: string
  /** As the peer sent them, the leaf first. */
  readonly chain: readonly CertificateInfo[]
  /** Whether the chain was verified against the trusted authorities and the name. */
  readonly verified: boolean
  /** Unix time in seconds: the earliest end in the chain that was sent. */
  readonly earliestExpiry: number
  /** Unix time in seconds: the earliest end in the verified chain; absent without one. */
  readonly lastChainExpiry?: number
}

/**
 * When the certificates of a peer stop being valid for its clients, in unix seconds: the verified chain counts, because a peer may
 * also send what nobody uses, such as an expired cross-signature. If nothing verified, everything that was sent counts.
 */
export function expiryOf({ lastChainExpiry, earliestExpiry }: TlsResult): number {
  return lastChainExpiry ?? earliestExpiry
}
