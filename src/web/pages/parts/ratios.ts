/**
 * `99.95 %`. Rounded down, so that nothing that failed reads 100 %: as many digits as it takes to tell a ratio from a perfect one,
 * up to three.
 *
 * @param ratio 0 to 1.
 */
export function percentText(ratio: number): string {
  if (ratio >= 1) return '100 %'
  const percent = ratio * 100
  const digits = percent >= 99.9 ? 3 : percent >= 90 ? 2 : 1
  const step = 10 ** digits
  // Half of a millionth is what doubles may lack.
  return `${(Math.floor(percent * step + 1e-6) / step).toFixed(digits)} %`
}

/** What was promised, as it was written: `99.9 %`. */
export function objectiveText(ratio: number): string {
  return `${Number((ratio * 100).toFixed(6))} %`
}
