/** Milliseconds that a client may take to send its headers and its whole request, and how often that is looked at. */
export interface RequestLimits {
  readonly headersTimeout: number
  readonly requestTimeout: number
  readonly connectionsCheckingInterval: number
}
