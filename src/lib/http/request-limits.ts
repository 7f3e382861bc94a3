/** Milliseconds that a client may take to send its headers and its whole request, and how often that is looked at. */
export interface RequestLimits {
  /** How long a client may send nothing at all after it has connected. Default: as long as for the headers. */
  readonly silenceTimeout?: number
  readonly headersTimeout: number
  readonly requestTimeout: number
  readonly connectionsCheckingInterval: number
  /** Connections at a time, of which one address gets at most half of what the others leave. Default: as many as the files of this process allow. */
  readonly maxConnections?: number
}
