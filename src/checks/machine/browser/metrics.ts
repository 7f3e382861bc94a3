import { maybe, type ProbeMetric } from '../../metric.ts'

/** What pages have complained about. */
export const browserMetrics: readonly ProbeMetric[] = [
  maybe('probe_browser_console_errors', 'How many errors the pages of the script have logged', ({ result }) =>
    result.browser ? [result.browser.consoleErrors] : [],
  ),
]
