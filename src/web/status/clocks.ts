/** The end of a certificate, for a page. */
export interface CertificateClock {
  /** The earliest end in the verified chain, or in the one that was sent. */
  readonly expiresAt: Date
  /** The configuration asks for this much. */
  readonly minRemainingSeconds: number
  readonly verified: boolean
  /** Of the leaf, as it says itself. */
  readonly subject?: string
  readonly issuer?: string
}

/** The end of a credential, for a page. */
export interface CredentialClock {
  /** `bearer`, `oauth2`, ... */
  readonly name: string
  readonly expiresAt: Date
  /** From its making to its end, where it says so. */
  readonly lifetimeSeconds?: number
}
