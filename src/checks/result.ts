import type { HttpPhase, ProbeContext, ResolveResult } from '../net/attempt.ts'
import type { Failure } from '../net/failure.ts'
import type { TlsResult } from '../net/tls/result.ts'

/** What an HTTP exchange was like, as far as it got. */
export interface HttpResult {
  /** The last code received; 0 without a response. */
  readonly statusCode: number
  /** `1.1` or `2`; 0 without a response. */
  readonly version: number
  /** Whether the last hop used TLS. */
  readonly ssl: boolean
  readonly redirects: number
  /** The Content-Length header of the last response; -1 when unknown, 0 without a response. */
  readonly contentLength: number
  /** Bytes of the body that were read, after decompression. */
  readonly bodyLength: number
  /** Unix time in seconds. */
  readonly lastModified?: number
  /** Whether a header or body rule failed. */
  readonly failedDueToRegex: boolean
  /** Where the last response came from, without userinfo, query and fragment. */
  readonly finalUrl: string
}

/** What a command did. */
export interface CommandResult {
  /** Absent when it did not end by itself. */
  readonly exitCode?: number
  /** stdout and stderr, the middle left out where they are long. May hold secrets. */
  readonly output: string
  /** Bytes of the whole output. */
  readonly outputBytes: number
}

/** The kinds of credentials that a check may present. A closed set, because it becomes a label. */
export const credentialNames = ['basic', 'bearer', 'oauth2', 'mtls', 'key'] as const
export type CredentialName = (typeof credentialNames)[number]

/** A credential that a check presents, and that ends. */
export interface CredentialResult {
  readonly name: CredentialName
  /** Unix time in seconds. */
  readonly expiresAt: number
  /** Seconds from its making to its end; absent where it does not say. */
  readonly lifetimeSeconds?: number
}

/** What the last answer said of a rate limit, as far as it did. */
export interface RateLimitResult {
  /** Requests that are allowed in a window. */
  readonly limit?: number
  /** Requests that are left of it. */
  readonly remaining?: number
  /** When the window ends. Unix time in seconds. */
  readonly resetAt?: number
}

/** What was said over a connection. */
export interface DialogueResult {
  /** Whether the peer ended the connection before a line matched. */
  readonly failedDueToRegex: boolean
  /** What groups of matching lines have found, as labels: one set per step that asks for it, each once. */
  readonly info: readonly Readonly<Record<string, string>>[]
}

/** What a question to a name server has brought. */
export interface DnsResult {
  /** Seconds; 0 where a phase was not reached. */
  readonly phases: Readonly<Record<'resolve' | 'connect' | 'request', number>>
  /** Whether there was an answer, whatever it says. */
  readonly answered: boolean
  readonly answerRecords: number
  readonly authorityRecords: number
  readonly additionalRecords: number
  /** Of the zone, where its SOA record was asked for; 0 when the answer has none. */
  readonly serial?: number
}

/** What the health service of a gRPC server has said. */
export interface GrpcResult {
  /** Whether the call was made over TLS. */
  readonly ssl: boolean
  /** The code that the server ended the call with, or that its answer stands for; absent without an answer. */
  readonly statusCode?: number
  /** Absent where the service was not answered for. */
  readonly servingStatus?: 'UNKNOWN' | 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN'
}

/** What became of a connection that was to be upgraded to WebSocket. */
export interface WebsocketResult {
  /** The HTTP code of the answer; 0 without one. */
  readonly statusCode: number
  readonly upgraded: boolean
  /** Whether the peer closed the connection before a message matched. */
  readonly failedDueToRegex: boolean
}

/** What one echo request was answered with. */
export interface IcmpResult {
  /** Seconds from its sending to its answer. */
  readonly rttSeconds: number
  /** Seconds that everything else took. */
  readonly setupSeconds: number
  /** The time to live of the answer; absent where it was not told. */
  readonly replyHopLimit?: number
}

/** What a job has told of itself. */
export interface HeartbeatResult {
  /** Unix time in seconds; absent when it never told of a success. */
  readonly lastSuccess?: number
}

/** What became of one step of a transaction. */
export interface StepResult {
  readonly name: string
  /** `blocked`: one before it had failed. `skipped`: it is for cleaning up, and a variable that it needs was never captured. */
  readonly outcome: 'succeeded' | 'failed' | 'blocked' | 'skipped'
  /** Absent when it was not run. */
  readonly durationSeconds?: number
  /** The code of its answer; absent without one. */
  readonly statusCode?: number
  /** Present exactly when it failed. */
  readonly failure?: Failure
  /** The variables for which it was skipped. */
  readonly missing?: readonly string[]
}

/** One run of one check. A failed probe is a result like any other. */
export interface ProbeResult {
  /** When the check was really made. */
  readonly startedAt: Date
  readonly durationSeconds: number
  readonly success: boolean
  /** Present exactly when `success` is false. */
  readonly failure?: Failure
  readonly resolve?: ResolveResult
  /** Seconds per phase; a phase that was not reached is missing. */
  readonly phases?: Readonly<Partial<Record<HttpPhase, number>>>
  readonly http?: HttpResult
  readonly tls?: TlsResult
  /** Those that end, each name once. */
  readonly credentials?: readonly CredentialResult[]
  readonly rateLimit?: RateLimitResult
  readonly command?: CommandResult
  /** In their order. What else there is of a transaction is of the step that failed first, or of the last one. */
  readonly steps?: readonly StepResult[]
  readonly dialogue?: DialogueResult
  readonly dns?: DnsResult
  readonly grpc?: GrpcResult
  readonly websocket?: WebsocketResult
  readonly icmp?: IcmpResult
  readonly heartbeat?: HeartbeatResult
}

/** Makes one check. Never throws for anything that the target did. */
export type Prober<C> = (check: C, context: ProbeContext) => Promise<ProbeResult>
