/**
 * Remembers what a pure function gave for a text. In a file of a thousand targets most patterns are the same few, and
 * nearly all of them are the same after an edit.
 *
 * @param limit How many results are kept; when there are more, all are forgotten.
 */
export function memoize<T>(compute: (text: string) => T, limit = 1000): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    if (known.size >= limit) known.clear()
    const result = compute(text)
    known.set(text, result)
    return result
  }
}
