import { formatMilliseconds } from '../../lib/time/milliseconds.ts'
import type { Failure } from '../../net/failure.ts'
import type { Fact } from '../fact.ts'
import { httpFacts } from '../http/result.ts'
import type { ProbeResult } from '../result.ts'

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

declare module '../result.ts' {
  interface Findings {
    /** In their order. What else there is of a transaction is of the step that failed first, or of the last one. */
    readonly steps?: readonly StepResult[]
  }
}

/** Each step, then the response of the one that failed, or of the last one. */
export function transactionFacts(result: ProbeResult): Fact[] {
  return [...(result.steps ?? []).map(stepFact), ...httpFacts(result)]
}

/** One step, as a person sees it. */
export function stepFact({ name, outcome, durationSeconds, statusCode, failure, missing }: StepResult): Fact {
  if (durationSeconds === undefined) {
    const why = missing ? `, ${missing.join(', ')} never captured` : ''
    return { label: name, value: `not run${why}` }
  }
  const sign = outcome === 'succeeded' ? '✓' : '✗'
  return {
    label: name,
    value: `${sign} ${formatMilliseconds(durationSeconds)} ${failure?.reason ?? statusCode ?? ''}`.trimEnd(),
  }
}
