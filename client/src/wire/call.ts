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
  /** What the call took at least, where an agent may have measured it wrong and it may be less than that. */
  readonly leastSeconds?: number
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

/** Whether a call certainly took longer than its limit, in seconds. */
export function isOverLimit(
  { durationSeconds, leastSeconds = durationSeconds }: Pick<Call, 'durationSeconds' | 'leastSeconds'>,
  limit: number,
): boolean {
  return leastSeconds > limit
}

/** `unknown`: the line says how long the call took, but not how it ended. */
export type Outcome = 'ok' | 'error' | 'unknown'

/** What libraries call it when the program itself gave a call up: no verdict about the API. */
const aborts: ReadonlySet<string> = new Set([
  'AbortError', // fetch, AWS SDK v3
  'ABORT_ERR', // node:http
  'UND_ERR_ABORTED', // undici
  'APIUserAbortError', // OpenAI and its siblings
  'ERR_CANCELED', // axios
  'CanceledError',
  'RequestAbortedError', // Elasticsearch
])

/** CANCELLED of gRPC, which a program is given for a call that it gave up itself. */
const closedByClient = 499

/** Whether an error of this name means that the program itself gave the call up. */
export function isAbort(error: string): boolean {
  return aborts.has(error)
}

/**
 * Whether the status says how the call ended, so that the error only names it. A program that calls an operation is
 * given the API's own answer as something thrown; an HTTP request with an error broke after the status.
 */
export function isAnswered({
  status,
  operation,
  error,
}: Pick<Call, 'status' | 'operation' | 'error'>): boolean {
  return (
    status !== undefined && status !== 0 && status !== closedByClient && (error === '' || operation !== '')
  )
}

/**
 * How a call ended: `error` when no response came, with status 429 or 500 and above, or when something was thrown that
 * carries no status. `unknown` when the program itself gave the call up.
 */
export function outcomeOf(call: Pick<Call, 'wireVersion' | 'status' | 'operation' | 'error'>): Outcome {
  if (call.wireVersion !== 2) return 'unknown'
  const { status, operation, error } = call
  if (isAnswered(call)) return status === 429 || (status ?? 0) >= 500 ? 'error' : 'ok'
  if (isAbort(error) || status === closedByClient) return 'unknown'
  if (error !== '' || status === 0) return 'error'
  return operation === '' ? 'unknown' : 'ok'
}
