import { ProbityError } from '../lib/errors.ts'

/** Why a probe failed. A closed set, because it becomes a label. */
export const failureReasons = [
  'dns',
  'connect',
  'tls',
  'timeout',
  'protocol',
  'redirect',
  'status',
  'header',
  'body',
  'size',
  'certificate',
  'command',
  'blocked',
  'internal',
] as const
export type FailureReason = (typeof failureReasons)[number]

export interface Failure {
  readonly reason: FailureReason
  /** What was expected and what was seen, for a person. Never a label. */
  readonly message: string
}

/**
 * How a step of a probe says that the target failed it. It never leaves the prober, which turns it into the `failure` of
 * a result.
 */
export class ProbeFailure extends ProbityError {
  override name = 'ProbeFailure'
  readonly reason: FailureReason

  constructor(reason: FailureReason, message: string, options?: ErrorOptions) {
    super('PROBE_FAILED', message, options)
    this.reason = reason
  }
}

/** Why a probe was cut short: what its signal is aborted with at the deadline. */
export class DeadlineError extends ProbityError {
  override name = 'DeadlineError'

  constructor(timeoutSeconds: number) {
    super('DEADLINE_REACHED', `no answer within ${Number(timeoutSeconds.toFixed(3))}s`)
  }
}
