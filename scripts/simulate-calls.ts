import { CountedCalls } from '../src/alerts/evaluator/calls/counted-calls.ts'
import { callsSlow } from '../src/alerts/evaluator/rules/calls/slow.ts'
import type { CallTarget } from '../src/config/target/calls.ts'
import { latency, seeded } from './simulate/random.ts'

/**
 * `npm run simulate:calls [SEEDS]`: prints, as the table of docs/calls.md, how often CallsSlow is wrong in a half hour of healthy
 * calls, and how soon it comes when all calls take three times as long. Durations are log-normal, arrivals a Poisson process.
 */
const seeds = Number(process.argv[2] ?? 200)
const rates = [3, 5, 20, 60, 600, 6000]

const scrape = 15
const halfHour = 1800
/** Seconds of healthy calls before the time that is judged. */
const before = 300
const sigma = 0.5
const limit = 1

interface Story {
  readonly perMinute: number
  /** The 95th percentile of healthy calls, of the limit. */
  readonly p95: number
  /** By how much all calls take longer, from the beginning of the judged time. */
  readonly slower: number
}

/** @returns Seconds from the beginning of the judged time until the alert; Infinity where there is none. */
function firstAlert({ perMinute, p95, slower }: Story, seed: number): number {
  const random = seeded(seed)
  const median = (p95 * limit) / Math.exp(1.645 * sigma)
  const calls = new CountedCalls()
  const target = { name: 'simulated' } as CallTarget
  let next = 0
  for (let now = scrape; now <= before + halfHour; now += scrape) {
    for (; next < now; next -= (Math.log(1 - random()) * 60) / perMinute) {
      const durationSeconds = latency(random, next < before ? median : median * slower, sigma)
      calls.observe({ durationSeconds, outcome: 'ok' }, durationSeconds > limit, now)
    }
    const windows = calls.scrape(now)
    if (now > before && callsSlow.decide({ target, now, ...windows }, false) !== undefined)
      return now - before
  }
  return Infinity
}

function alertsOf(story: Story): number[] {
  return Array.from({ length: seeds }, (_, seed) => firstAlert(story, seed + 1)).sort((a, b) => a - b)
}

console.log(`| calls a minute | false at 0.95 | false at 0.8 | delay |\n|---|---|---|---|`)
for (const perMinute of rates) {
  const falseAlarms = [0.95, 0.8].map(
    (p95) => alertsOf({ perMinute, p95, slower: 1 }).filter(Number.isFinite).length,
  )
  const delays = alertsOf({ perMinute, p95: 0.8, slower: 3 })
  const median = delays[Math.floor(seeds / 2)] ?? NaN
  console.log(`| ${perMinute} | ${falseAlarms.join(' | ')} | ${median} s |`)
}
