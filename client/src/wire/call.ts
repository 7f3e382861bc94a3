/** One call of an API as a datagram reports it, free of query strings and credentials. */
export interface Call {
  /** The version of the wire format that the line was written in. */
  readonly wireVersion: 0 | 1 | 2
  /** In upper case. Empty for an operation that is not an HTTP request. */
  readonly method: string
  /** In lower case, without port and userinfo. Empty where the sender does not know it, or for an operation. */
  readonly host: string
  /** Without query string and fragment; `/` where it is empty. Empty for an operation that has no URL. */
  readonly path: string
  readonly durationSeconds: number
  /** The HTTP status; 0 means that no response came. Undefined where the line carries none. */
  readonly status: number | undefined
  /** The name that the program gave to what it called, such as `stripe.Charge.create`. May be empty. */
  readonly operation: string
  /** The service that made the call. Empty in versions 0 and 1. */
  readonly caller: string
  /** The release of the caller. Empty in versions 0 and 1. */
  readonly version: string
  /** The code or the name of what was thrown, such as `ECONNRESET`. Empty when nothing was. */
  readonly error: string
}

/** `unknown`: the line says how long the call took, but not how it ended. */
export type Outcome = 'ok' | 'error' | 'unknown'

/**
 * How a call ended: `error` when something was thrown, when no response came, or with status 429 or 500 and above.
 * An operation without an HTTP status is judged by its error alone.
 */
export function outcomeOf(call: Pick<Call, 'wireVersion' | 'status' | 'operation' | 'error'>): Outcome {
  if (call.wireVersion !== 2) return 'unknown'
  const { status } = call
  if (call.error !== '' || status === 0 || status === 429 || (status ?? 0) >= 500) return 'error'
  return status === undefined && call.operation === '' ? 'unknown' : 'ok'
}
