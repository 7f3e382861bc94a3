/**
 * The known word that was probably meant, for `did you mean ...?`.
 *
 * @returns Nothing when no word is close: one edit for up to 4 letters, two up to 8, three beyond.
 */
export function closest(word: string, known: Iterable<string>): string | undefined {
  if (word.length > 60) return undefined
  let best: string | undefined
  let bestDistance = word.length <= 4 ? 2 : word.length <= 8 ? 3 : 4
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** ` (did you mean timeout?)`, or nothing. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const meant = closest(word, known)
  return meant === undefined ? '' : ` (did you mean ${meant}?)`
}

/** Optimal string alignment: insertions, deletions, replacements and swaps of neighbours cost 1 each. */
export function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 4) return 5
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      let cost = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
      )
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      if (swapped) cost = Math.min(cost, at(beforeLast, column - 2) + 1)
      current.push(cost)
    }
    beforeLast = last
    last = current
  }
  return at(last, b.length)
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity
}
