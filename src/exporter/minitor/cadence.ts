/** The cadence of a monitor of Minitor. */
export interface Cadence {
  /** Consecutive failed checks. */
  readonly alertAfter: number
  /** Negative: each wait twice as long; 0: once; N: every N failed checks. */
  readonly alertEvery: number
}

/** What Minitor remembers of a monitor. */
export interface Failures {
  /** Consecutive failed checks. */
  readonly failed: number
  /** Alerts since the last success. */
  readonly alerts: number
}

export const noFailures: Failures = { failed: 0, alerts: 0 }

/**
 * Takes one more check.
 *
 * Source: https://git.iamthefij.com/iamthefij/minitor-go, monitor.go
 *
 * @returns What is remembered from then on, and whether the check causes an alert.
 */
export function afterCheck(
  { alertAfter, alertEvery }: Cadence,
  { failed, alerts }: Failures,
  success: boolean,
): { readonly failures: Failures; readonly isAlert: boolean } {
  if (success) return { failures: noFailures, isAlert: alerts > 0 }
  const n = failed + 1 - alertAfter
  const isDue = alertEvery > 0 ? n % alertEvery === 0 : alertEvery === 0 ? n === 0 : n >= 2 ** alerts - 1
  const isAlert = n >= 0 && isDue
  return { failures: { failed: failed + 1, alerts: alerts + Number(isAlert) }, isAlert }
}
