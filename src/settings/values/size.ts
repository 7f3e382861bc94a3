const units = [
  ['GiB', 2 ** 30],
  ['GB', 1e9],
  ['MiB', 2 ** 20],
  ['MB', 1e6],
  ['KiB', 2 ** 10],
  ['kB', 1e3],
  ['B', 1],
] as const

const bytesPer = new Map<string, number>([...units, ['KB', 1e3]])

/** What a size looks like: `64KiB`, `10MB`. */
export const sizePattern = '[0-9]+(B|kB|KB|KiB|MB|MiB|GB|GiB)'

/**
 * Reads a size: `64KiB` is 65,536 and `10MB` is 10,000,000 bytes.
 *
 * @returns Bytes, or nothing when the text is not a size.
 */
export function parseSize(text: string): number | undefined {
  const groups = /^([0-9]+)([A-Za-z]+)$/.exec(text)
  const unit = bytesPer.get(groups?.[2] ?? '')
  if (unit === undefined) return undefined
  const bytes = Number(groups?.[1]) * unit
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/** Writes bytes with the unit that gives the shortest whole number. */
export function formatSize(bytes: number): string {
  const whole = units.filter(([, length]) => bytes % length === 0 && bytes >= length)
  const [unit, length] = whole.sort((a, b) => b[1] - a[1])[0] ?? ['B', 1]
  return `${bytes / length}${unit}`
}
