import { WatchedSilence } from '../../src/alerts/evaluator/calls/silence.ts'
import { callsMissing } from '../../src/alerts/evaluator/rules/calls/missing.ts'
import { seeded } from './random.ts'
import { scrape, target } from './traffic.ts'

const day = 86_400
const none = { total: 0, slow: 0, ok: 0, errors: 0 }
const windows = {
  minute: none,
  ninetySeconds: none,
  fiveMinutes: none,
  hour: none,
  details: { p95: () => undefined },
  versions: [],
}

export interface DaysStory {
  /** Calls of a day: in its busiest hour ten times as many as in its quietest. */
  readonly perDay: number
  readonly days: number
}

export interface Missed {
  /** Alerts that began although the calls went on. */
  readonly falseAlarms: number
  /** Seconds from the last call to the alert, where no call comes after the story. */
  readonly delay: number
}

/** Plays days of calls at random moments, more by day than by night, and the end of all calls. */
export function missingAlerts({ perDay, days }: DaysStory, seed: number): Missed {
  const random = seeded(seed)
  const silence = new WatchedSilence()
  const end = days * day
  const busiest = (perDay * 20) / 11
  const begin = random()
  const share = (at: number): number => 0.55 - 0.45 * Math.cos(2 * Math.PI * (at / day + begin))
  const next = (after: number): number => {
    let at = after
    do at -= (Math.log(1 - random()) * day) / busiest
    while (random() >= share(at))
    return at
  }
  const recent: number[] = []
  let falseAlarms = 0
  let firing = false
  let coming = next(0)
  let last = 0
  for (let now = scrape; now < end + 3 * day; now += scrape) {
    for (; coming <= now && coming < end; coming = next(coming)) {
      silence.heardCall(coming)
      recent.push(coming)
      last = coming
    }
    while ((recent[0] ?? now) <= now - 300) recent.shift()
    const seen = silence.evaluate(recent.length, now)
    const view = { ...windows, target, now, ...(seen && { silence: seen }) }
    const fires: boolean = callsMissing.decide(view, firing) !== undefined
    if (fires && now > end) return { falseAlarms, delay: now - last }
    if (fires && !firing) falseAlarms++
    firing = fires
  }
  return { falseAlarms, delay: Infinity }
}
