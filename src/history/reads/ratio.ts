export interface Counted {
  readonly checks: number
  readonly failures: number
}

/** The share of checks that succeeded, 0 to 1; null where there was none. */
export function ratioOf(parts: readonly Counted[]): number | null {
  const checks = parts.reduce((sum, part) => sum + part.checks, 0)
  const failures = parts.reduce((sum, part) => sum + part.failures, 0)
  return shareOf(checks, failures)
}

/** The same of one part. */
export function shareOf(checks: number, failures: number): number | null {
  return checks === 0 ? null : 1 - failures / checks
}
