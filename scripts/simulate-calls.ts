import { firstAlert, type CallsStory } from './simulate/calls.ts'

/**
 * `npm run simulate:calls [SEEDS]`: prints, as the table of docs/calls.md, how often CallsSlow is wrong in a half hour of healthy
 * calls, and how soon it comes when all calls take three times as long. Durations are log-normal, arrivals a Poisson process.
 */
const seeds = Number(process.argv[2] ?? 200)
const rates = [3, 5, 20, 60, 600, 6000]

function alertsOf(story: CallsStory): number[] {
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
