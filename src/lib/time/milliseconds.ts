/** Seconds as a person reads the duration of a check: `4.0 ms`, `125 ms`, `12.3 s`. */
export function formatMilliseconds(seconds: number): string {
  return seconds < 10 ? `${(seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0)} ms` : `${seconds.toFixed(1)} s`
}
