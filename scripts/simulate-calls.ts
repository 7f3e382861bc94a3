import { firstAlert, type CallsStory } from './simulate/calls.ts'
import { canaryAlerts, type CanaryStory, type Found } from './simulate/canary.ts'
import { missingAlerts } from './simulate/missing.ts'

/**
 * `npm run simulate:calls [SEEDS]`: prints, as the tables of docs/calls.md, how often CallsSlow and CanaryWorse are wrong in a half
 * hour of healthy calls, and how soon they come when all calls, or those of a canary with 5% of them, take three times as long; then
 * how often CallsMissing is wrong in 30 days, and how soon it comes when no call comes any more.
 */
const seeds = Number(process.argv[2] ?? 200)
const canarySeeds = Math.min(seeds, 20)
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

function canaries(story: Omit<CanaryStory, 'share'>): Found[] {
  return Array.from({ length: canarySeeds }, (_, seed) => canaryAlerts({ ...story, share: 0.05 }, seed + 1))
}

console.log(`\n| calls a minute | false at 0.95 | false at 0.8 | found | delay |\n|---|---|---|---|---|`)
for (const perMinute of [20, 60, 600, 6000]) {
  const falseAlarms = [0.95, 0.8].map(
    (p95) =>
      canaries({ perMinute, p95, slower: 1 }).filter((one) => Math.min(one.new, one.old) < Infinity).length,
  )
  const delays = canaries({ perMinute, p95: 0.8, slower: 3 })
    .filter((one) => one.old === Infinity)
    .map((one) => one.new)
    .sort((a, b) => a - b)
  const median = (delays[Math.floor(canarySeeds / 2)] ?? NaN) / 60
  console.log(
    `| ${perMinute} | ${falseAlarms.join(' | ')} | ${delays.filter(Number.isFinite).length} | ${median} min |`,
  )
}

console.log(`\n| calls a day | false in ${canarySeeds * 30} days | delay |\n|---|---|---|`)
for (const perDay of [60, 100, 300, 1000, 3000, 10_000, 100_000]) {
  const months = Array.from({ length: canarySeeds }, (_, seed) =>
    missingAlerts({ perDay, days: 30 }, seed + 1),
  )
  const falseAlarms = months.reduce((sum, one) => sum + one.falseAlarms, 0)
  const delays = months.map((one) => one.delay).sort((a, b) => a - b)
  const median = Math.round((delays[Math.floor(canarySeeds / 2)] ?? NaN) / 60)
  console.log(`| ${perDay} | ${falseAlarms} | ${median} min |`)
}
