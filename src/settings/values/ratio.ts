/**
 * Reads a share: `1%`, `99.95%` or `0.01`.
 *
 * @returns 0 to 1, or nothing when the text is not a share or beyond those bounds.
 */
export function parseRatio(text: string): number | undefined {
  const groups = /^([0-9]+(?:\.[0-9]+)?|\.[0-9]+)(%?)$/.exec(text)
  if (groups === null) return undefined
  // An exponent instead of a division: 99.9 / 100 is 0.9990000000000001.
  const ratio = Number(groups[2] === '%' ? `${groups[1] ?? ''}e-2` : groups[1])
  return ratio <= 1 ? ratio : undefined
}

/** Writes 0 to 1 as a percentage, with at most 12 significant digits. */
export function formatRatio(ratio: number): string {
  return `${tidy(ratio * 100)}%`
}

/** What is left of 1: the budget of an objective, and the reverse. */
export function complement(ratio: number): number {
  return tidy(1 - ratio)
}

/** Binary fractions leave a dust of digits behind (1 - 0.07 is 0.9299999999999999) that nobody wrote. */
function tidy(value: number): number {
  return Number(value.toPrecision(12))
}
