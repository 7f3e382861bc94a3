import type { Attempt } from './attempt.ts'

/**
 * Does work and reports how long it took, also where it fails and where the end of the probe leaves it without an end.
 *
 * @param tell Gets the seconds, once.
 */
export async function measured<T>(
  { clock, context: { signal }, sockets: { guard } }: Attempt,
  tell: (seconds: number) => void,
  work: () => Promise<T>,
): Promise<T> {
  const began = clock.monotonic()
  const measure = (): void => {
    tell((clock.monotonic() - began) / 1000)
  }
  const onAbort = guard.callback(measure)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await work()
  } finally {
    signal.removeEventListener('abort', onAbort)
    if (!signal.aborted) measure()
  }
}
