import { aCallTarget } from '../../test/calls/support/calls.ts'
import { latency } from './random.ts'

/** Simulated calls: log-normal durations, and arrivals at random moments (a Poisson process). Times are seconds. */

export const scrape = 15
export const halfHour = 1800
export const limit = 1
const sigma = 0.5

export const target = aCallTarget('simulated', { operation: 'simulated' })

/** When the call after the one at `at` is made. */
export function nextArrival(random: () => number, at: number, perMinute: number): number {
  return at - (Math.log(1 - random()) * 60) / perMinute
}

/** @param p95 The 95th percentile, of the limit. */
export function durationOf(random: () => number, p95: number): number {
  return latency(random, (p95 * limit) / Math.exp(1.645 * sigma), sigma)
}
