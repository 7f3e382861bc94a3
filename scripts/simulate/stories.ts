import { latency, seeded } from './random.ts'

/** What one check finds. */
export interface Outcome {
  readonly success: boolean
  readonly durationSeconds: number
}

/** A stretch of time in which something is wrong, in seconds from the start. */
export interface Trouble {
  readonly from: number
  readonly until: number
}

/** A month in the life of one target. */
export interface Story {
  readonly name: string
  /** What is wrong and when, in order. Empty if every alert is a false one. */
  readonly troubles: readonly Trouble[]
  /** What a check at that time finds. */
  readonly check: (at: number) => Outcome
}

/** Seconds. */
export const interval = 30
export const maxLatency = 1
const minute = 60
const hour = 3600
const day = 86_400
/** Days of one story. */
export const days = 30

/** Lognormal: the 95th percentile is at 0.8 of the limit. */
const sigma = 0.4
const median = (0.8 * maxLatency) / Math.exp(1.645 * sigma)

type Tell = (random: () => number) => Omit<Story, 'name'>

/** Troubles of one length, one per so many days, at a random time of the day. */
function every(random: () => number, eachDays: number, length: number): Trouble[] {
  return Array.from({ length: Math.floor(days / eachDays) }, (_, index) => {
    const from = Math.floor((index + 0.25 + random() / 2) * eachDays * day)
    return { from, until: from + length }
  })
}

const within = (troubles: readonly Trouble[], at: number): boolean =>
  troubles.some(({ from, until }) => at >= from && at < until)

const noisy = (random: () => number, failures = 0.003, middle = median): Outcome => ({
  success: random() >= failures,
  durationSeconds: latency(random, middle, sigma),
})

const tellers: Readonly<Record<string, Tell>> = {
  'healthy, noisy: 0.3 % failures, p95 at 0.8 of the limit': (random) => ({
    troubles: [],
    check: () => noisy(random),
  }),
  '1 % of checks fail, 5 % are allowed': (random) => ({ troubles: [], check: () => noisy(random, 0.01) }),
  'short blips: one failed check, ten a day': (random) => ({
    troubles: [],
    check: () => noisy(random, 10 / (day / interval)),
  }),
  'long outage: 2 h, every 6 days': (random) => {
    const troubles = every(random, 6, 2 * hour)
    return { troubles, check: (at) => noisy(random, within(troubles, at) ? 1 : 0.003) }
  },
  'short outage: 5 min, every 3 days': (random) => {
    const troubles = every(random, 3, 5 * minute)
    return { troubles, check: (at) => noisy(random, within(troubles, at) ? 1 : 0.003) }
  },
  'partial outage: a fifth of the checks fail for 2 h, every 6 days': (random) => {
    const troubles = every(random, 6, 2 * hour)
    return { troubles, check: (at) => noisy(random, within(troubles, at) ? 0.2 : 0.003) }
  },
  'flapping: up and down every 2 min for 1 h, every 6 days': (random) => {
    const troubles = every(random, 6, hour)
    const down = (at: number): boolean => within(troubles, at) && Math.floor(at / (2 * minute)) % 2 === 0
    return { troubles, check: (at) => noisy(random, down(at) ? 1 : 0.003) }
  },
  'slow drift: the median grows to 1.3 of the limit in 10 days, and stays': (random) => {
    const middleAt = (at: number): number =>
      median + (1.3 * maxLatency - median) * Math.min(1, Math.max(0, at / day - 10) / 10)
    const crossing = (10 + (10 * (maxLatency - median)) / (1.3 * maxLatency - median)) * day
    return {
      troubles: [{ from: crossing, until: days * day }],
      check: (at) => noisy(random, 0.003, middleAt(at)),
    }
  },
}

export const storyNames: readonly string[] = Object.keys(tellers)

/** The same story for the same seed. */
export function tell(name: string, seed: number): Story {
  return { name, ...tellers[name]!(seeded(seed)) }
}
