import { plural } from '../../../../lib/text/text.ts'
import { dayText } from '../../../shared/as-text.ts'
import { percentText } from '../ratios.ts'

/** How good a day was, from the best to the worst, and `none` where nothing was seen. */
export const dayTones = ['up', 'most', 'degraded', 'down', 'none'] as const
export type DayTone = (typeof dayTones)[number]

/** What is said of bars of days, in one language. */
export interface DayWords {
  readonly date: (day: Date, now: Date) => string
  /** @param ratio 0 to 1. */
  readonly share: (ratio: number) => string
  /** All days in a sentence, for who does not see them. */
  readonly summary: (days: number, counts: readonly (readonly [count: number, word: string])[]) => string
  readonly tones: Readonly<Record<DayTone, string>>
}

export const englishDays: DayWords = {
  date: dayText,
  share: percentText,
  summary: (days, counts) =>
    `${plural(days, 'day')}: ${counts.map(([count, word]) => `${count} ${word}`).join(', ')}`,
  tones: {
    up: 'no failure',
    most: 'within the objective',
    degraded: 'below it',
    down: 'far below',
    none: 'unobserved',
  },
}
