/** A limit on the time of one piece of work. */
export interface Deadline {
  /** Aborts when the time is over, and when the caller gives up. */
  readonly signal: AbortSignal
  /** Whether it was the time. */
  readonly passed: () => boolean
}

/**
 * Does work that must end in time. It leaves nothing behind on the caller's signal, which may live as long as the process:
 * `AbortSignal.any` and `AbortSignal.timeout` keep theirs for a while.
 *
 * @param outer The caller's signal.
 */
export async function withDeadline<T>(
  outer: AbortSignal,
  milliseconds: number,
  work: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  outer.throwIfAborted()
  const controller = new AbortController()
  let passed = false
  const giveUp = (): void => {
    controller.abort(outer.reason)
  }
  outer.addEventListener('abort', giveUp)
  const timer = setTimeout(() => {
    passed = true
    controller.abort(new DOMException(`took longer than ${milliseconds} ms`, 'TimeoutError'))
  }, milliseconds)
  try {
    return await work({ signal: controller.signal, passed: () => passed })
  } finally {
    clearTimeout(timer)
    outer.removeEventListener('abort', giveUp)
  }
}
