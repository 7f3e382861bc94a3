import type { TransactionStep } from './schema.ts'

/** The share of the time of a transaction that is kept for its clean-up steps, if it has them. */
const cleanUpShare = 0.2

/**
 * How long a step may take.
 *
 * @param steps All of them.
 * @param index Which one.
 * @param left Seconds until the deadline of the transaction.
 * @param total Seconds that the transaction has as a whole.
 * @param cleaningUp Whether only those are still run that always are.
 * @returns Seconds; `own` when it is the step's own timeout.
 */
export function stepTime(
  steps: readonly TransactionStep[],
  index: number,
  { left, total, cleaningUp }: { left: number; total: number; cleaningUp: boolean },
): { readonly seconds: number; readonly own: boolean } {
  const rest = steps.slice(index)
  const cleanUp = rest.filter(({ always }) => always).length
  const lastOnes = cleaningUp || rest.every(({ always }) => always)
  // Each of the last ones gets its part, so that one that hangs leaves time for the others.
  const share = lastOnes ? left / Math.max(1, cleanUp) : left - (cleanUp > 0 ? total * cleanUpShare : 0)
  const { timeout = Infinity } = steps[index] ?? {}
  // One that has no time left should fail like any other that runs out of it.
  return { seconds: Math.max(0.001, Math.min(timeout, share)), own: timeout <= share }
}
