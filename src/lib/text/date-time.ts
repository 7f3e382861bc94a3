/** A moment for a person: `2026-11-20 12:00:00 UTC`. */
export function dateTime(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
