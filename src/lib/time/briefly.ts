import type { Clock } from './clock.ts'

export interface BrieflyOptions {
  readonly clock: Pick<Clock, 'monotonic'>
  /** Milliseconds for which an answer is given again. */
  readonly ms: number
}

/** A question takes at most a tenth of the time, however long its answer takes, */
const costFactor = 10
/** and an answer is not older than that. Milliseconds. */
const oldest = 15_000

/**
 * Remembers what a question was answered with, for a moment; who asks while it is being answered waits for the same answer. An
 * error is not remembered.
 */
export function briefly<T>(ask: () => Promise<T>, { clock, ms }: BrieflyOptions): () => Promise<T> {
  let asking: Promise<T> | undefined
  let known: { readonly answer: T; readonly until: number } | undefined

  async function begin(): Promise<T> {
    const startedAt = clock.monotonic()
    try {
      const answer = await ask()
      const now = clock.monotonic()
      known = { answer, until: now + Math.max(ms, Math.min(oldest, costFactor * (now - startedAt))) }
      return answer
    } finally {
      asking = undefined
    }
  }

  return () => {
    if (known && clock.monotonic() < known.until) return Promise.resolve(known.answer)
    return (asking ??= begin())
  }
}
