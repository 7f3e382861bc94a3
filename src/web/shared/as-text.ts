/**
 * Words for numbers. Made by the server for the first page and by the browser whenever they change, so they are one
 * file.
 */

/** `120 ms`, `1.25 s`, `15 s`. */
export function tookText(seconds: number): string {
  if (seconds < 0.0095) return `${(seconds * 1000).toFixed(1)} ms`
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`
  return seconds < 9.995 ? `${seconds.toFixed(2)} s` : `${Math.round(seconds)} s`
}

const units = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const

/** How long, in its two largest units: `3 d 4 h`, `12 min`, `45 s`. Minutes are exact below one hour alone. */
export function spanText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const first = units.findIndex(([, size]) => whole >= size)
  if (first < 0) return '0 s'
  let rest = whole
  const parts: string[] = []
  for (const [unit, size] of units.slice(first, first + 2)) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) parts.push(`${count} ${unit}`)
  }
  return parts.join(' ')
}

/** How long ago, in one unit: what a person wants to know at a glance. */
export function agoText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const [unit, size] = units.find(([, size]) => whole >= size) ?? ['s', 1]
  return `${Math.floor(whole / size)} ${unit} ago`
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

/** `21 Nov`, with the year where it is not this one. UTC, as days in the history are. */
export function dayText(day: Date, now: Date): string {
  const text = `${day.getUTCDate()} ${months[day.getUTCMonth()] ?? ''}`
  return day.getUTCFullYear() === now.getUTCFullYear() ? text : `${text} ${day.getUTCFullYear()}`
}

/** `21 Nov 03:15:20`, UTC. */
export function momentText(at: Date, now: Date): string {
  return `${dayText(at, now)} ${clockText(at)}`
}

/** `14:41:05`, UTC. */
export function clockText(at: Date): string {
  return at.toISOString().slice(11, 19)
}

/** The moment at which clocks in UTC show what the clocks of this machine show now: what is written in UTC is then local. */
export function asLocal(at: Date): Date {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000)
}

/** `UTC+02:00`, of this machine at a moment. */
export function offsetText(at: Date): string {
  const minutes = -at.getTimezoneOffset()
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  const two = (value: number): string => String(value).padStart(2, '0')
  return minutes === 0 ? 'UTC' : `UTC${minutes < 0 ? '-' : '+'}${two(hours)}:${two(rest)}`
}
