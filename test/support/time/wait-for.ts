/**
 * Waits until a condition holds.
 *
 * @param condition Asked at once and ever less often, at least every 150 ms: to ask takes a processor from what is waited for.
 *   What it throws counts as not yet.
 * @param withinMs Default 120 s: it bounds what has gone wrong, and says nothing of how long it takes.
 * @returns What the condition returned.
 * @throws When the time is over, with what the condition last threw.
 */
export async function waitFor<T>(
  what: string,
  condition: () => T | undefined | false | Promise<T | undefined | false>,
  withinMs = 120_000,
): Promise<T> {
  const deadline = Date.now() + withinMs
  let cause: unknown
  let pause = 5
  while (Date.now() < deadline) {
    try {
      const value = await condition()
      if (value !== undefined && value !== false) return value
    } catch (error) {
      cause = error
    }
    await new Promise((resolve) => setTimeout(resolve, pause))
    pause = Math.min(150, pause * 1.5)
  }
  throw new Error(`waited ${withinMs} ms in vain: ${what}`, { cause })
}
