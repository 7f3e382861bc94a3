import { acceptedIn } from '../lib/http/accept.ts'

/** The formats in which metrics are answered, with their media types. */
export const metricsTypes = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openMetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
} as const

export type MetricsFormat = keyof typeof metricsTypes

/** Who asks for metrics, and how they are to be written. */
export interface MetricsRequest {
  /** Whether Prometheus asks, and not a person. */
  readonly scrape: boolean
  readonly format: MetricsFormat
}

/**
 * OpenMetrics for who names it, and wants the text format of Prometheus no more than it. A program that accepts everything is a browser
 * or curl, and gets what people know.
 *
 * @param accept The header Accept.
 */
export function formatFor(accept: string | undefined): MetricsFormat {
  // What almost everybody sends who asks for a page by hand.
  if (accept === undefined || !accept.includes('openmetrics')) return 'text'
  let [openMetrics, text] = [0, 0]
  for (const { name, parameters, weight } of acceptedIn(accept)) {
    const version = parameters.get('version') ?? '1.0.0'
    if (name === 'application/openmetrics-text' && version === '1.0.0')
      openMetrics = Math.max(openMetrics, weight)
    if (name === 'text/plain') text = Math.max(text, weight)
  }
  return openMetrics > 0 && openMetrics >= text ? 'openMetrics' : 'text'
}
