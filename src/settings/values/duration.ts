/** Milliseconds per unit, largest first: the order in which Prometheus wants them. */
const units = [
  ['y', 365 * 86_400_000],
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const

/** What a duration looks like: `500ms`, `30s`, `1h30m`. */
export const durationPattern = '([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?'

const grammar = new RegExp(`^${durationPattern}$`)

/**
 * Reads a duration in the form Prometheus has them (`model.ParseDuration` of prometheus/common): whole numbers with a
 * unit, each unit at most once, the largest first.
 *
 * @returns Seconds, or nothing when the text is not a valid duration.
 */
export function parseDuration(text: string): number | undefined {
  const groups = grammar.exec(text)
  if (groups === null || text === '') return undefined
  let milliseconds = 0
  for (const [index, [, length]] of units.entries()) {
    const part = groups[index + 1]
    if (part !== undefined) milliseconds += Number.parseInt(part, 10) * length
  }
  return Number.isSafeInteger(milliseconds) ? milliseconds / 1000 : undefined
}

/**
 * Writes seconds as `1h30m`, in a form that {@link parseDuration} and Prometheus read back. Rounds to milliseconds.
 *
 * @returns `forever` for Infinity, which is what `off` makes of a limit.
 */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'forever'
  let rest = Math.round(seconds * 1000)
  if (rest <= 0) return '0s'
  let text = ''
  // Weeks and years are read but not written: 40d says more than 5w5d.
  for (const [unit, length] of units.slice(2)) {
    const count = Math.floor(rest / length)
    if (count > 0) text += `${count}${unit}`
    rest -= count * length
  }
  return text
}

/** Writes seconds for people: as {@link formatDuration} does, but 12.5 as `12.5s` and not as `12s500ms`, which it would read back. */
export function durationWords(seconds: number): string {
  const milliseconds = Math.round(seconds * 1000)
  if (!Number.isFinite(seconds) || milliseconds < 1000 || milliseconds % 1000 === 0)
    return formatDuration(seconds)
  const last = milliseconds % 60_000
  const minutes = (milliseconds - last) / 1000
  return `${minutes === 0 ? '' : formatDuration(minutes)}${last / 1000}s`
}
