import type { ProbeResult } from '../../checks/result.ts'

/** One check that was made. Times are unix seconds. */
export interface PastCheck {
  readonly target: string
  readonly location: string
  /** When it began. */
  readonly at: number
  readonly durationSeconds: number
  /** Why it failed; absent where it succeeded. */
  readonly failure?: { readonly reason: string; readonly message: string }
  /** What else it saw, where more is known than what is stored. */
  readonly seen?: Partial<ProbeResult>
}
