/**
 * Watches how far a clock, which the code under test moves by its work, gets in one turn of the event loop.
 *
 * @returns Ends it, and says how far it got at most.
 */
export function longestTurn(clock: () => number): () => number {
  let longest = 0
  let before = clock()
  let next = setImmediate(look)
  function look(): void {
    const now = clock()
    longest = Math.max(longest, now - before)
    before = now
    next = setImmediate(look)
  }
  return () => {
    clearImmediate(next)
    return longest
  }
}
