import { DeadlineError } from '../../net/failure.ts'

/** Longer than a timer of Node.js can wait. */
const longest = 2 ** 31 - 1

/**
 * Does work under a signal that aborts after so many seconds, or with the outer one. Nothing is left behind on the outer
 * one.
 */
export async function withinSeconds<T>(
  outer: AbortSignal,
  seconds: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const giveUp = (): void => {
    controller.abort(outer.reason)
  }
  const timer = setTimeout(
    () => {
      controller.abort(new DeadlineError(seconds))
    },
    Math.min(longest, seconds * 1000),
  )
  if (outer.aborted) giveUp()
  else outer.addEventListener('abort', giveUp)
  try {
    return await work(controller.signal)
  } finally {
    clearTimeout(timer)
    outer.removeEventListener('abort', giveUp)
  }
}
