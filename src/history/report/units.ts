// How the figures of a report are written.

/** `99.9512 %`; what is not known is a dash. */
export function percent(ratio: number | undefined): string {
  if (ratio === undefined) return '-'
  // Never rounded up to a full hundred: that would deny an outage.
  return `${(Math.floor(ratio * 1e6 + 1e-6) / 1e4).toFixed(4)} %`
}

/** `3d 4h 5m 6s`, to the second. */
export function duration(seconds: number | undefined): string {
  if (seconds === undefined) return '-'
  const whole = Math.round(seconds)
  const parts = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'm'],
    [whole % 60, 's'],
  ] as const
  const shown = parts.filter(([value]) => value > 0).map(([value, unit]) => `${value}${unit}`)
  return shown.length === 0 ? '0s' : shown.join(' ')
}

/** `12.5 min`. */
export function minutes(seconds: number | undefined): string {
  return seconds === undefined ? '-' : `${(seconds / 60).toFixed(1)} min`
}

/** `123 ms` or `1.23 s`. */
export function latency(seconds: number | undefined): string {
  if (seconds === undefined) return '-'
  return seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(2)} s`
}

/** `2026-10-31 23:50:00Z`. */
export function moment(time: Date | undefined): string {
  return time === undefined ? 'ongoing' : time.toISOString().replace('T', ' ').replace('.000Z', 'Z')
}

/** A change against the month before: `+12 %`. */
export function trend(now: number | undefined, before: number | undefined): string {
  if (now === undefined || before === undefined || before === 0) return '-'
  const change = Math.round((now / before - 1) * 100)
  return `${change > 0 ? '+' : ''}${change} %`
}
