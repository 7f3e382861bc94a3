import { burnRates, probity, threeInARow, type Judge } from './simulate/judges.ts'
import { score, type Score } from './simulate/score.ts'
import { days, storyNames, tell } from './simulate/stories.ts'

/**
 * `npm run simulate:alerts [SEEDS] [NAME]`: prints, as the table of docs/alerts.md, how soon Probity and two usual ways to alert notice
 * each kind of trouble, and how often they are wrong. With a part of a story's name, that story alone: 2,434 seeds of the first
 * one are 200 target-years. How far it has come is written to standard error: that many take hours.
 */
const seeds = Number(process.argv[2] ?? 20)
const chosen = storyNames.filter((name) => name.includes(process.argv[3] ?? ''))
const judges: readonly (() => Judge)[] = [probity, threeInARow, burnRates]

const ascending = (a: number, b: number): number => a - b

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort(ascending)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN
}

function seconds(value: number): string {
  if (Number.isNaN(value)) return '-'
  if (value < 600) return `${Math.round(value)} s`
  return value < 86_400 ? `${(value / 3600).toFixed(1)} h` : `${(value / 86_400).toFixed(1)} d`
}

function row(story: string, judge: string, scores: readonly Score[]): string {
  const delays = scores.flatMap((one) => one.delays)
  const troubles = scores.reduce((sum, one) => sum + one.troubles, 0)
  const alarms = scores.reduce((sum, one) => sum + one.trueAlarms, 0)
  const names = [...new Set(scores.flatMap(({ falseAlarms }) => [...falseAlarms.keys()]))].sort()
  const perMonth = names.map((name) => {
    const count = scores.reduce((sum, { falseAlarms }) => sum + (falseAlarms.get(name) ?? 0), 0)
    return `${name} ${(count / scores.length / (days / 30)).toFixed(2)}`
  })
  const noticed =
    troubles === 0
      ? '-'
      : `${delays.length} of ${troubles}: ${seconds(quantile(delays, 0.5))}, ${seconds(quantile(delays, 0.95))}`
  const perTrouble = troubles === 0 ? '-' : (alarms / troubles).toFixed(1)
  return `| ${story} | ${judge} | ${noticed} | ${perTrouble} | ${perMonth.join(', ') || 'none'} |`
}

console.log('| story | judge | noticed: median, 95 % | alerts per trouble | false alerts per month |')
console.log('|---|---|---|---|---|')
for (const name of chosen) {
  for (const begin of judges) {
    const scores: Score[] = []
    for (let seed = 1; seed <= seeds; seed++) {
      scores.push(score(begin(), tell(name, seed)))
      if (seed % 100 === 0 && seed < seeds)
        console.error(`after ${seed} of ${seeds}: ${row(name, begin().name, scores)}`)
    }
    console.log(row(name, begin().name, scores))
  }
}
