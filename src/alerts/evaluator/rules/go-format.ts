// How the templates of Prometheus write numbers, so that an alert reads the same from wherever it comes.
// Source: https://prometheus.io/docs/prometheus/latest/configuration/template_reference/

/** Go's `%.4g`. */
function fourDigits(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
  if (value === 0) return '0'
  const [digits = '', exponentText = '0'] = value.toExponential(3).split('e')
  const exponent = Number(exponentText)
  const trim = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text)
  if (exponent >= -4 && exponent < 4) return trim(value.toFixed(3 - exponent))
  const size = String(Math.abs(exponent)).padStart(2, '0')
  return `${trim(digits)}e${exponent < 0 ? '-' : '+'}${size}`
}

/** `humanizePercentage` of a ratio. */
export function humanizePercentage(ratio: number): string {
  return `${fourDigits(ratio * 100)}%`
}

const prefixes = ['m', 'u', 'n', 'p', 'f', 'a', 'z', 'y']

/** `humanizeDuration` of seconds, without the zeros at its end: our rules cut them off. */
export function humanizeDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return fourDigits(seconds)
  if (seconds === 0) return '0s'
  if (Math.abs(seconds) < 1) {
    let value = seconds
    let prefix = ''
    for (const smaller of prefixes) {
      if (Math.abs(value) >= 1) break
      prefix = smaller
      value *= 1000
    }
    return `${fourDigits(value)}${prefix}s`
  }
  const sign = seconds < 0 ? '-' : ''
  const whole = Math.trunc(Math.abs(seconds))
  if (whole < 60) return `${sign}${fourDigits(Math.abs(seconds))}s`
  const parts = [
    `${Math.floor(whole / 86_400)}d`,
    `${Math.floor(whole / 3600) % 24}h`,
    `${Math.floor(whole / 60) % 60}m`,
    `${whole % 60}s`,
  ]
  const shown = (part: string): boolean => !part.startsWith('0')
  return sign + parts.slice(parts.findIndex(shown), parts.findLastIndex(shown) + 1).join(' ')
}

/** `urlquery`. */
export function urlQuery(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/%20/g, '+')
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
}
