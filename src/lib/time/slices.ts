import { setImmediate as turn } from 'node:timers/promises'

/** Milliseconds of work after which others have their turn. */
const sliceMs = 10

/**
 * Works through items, and lets everything else that waits have its turn every few milliseconds.
 *
 * @param each Must not take long.
 * @param now Milliseconds of a monotonic clock.
 */
export async function inSlices<T>(
  items: Iterable<T>,
  each: (item: T) => void,
  now: () => number = () => performance.now(),
): Promise<void> {
  let until = now() + sliceMs
  for (const item of items) {
    each(item)
    if (now() < until) continue
    await turn()
    until = now() + sliceMs
  }
}
