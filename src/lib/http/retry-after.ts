/**
 * Reads the value of a `Retry-After` header, which is a number of seconds or a date (RFC 9110, section 10.2.3).
 *
 * @param now Milliseconds since 1970.
 * @returns Seconds, never negative; nothing where it is neither.
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? ''
  if (/^\d+$/.test(text)) return Number(text)
  // Every form of a date that HTTP has names its weekday first; Date.parse alone accepts far more.
  if (!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return undefined
  const date = Date.parse(/GMT$/.test(text) ? text : `${text} GMT`)
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000))
}
