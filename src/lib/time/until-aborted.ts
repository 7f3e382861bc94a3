/**
 * Waits for work, but not beyond an abortion: a step may take its time to notice that it is over, or never do.
 *
 * @throws The signal's reason, once it is aborted.
 */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason as Error)
    }
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort)
    const done = (): void => {
      signal.removeEventListener('abort', abort)
    }
    work.then(done, done)
    work.then(resolve, reject)
  })
}
