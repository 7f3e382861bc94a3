import type { HttpPhase, ProbeContext, ResolveResult } from '../net/attempt.ts'
import type { Failure } from '../net/failure.ts'
import type { Oddity } from '../net/http1/oddity.ts'
import type { TlsResult } from '../net/tls/result.ts'

/** The kinds of credentials that a check may present. A closed set, because it becomes a label. */
export const credentialNames = ['basic', 'digest', 'bearer', 'oauth2', 'mtls', 'key'] as const
export type CredentialName = (typeof credentialNames)[number]

/** A credential that a check presents, and that ends. */
export interface CredentialResult {
  readonly name: CredentialName
  /** Unix time in seconds. */
  readonly expiresAt: number
  /** Seconds from its making to its end; absent where it does not say. */
  readonly lifetimeSeconds?: number
}

/**
 * What only some kinds of checks see. Each kind adds its own in its `result.ts`, by a `declare module` that merges with this
 * interface, so that no list of kinds stands here.
 */
export interface Findings {
  /** Those that end, each name once. */
  readonly credentials?: readonly CredentialResult[]
  /** In what answers of HTTP/1 were odd, redirects included, each once. Absent where nothing was. */
  readonly oddities?: readonly Oddity[]
}

/** What a check failed with before it was made again. */
interface RetriedResult {
  /** When it was made first. */
  readonly startedAt: Date
  readonly durationSeconds: number
  readonly failure: Failure
}

/** One run of one check. A failed probe is a result like any other. */
export interface ProbeResult extends Findings {
  /** When the check was really made. */
  readonly startedAt: Date
  readonly durationSeconds: number
  readonly success: boolean
  /** Present exactly when `success` is false. */
  readonly failure?: Failure
  /** What it failed with before it was made again. Absent where it was made once. */
  readonly retried?: RetriedResult
  readonly resolve?: ResolveResult
  /** Seconds per phase; a phase that was not reached is missing. */
  readonly phases?: Readonly<Partial<Record<HttpPhase, number>>>
  readonly tls?: TlsResult
}

/** Makes one check. Never throws for anything that the target did. */
export type Prober<C> = (check: C, context: ProbeContext) => Promise<ProbeResult>
