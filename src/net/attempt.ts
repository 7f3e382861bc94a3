import type { Clock } from '../lib/time/clock.ts'
import type { Sockets } from './sockets.ts'
import type { TlsResult } from './tls/result.ts'

export const httpPhases = ['resolve', 'connect', 'tls', 'processing', 'transfer'] as const
export type HttpPhase = (typeof httpPhases)[number]

/** How the target's name became an address. */
export interface ResolveResult {
  /** Seconds. */
  readonly durationSeconds: number
  /** The address that was used; absent when there was none. */
  readonly address?: string
}

/** What a probe did, step by step, for `debug=true` and `probity probe`. Lines never hold a response body. */
export interface ProbeLog {
  /** @param at When it was, in milliseconds of the clock. Default: now. */
  add: (message: string, fields?: Readonly<Record<string, string | number | boolean>>, at?: number) => void
}

export interface ProbeContext {
  /** Aborted at the deadline: the prober gives up and answers with reason `timeout`. */
  readonly signal: AbortSignal
  /** Seconds from the beginning of the probe to its deadline. Default: nobody knows. */
  readonly timeoutSeconds?: number
  readonly log: ProbeLog
  /** Default: the machine's own. */
  readonly clock?: Clock
  /** Refuses an address before it is connected to; where it throws, the reason is `blocked`. */
  readonly allowAddress?: (address: string) => void
}

/** What a probe over a connection has seen so far, so that its result has everything, whatever ends it. */
export class Evidence {
  /** What is going on, as in "no answer within 5s while …". */
  doing = 'starting'
  resolve: ResolveResult | undefined
  tls: TlsResult | undefined
  readonly phases: Partial<Record<HttpPhase, number>> = {}
}

/** Everything that the steps of one probe share. */
export interface Attempt {
  readonly context: ProbeContext
  readonly clock: Clock
  readonly evidence: Evidence
  readonly sockets: Sockets
}
