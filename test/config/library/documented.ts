import type { Reply } from '../../support/servers/http-peer.ts'

/** What the documentation of a vendor says of the call that its module makes. */
export interface Documented {
  /** The variables that hold an address of the vendor, each with the path after the address of the fake. */
  readonly addresses: Readonly<Record<string, string>>
  /** The other variables without a default. */
  readonly env?: Readonly<Record<string, string>>
  /** The one of them whose value the vendor refuses if it is wrong. Absent: the call needs no credential. */
  readonly credential?: string
  readonly request: {
    /** Default: GET. */
    readonly method?: string
    /** With its query. */
    readonly path: string
    /** Names in lower case. */
    readonly headers?: Readonly<Record<string, string>>
  }
  /** Where a token comes from first, and how the client proves itself there. */
  readonly token?: { readonly path: string; readonly style: 'basic' | 'body' }
  /** What is answered to requests before the last one, by their path. */
  readonly before?: Readonly<Record<string, Reply>>
  readonly good: Reply
  /** What the headers of the good answer say. */
  readonly rateLimit?: { readonly limit: number; readonly remaining: number; readonly resetAt: number }
  readonly refused: Reply
  /** A part of the message about that. Default: its status. */
  readonly names?: string
  readonly limited: Reply
  /** The good answer without what the module expects in it. */
  readonly lacking: Reply
}

/** The time of the tests: 2026-11-20T12:00:00Z, in seconds. */
export const now = 1_795_176_000

/** An answer with a body of JSON. */
export function json(status: number, body: unknown, headers: Reply['headers'] = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  }
}

/** As `Authorization` has it. */
export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}
