/** Milliseconds per unit. */
const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}

const part = /([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)/gy

/**
 * Reads a duration as Go writes it: `1m2s`, `1.5h`, the units in any order.
 *
 * Source: https://pkg.go.dev/time#ParseDuration
 *
 * @returns Seconds, to the millisecond, or nothing when the text is not a valid duration.
 */
export function parseGoDuration(text: string): number | undefined {
  let milliseconds = 0
  let end = 0
  for (const [whole, number = '', unit = ''] of text.matchAll(part)) {
    milliseconds += Number(number) * (units[unit] ?? 0)
    end += whole.length
  }
  return end === 0 || end < text.length ? undefined : Math.round(milliseconds) / 1000
}
